"""Schemes: what is lost for whom, equal total bitrate, what is left out without a model."""

from itertools import pairwise

import numpy as np
import pytest

from dred_conformance.encoding import Speech, load_encoder_model
from dred_conformance.simulation.channel import arrivals
from dred_conformance.simulation.errors import SimulationError
from dred_conformance.simulation.schemes import CLASSIC, NEURAL, SCHEMES, Sending, chosen_schemes
from dred_conformance.simulation.settings import RunSettings
from dred_conformance.simulation.streams import ClipStreams, Stream
from dred_conformance.simulation.trace import LossTrace
from dred_model import ModelBundle, find_model

STREAM = Stream((b"a", b"b", b"c", b"d"), 4, 960, 312)


def arrived(scheme: str, lost: str, delays: tuple[float, ...] = (0, 0, 0, 0)) -> list[tuple[int, int, bytes]]:
    trace = LossTrace(np.array([mark == "x" for mark in lost]), np.array(delays, dtype=np.float64))
    return [
        (each.arrival_48k, each.timestamp_48k, each.packet)
        for each in arrivals(STREAM, trace, SCHEMES[scheme])
    ]


def test_lost_packets_do_not_arrive() -> None:
    assert arrived("neural", ".xx.") == [(0, 0, b"a"), (2880, 2880, b"d")]


def test_everything_arrives_where_nothing_is_lost() -> None:
    assert [packet for _, _, packet in arrived("clean", "xxxx", (9, 0, 0, 0))] == [b"a", b"b", b"c", b"d"]


def test_a_copy_arrives_with_the_packet_behind() -> None:
    """Lost is only what is lost together with its successor."""
    assert arrived("red", ".xx.") == [(0, 0, b"a"), (2880, 1920, b"c"), (2880, 2880, b"d")]
    assert [packet for _, _, packet in arrived("red", "x.x.")] == [b"a", b"b", b"c", b"d"]


def test_late_packets_come_in_the_order_of_arrival() -> None:
    assert arrived("neural", "...x", (30, 0, 0.25, 0)) == [
        (960, 960, b"b"), (1440, 0, b"a"), (1932, 1920, b"c"),
    ]  # fmt: skip


def test_all_default_schemes_need_what_the_official_model_has(official_model: ModelBundle) -> None:
    chosen, left_out = chosen_schemes(None, official_model)
    assert [scheme.name for scheme in chosen] == [
        "clean",
        "classic",
        "neural",
        "red",
        "lbrr",
        "dred",
        "dred+lbrr",
    ]
    assert left_out == {}
    assert {s.name: s.receiving.concealment for s in chosen}["red"] == NEURAL


def test_without_a_model_schemes_are_left_out_by_name() -> None:
    chosen, left_out = chosen_schemes(None, None)
    assert [scheme.name for scheme in chosen] == ["clean", "classic", "red", "lbrr"]
    assert {scheme.receiving.concealment for scheme in chosen} == {CLASSIC}
    assert sorted(left_out) == ["dred", "dred+lbrr", "neural"]
    assert "plc" in left_out["neural"]
    with pytest.raises(SimulationError, match="L1: the scheme dred needs"):
        chosen_schemes(["clean", "dred"], None)


@pytest.mark.parametrize("names", [["none"], [], ["clean", "clean"]])
def test_unknown_schemes_are_refused(names: list[str]) -> None:
    with pytest.raises(SimulationError, match="L3"):
        chosen_schemes(names, find_model("synthetic-5"))


def test_all_streams_cost_the_same(speech: Speech) -> None:
    """Within 6 % on three seconds: the control needs one to learn what redundancy costs."""
    pytest.importorskip("dred_opus", exc_type=ImportError)
    twice = Speech(np.concatenate([speech.samples, speech.samples]), speech.sampling_rate, speech.file_rate)
    streams = ClipStreams(twice, RunSettings(bitrate=48000), load_encoder_model("synthetic-5-net-enc"))
    rates = {name: streams.stream(scheme.sending, 20).bitrate for name, scheme in SCHEMES.items()}
    assert min(rates.values()) > 0.94 * 48000
    assert max(rates.values()) < 1.06 * 48000


def test_a_stream_is_made_once_for_all_who_send_alike(speech: Speech) -> None:
    pytest.importorskip("dred_opus", exc_type=ImportError)
    streams = ClipStreams(speech, RunSettings(), None)
    plain = streams.stream(Sending(), 20)
    assert streams.stream(SCHEMES["classic"].sending, 20) is plain
    assert streams.stream(Sending(), 10) is not plain
    with pytest.raises(SimulationError, match="L1"):
        streams.stream(SCHEMES["dred"].sending, 20)


def test_a_shared_analysis_gives_the_packets_of_an_analysis_of_its_own(speech: Speech) -> None:
    pytest.importorskip("dred_opus", exc_type=ImportError)
    model = load_encoder_model("synthetic-5-net-enc")
    settings, wanted = RunSettings(bitrate=48000), SCHEMES["dred"].sending
    shared = ClipStreams(speech, settings, model)
    shared.stream(SCHEMES["dred+lbrr"].sending, 30)
    assert (
        shared.stream(wanted, 10).packets == ClipStreams(speech, settings, model).stream(wanted, 10).packets
    )


def test_copies_are_counted_with_their_headers(speech: Speech) -> None:
    pytest.importorskip("dred_opus", exc_type=ImportError)
    stream = ClipStreams(speech, RunSettings(), None).stream(SCHEMES["red"].sending, 20)
    sizes = [len(packet) for packet in stream.packets]
    by_hand = sizes[0] + 1 + sum(own + before + 5 for before, own in pairwise(sizes))
    assert stream.sent_bytes == by_hand
