"""Streams of every rate, duration and mode: readable everywhere, the base codec's audio untouched."""

from functools import lru_cache

import numpy as np
import pytest

import dred_native
from dred_conformance.differential.built_payloads import native_model
from dred_conformance.encoding import strip_dred
from dred_conformance.encoding.model import encoder_model
from dred_conformance.inputs.ogg_streams import packet_samples
from dred_model import require_model
from dred_reference.location import broken_placement_rules, find_dred
from dred_reference.packet import parse_packet
from dred_reference.payload import decode_payload
from dred_reference.wire import WIRE_PROFILES

RATES = (8000, 12000, 16000, 24000, 48000)
DURATIONS = (2.5, 5.0, 10.0, 20.0, 40.0, 60.0, 80.0, 100.0, 120.0)
WIRE = WIRE_PROFILES["experimental-12"]


@lru_cache
def native_of(name: str) -> dred_native.Model:
    return native_model(require_model(name))


def check(opus, model, packets, rate: int, channels: int, wire=WIRE, rule: str = "ours") -> int:
    """Check every packet; return how many carry DRED. The deployed rule loses last latents."""
    native = native_of(model.name)
    plain, full = opus.Decoder(rate, channels), opus.Decoder(rate, channels)
    count = 0
    for made in packets:
        bare = strip_dred(made.data)
        expected = plain.decode(bare)
        assert full.decode(made.data).tobytes() == expected.tobytes()
        assert full.final_range == plain.final_range == made.final_range
        assert parse_packet(bare).frames == parse_packet(made.data).frames
        assert broken_placement_rules(made.data, wire) == ()
        assert [bytes(frame) for frame in dred_native.parse_packet(made.data)["frames"]] == list(
            parse_packet(made.data).frames
        )
        found = find_dred(made.data, wire)
        assert (found is None) == (made.redundancy is None)
        if found is not None:
            read = decode_payload(found.payload, wire, model.tables)
            assert read.offset == made.redundancy.offset
            assert rule == "deployed" or len(read.latents) == made.redundancy.latents
            assert dred_native.decode_payload(found.payload, wire.name, native)["latents"] == [
                list(latent) for latent in read.latents
            ]
            both = min(len(read.latents), made.redundancy.latents)
            assert read.latents[:both] == made.redundancy.latent_symbols[:both]
            count += 1
    return count


@pytest.mark.parametrize("duration", DURATIONS)
@pytest.mark.parametrize("channels", [1, 2])
def test_durations_and_channels(encode, opus, model, speech, duration: float, channels: int) -> None:
    bitrate = 64000 if duration >= 10 else 300000  # DRED in every packet of 2.5 ms is dear
    _, packets = encode(
        speech(0.3, 48000, channels), 48000, bitrate, duration_ms=duration, application="audio"
    )
    assert all(packet_samples(made.data) == 48 * duration for made in packets)
    # the first packets have no history, and small ones not always room
    assert check(opus, model, packets, 48000, channels) >= len(packets) / 2


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("application", ["voip", "lowdelay"])
@pytest.mark.parametrize("rule", ["ours", "deployed"])
def test_rates_and_applications(encode, opus, model, speech, rate: int, application: str, rule: str) -> None:
    _, packets = encode(speech(0.3, rate), rate, 40000, application=application, rule=rule)
    assert check(opus, model, packets, rate, 1, rule=rule) > len(packets) / 2


@pytest.mark.parametrize("duration", [2.5, 20.0, 60.0, 120.0])
@pytest.mark.parametrize("rule", ["ours", "deployed"])
def test_a_constant_bitrate_is_constant(encode, opus, model, speech, duration: float, rule: str) -> None:
    bitrate = 64000 if duration >= 10 else 300000
    _, packets = encode(speech(0.3, 16000), 16000, bitrate, duration_ms=duration, mode="cbr", rule=rule)
    assert {len(made.data) for made in packets} == {round(bitrate * duration / 8000)}
    assert all(made.filling_bytes >= 0 for made in packets if made.redundancy is not None)
    assert check(opus, model, packets, 16000, 1, rule=rule) > len(packets) / 3


