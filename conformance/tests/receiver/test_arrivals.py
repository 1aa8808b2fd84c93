"""When packets of files come in: time stamps of RTP, positions of Ogg, traces."""

import random
from pathlib import Path

import numpy as np
import pytest

from dred_conformance.inputs import InputError
from dred_conformance.receiving import ReceivingError
from dred_conformance.receiving.arrivals import read_timed_stream
from dred_conformance.simulation.trace import LossTrace

from .packet_files import RtpEntry, write_bit, write_capture, write_ogg

FRAME = 960
MONO = bytes([0x78, 1, 2, 3])  # hybrid, 20 ms
STEREO = bytes([0x7C, 1, 2, 3])
LONG = bytes([0x7B, 3, *range(30)])  # three frames


def payload(index: int) -> bytes:
    return bytes([0x78, index, 2, 3])


def capture(count: int, first_sequence: int = 0, first_timestamp: int = 0) -> list[RtpEntry]:
    return [
        (first_sequence + index, first_timestamp + FRAME * index, 20.0 * index, payload(index))
        for index in range(count)
    ]


def test_packet_follows_packet_where_the_file_has_no_clock(tmp_path: Path) -> None:
    stream = read_timed_stream(str(write_bit(tmp_path / "a.bit", [MONO, LONG, b"", MONO])))
    assert [each.timestamp_48k for each in stream.arrivals] == [0, 960, 960 + 2 * 2880]
    assert [each.arrival_48k for each in stream.arrivals] == [0, 960, 960 + 2 * 2880]
    assert (stream.duration_48k, stream.skip_48k) == (960 + 2 * 2880 + 960, 0)
    assert (stream.sent, stream.lost, stream.malformed, stream.channels) == (4, 1, 0, 1)


def test_channels_do_not_depend_on_what_is_lost(tmp_path: Path) -> None:
    path = write_bit(tmp_path / "a.bit", [MONO, STEREO, MONO])
    lost = LossTrace.of_losses(np.array([False, True, False]))
    assert read_timed_stream(str(path), trace=lost).channels == 2


def test_what_is_no_packet_is_told_and_says_nothing_of_channels(tmp_path: Path) -> None:
    stream = read_timed_stream(str(write_bit(tmp_path / "a.bit", [MONO, bytes([0x7F]), MONO])))
    assert (stream.malformed, stream.lost, stream.channels, stream.duration_48k) == (1, 0, 1, 3 * FRAME)


@pytest.mark.parametrize("first_timestamp", [0, 12345, (1 << 32) - 5 * FRAME, (1 << 31) - 3 * FRAME - 1])
def test_timestamps_of_rtp_begin_anew_at_2_to_the_32(tmp_path: Path, first_timestamp: int) -> None:
    entries = capture(20, 65530, first_timestamp)
    del entries[8:11]
    stream = read_timed_stream(str(write_capture(tmp_path / "a.pcap", entries)))
    expected = [FRAME * index for index in range(20) if not 8 <= index < 11]
    assert [each.timestamp_48k for each in stream.arrivals] == expected
    assert [each.arrival_48k for each in stream.arrivals] == expected
    assert (stream.sent, stream.lost, stream.duration_48k) == (20, 3, 20 * FRAME)


def test_arrivals_are_those_of_the_capture(tmp_path: Path) -> None:
    entries = [(s, t, time + 70.0 * (s % 5 == 2), data) for s, t, time, data in capture(20, 6, 3)]
    entries.sort(key=lambda entry: entry[2])
    stream = read_timed_stream(str(write_capture(tmp_path / "a.pcap", entries)))
    found = {each.timestamp_48k: each.arrival_48k for each in stream.arrivals}
    assert found == {FRAME * k: FRAME * k + 48 * 70 * ((k + 6) % 5 == 2) for k in range(20)}
    assert [each.arrival_48k for each in stream.arrivals] == sorted(found.values())
    assert all(each.packet == payload(each.timestamp_48k // FRAME) for each in stream.arrivals)


def test_the_first_packet_of_a_capture_may_have_overtaken_others(tmp_path: Path) -> None:
    entries = capture(10)
    entries = [entries[2], entries[0], entries[1], *entries[3:]]
    entries = [(s, t, 20.0 * place, data) for place, (s, t, _, data) in enumerate(entries)]
    stream = read_timed_stream(str(write_capture(tmp_path / "a.pcap", entries)))
    assert [each.timestamp_48k // FRAME for each in stream.arrivals] == [2, 0, 1, *range(3, 10)]
    assert stream.duration_48k == 10 * FRAME


def test_silence_without_packets_is_kept_and_gaps_do_not_make_the_end_later(tmp_path: Path) -> None:
    long = bytes([0x7B, 6, *range(60)])  # 120 ms
    entries = [(0, 0, 0.0, long), (1, 48000, 1000.0, MONO), (90, 48960, 1020.0, MONO)]
    stream = read_timed_stream(str(write_capture(tmp_path / "a.pcap", entries)))
    assert [each.timestamp_48k for each in stream.arrivals] == [0, 48000, 48960]
    assert (stream.sent, stream.lost, stream.duration_48k) == (91, 88, 48960 + FRAME)


def test_losses_and_delays_of_a_trace_are_added(tmp_path: Path) -> None:
    path = write_capture(tmp_path / "a.pcap", capture(7))
    trace = LossTrace(np.array([False, True, False]), np.array([0.0, 0.0, 35.0]))
    stream = read_timed_stream(str(path), trace=trace)  # it begins anew: 1 and 4 are lost, 2 and 5 are late
    assert [(each.timestamp_48k // FRAME, each.arrival_48k) for each in stream.arrivals] == [
        (0, 0), (3, 3 * FRAME), (2, 2 * FRAME + 1680), (6, 6 * FRAME), (5, 5 * FRAME + 1680),
    ]  # fmt: skip
    assert (stream.sent, stream.lost) == (7, 2)


def test_ogg_has_a_pre_skip_and_an_end(tmp_path: Path) -> None:
    packets = [(payload(index), FRAME * (index + 1)) for index in range(9)] + [(payload(9), 9 * FRAME + 100)]
    stream = read_timed_stream(str(write_ogg(tmp_path / "a.opus", packets, 312, channels=2)))
    assert [each.timestamp_48k for each in stream.arrivals] == [FRAME * index for index in range(10)]
    assert (stream.skip_48k, stream.duration_48k, stream.channels) == (312, 9 * FRAME + 100, 2)


def test_ogg_that_was_recorded_from_the_middle_begins_at_once(tmp_path: Path) -> None:
    late = 3600 * 48000
    packets = [(payload(index), late + FRAME * (index + 1)) for index in range(70)]
    stream = read_timed_stream(str(write_ogg(tmp_path / "a.opus", packets, 312)))
    assert [each.timestamp_48k for each in stream.arrivals] == [FRAME * index for index in range(70)]
    assert stream.duration_48k == 70 * FRAME


def test_several_streams_in_an_ogg_file_are_refused(tmp_path: Path) -> None:
    first = write_ogg(tmp_path / "a.opus", [(MONO, FRAME)], 0).read_bytes()
    path = tmp_path / "b.opus"
    path.write_bytes(first + first)
    with pytest.raises(InputError, match="I5"):
        read_timed_stream(str(path))


def test_files_without_packets_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.bit"
    path.write_bytes(b"")
    with pytest.raises((ReceivingError, InputError)):
        read_timed_stream(str(path))


def test_any_timestamps_give_a_stream(tmp_path: Path) -> None:
    generator = random.Random(3)
    for _ in range(10):
        entries = [
            (k, generator.randrange(1 << 32), generator.random() * 1000, payload(k)) for k in range(12)
        ]
        stream = read_timed_stream(str(write_capture(tmp_path / "a.pcap", entries)))
        assert len(stream.arrivals) == 12
        assert stream.duration_48k > 0