@pytest.mark.parametrize("wire", ["experimental-12", "draft-32"])
@pytest.mark.parametrize("fec", [False, True])
def test_wire_profiles_and_in_band_fec(encode, opus, model, speech, wire: str, fec: bool) -> None:
    _, packets = encode(speech(0.4, 16000), 16000, 40000, wire=wire, fec=fec)
    assert check(opus, model, packets, 16000, 1, WIRE_PROFILES[wire]) > 10


def test_discontinuous_transmission_has_small_packets_without_dred(encode, opus, model, speech) -> None:
    samples = np.concatenate([speech(0.3, 16000), np.zeros((16000, 1), np.float32)])
    _, packets = encode(samples, 16000, 32000, dtx=True)
    small = [made for made in packets if len(made.data) <= 2]
    assert len(small) > 10
    assert all(made.redundancy is None for made in small)
    assert check(opus, model, packets, 16000, 1) > 5


@pytest.mark.parametrize(("rate", "application"), [(48000, "audio"), (16000, "voip"), (8000, "lowdelay")])
def test_a_click_at_the_very_end_is_heard_at_the_very_end(encode, opus, rate: int, application: str) -> None:
    samples = np.zeros((round(0.3 * rate) + 37, 1), np.float32)
    click = len(samples) - rate // 1000  # 1 ms before the end
    samples[click] = 0.9
    encoder, packets = encode(samples, rate, 64000, application=application)
    decoder = opus.Decoder(rate, 1)
    decoded = np.concatenate([decoder.decode_float(made.data) for made in packets])
    skip = encoder.pre_skip * rate // 48000
    kept = decoded[skip : encoder.granule_end * rate // 48000]
    assert len(kept) == len(samples)
    assert abs(int(np.argmax(np.abs(kept))) - click) <= 2 + rate // 16000
    assert np.abs(kept).max() > 0.05


@pytest.mark.parametrize("bytes_asked", [12, 60])
def test_a_fixed_number_of_bytes_is_the_most_that_is_written(encode, speech, bytes_asked: int) -> None:
    _, packets = encode(speech(0.6, 16000), 16000, 120000, data_bytes=bytes_asked)
    sizes = [len(made.redundancy.data) for made in packets if made.redundancy is not None]
    assert max(sizes, default=0) <= bytes_asked
    if bytes_asked > 12:
        assert max(sizes) > 0.8 * bytes_asked


def test_no_redundancy_and_no_loss_mean_no_dred(encode, speech) -> None:
    _, packets = encode(speech(0.3, 16000), 16000, redundancy_ms=0)
    assert all(made.redundancy is None for made in packets)


def test_more_redundancy_does_not_change_the_base_codec_of_a_constant_bitrate(encode, speech) -> None:
    samples = speech(0.5, 16000)
    few, many = (
        encode(samples, 16000, 64000, mode="cbr", data_bytes=60, redundancy_ms=wanted)[1]
        for wanted in (80, 1000)
    )
    assert [strip_dred(made.data) for made in few] == [strip_dred(made.data) for made in many]
    assert max(made.redundancy.latents for made in few if made.redundancy) == 2
    assert max(made.redundancy.latents for made in many if made.redundancy) > 2


@pytest.mark.official_model
@pytest.mark.parametrize(
    ("rate", "channels", "settings"),
    [
        (48000, 2, {"duration_ms": 20.0, "application": "audio"}),
        (16000, 1, {"duration_ms": 60.0, "mode": "cbr"}),
        (8000, 1, {"duration_ms": 10.0, "fec": True}),
    ],
    ids=["stereo", "CBR of 60 ms", "LBRR of 10 ms"],
)
def test_with_the_official_model(encode, opus, official_model, speech, rate: int, channels, settings) -> None:
    model = encoder_model(official_model)
    _, packets = encode(speech(0.4, rate, channels), rate, 72000, of=model, **settings)
    assert check(opus, model, packets, rate, channels) > len(packets) / 2
