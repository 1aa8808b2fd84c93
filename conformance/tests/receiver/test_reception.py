"""Packets with holes to audio, at all rates and durations, with no model at all."""

import itertools

import numpy as np
import pytest

from dred_conformance.receiving import OUTPUT_RATES, ReceiverSettings, ReceivingError, receive
from dred_reference.receiver import Arrival

from .speech_streams import NO_MODEL, arrivals, dred_opus, encoded, largest_jump, received, voice

DURATIONS = (2.5, 5.0, 10.0, 20.0, 40.0, 60.0)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", [16000, 24000, 48000])
@pytest.mark.parametrize("concealment", ["neural", "classic"])
def test_without_loss_the_base_codec_is_heard_bit_by_bit(rate: int, channels: int, concealment: str) -> None:
    packets = encoded(voice(0.4, 48000, channels), 48000, 20.0)
    decoder = dred_opus.Decoder(rate, channels)
    expected = np.concatenate([decoder.decode(packet).reshape(-1, channels) for packet in packets])
    found = received(packets, 20.0, set(), sampling_rate=rate, channels=channels, concealment=concealment)
    np.testing.assert_array_equal(found.samples, expected)


@pytest.mark.parametrize("rate", OUTPUT_RATES)
@pytest.mark.parametrize("duration_ms", DURATIONS)
def test_holes_are_filled_at_every_rate_and_duration(rate: int, duration_ms: float) -> None:
    channels = 2 if rate in {8000, 48000} else 1
    application = "restricted_lowdelay" if duration_ms < 10 else "voip"
    packets = encoded(voice(0.72, 48000, channels), 48000, duration_ms, application, bitrate=64000)
    count = len(packets)
    lost = {index for index in range(count) if count // 3 <= index < count // 3 + max(1, count // 5)}
    lost |= {count - 2}
    settings = {"sampling_rate": rate, "channels": channels}
    clean = received(packets, duration_ms, set(), **settings)
    found = received(packets, duration_ms, lost, **settings)
    assert found.samples.shape == (count * round(duration_ms * rate / 1000), channels)
    assert sum(each.duration_48k for each in found.decisions) == count * round(48 * duration_ms)
    concealed = sum(each.duration_48k for each in found.decisions if each.source == "concealment")
    assert concealed == len(lost) * round(48 * duration_ms)
    first = min(lost) * round(duration_ms * rate / 1000)
    np.testing.assert_array_equal(found.samples[: first - rate // 400], clean.samples[: first - rate // 400])
    assert largest_jump(found.samples) <= 1.1 * largest_jump(clean.samples)
    hole = found.samples[first : first + rate // 50].astype(float)
    before = found.samples[first - rate // 50 : first].astype(float)
    assert np.sqrt(np.mean(hole**2)) > 0.3 * np.sqrt(np.mean(before**2))


def test_in_band_fec_brings_the_lost_packet_back() -> None:
    settings = {"inband_fec": 1, "packet_loss_percent": 40, "bitrate": 48000, "bandwidth": "wb"}
    packets = encoded(voice(0.8, 16000), 16000, 20.0, **settings)
    clean = received(packets, 20.0, set(), sampling_rate=16000).samples[:, 0].astype(float)
    errors = {}
    for lbrr in (True, False):
        found = received(packets, 20.0, {30}, sampling_rate=16000, lbrr=lbrr)
        sources = {each.source for each in found.decisions}
        assert ("lbrr" in sources) == lbrr
        hole = slice(30 * 320, 31 * 320)
        errors[lbrr] = np.sqrt(np.mean((found.samples[hole, 0] - clean[hole]) ** 2))
    assert errors[True] < 0.5 * errors[False]


def test_the_bandwidth_of_a_narrow_stream_does_not_jump_in_a_hole() -> None:
    speech = voice(0.8, 48000) + np.random.default_rng(1).integers(-300, 300, (38400, 1)).astype(np.int16)
    packets = encoded(speech, 48000, 20.0, bandwidth="nb", bitrate=20000)
    found = received(packets, 20.0, set(range(18, 24)), sampling_rate=48000).samples[:, 0].astype(float)
    hole = found[18 * 960 : 24 * 960]
    spectrum = np.abs(np.fft.rfft(hole * np.hanning(len(hole)))) ** 2
    frequencies = np.fft.rfftfreq(len(hole), 1 / 48000)
    assert spectrum[frequencies > 5000].sum() < 1e-3 * spectrum.sum()


def test_a_wide_stream_keeps_a_high_band_in_a_hole() -> None:
    noise = np.random.default_rng(1).standard_normal((38400, 1)) * 1500
    speech = (voice(0.8, 48000) + noise).astype(np.int16)
    packets = encoded(speech, 48000, 20.0, bandwidth="fb", bitrate=96000)
    clean = received(packets, 20.0, set(), sampling_rate=48000).samples[:, 0].astype(float)
    found = received(packets, 20.0, {20, 21}, sampling_rate=48000).samples[:, 0].astype(float)

    def high(signal: np.ndarray) -> float:
        part = signal[20 * 960 : 22 * 960] * np.hanning(2 * 960)
        return float((np.abs(np.fft.rfft(part))[320:600] ** 2).sum())

    assert 0.01 * high(clean) < high(found) < 4 * high(clean)


def test_after_a_hole_the_decoder_goes_on_from_what_was_heard() -> None:
    # The same hole filled by the same speech: only the memory of the decoder differs.
    from dred_conformance.receiving.base_codec import BaseCodec  # noqa: PLC0415
    from dred_reference.packet import parse_packet  # noqa: PLC0415

    packets = encoded(voice(1.0, 16000), 16000, 20.0, bandwidth="wb", bitrate=20000)
    whole = BaseCodec(16000, 1)
    clean = np.concatenate([whole.regular(packet) for packet in packets])
    errors = []
    for is_told in (False, True):
        codec = BaseCodec(16000, 1)
        for packet in packets[:25]:
            codec.regular(packet)
        if is_told:
            past = clean[30 * 320 - codec.carried.past : 30 * 320]
            future = clean[30 * 320 : 31 * 320]
            codec.refresh(past, future, 5 * 320, parse_packet(packets[24]))
        else:
            codec.conceal(5 * 960)
        errors.append(np.sqrt(np.mean((codec.regular(packets[30]) - clean[30 * 320 : 31 * 320]) ** 2)))
    assert errors[1] < 0.5 * errors[0]


def test_late_packets_are_not_waited_for_beyond_the_delay() -> None:
    packets = encoded(voice(0.6, 16000), 16000, 20.0)
    coming = arrivals(packets, 960)
    coming[10] = Arrival(9600, 9600 + 48 * 30, packets[10])
    coming.sort(key=lambda each: each.arrival_48k)
    settings = ReceiverSettings(sampling_rate=16000, delay_ms=29.0)
    found = receive(coming, 960 * len(packets), settings, None)
    assert [each.start_48k for each in found.decisions if each.source != "regular"] == [9600, 10080]
    waited = receive(coming, 960 * len(packets), ReceiverSettings(sampling_rate=16000, delay_ms=30.0), None)
    assert {each.source for each in waited.decisions} == {"regular"}


def test_a_stream_of_nothing_is_silence() -> None:
    for concealment in ("neural", "classic"):
        settings = ReceiverSettings(sampling_rate=16000, concealment=concealment)
        found = receive([], 48000, settings, NO_MODEL)
        assert found.samples.shape == (16000, 1)
        assert np.abs(found.samples).max() < 33


@pytest.mark.parametrize(
    "wrong",
    [
        {"sampling_rate": 44100}, {"channels": 3}, {"concealment": "magic"}, {"delay_ms": -1.0},
        {"delay_ms": float("nan")},
    ],
)  # fmt: skip
def test_settings_out_of_range(wrong: dict[str, object]) -> None:
    with pytest.raises(ReceivingError, match="S4"):
        ReceiverSettings(**wrong)  # type: ignore[arg-type]


def test_durations_and_wire_profiles_out_of_range() -> None:
    for duration, wire in ((-1, "draft-32"), (10 * 3600 * 48000 + 1, "draft-32"), (960, "experimental-10")):
        with pytest.raises(ReceivingError, match="S4"):
            receive([], duration, ReceiverSettings(wire=wire), None)


def test_memory_and_time_do_not_grow_with_a_hole() -> None:
    # A hole of an hour in pieces: no piece is longer than a packet and the fade after it.
    from dred_conformance.receiving import receive_pieces  # noqa: PLC0415

    packets = encoded(voice(0.1, 16000), 16000, 20.0)
    settings = ReceiverSettings(sampling_rate=16000)
    pieces = receive_pieces(arrivals(packets, 960), 3600 * 48000, settings, NO_MODEL, lambda _: None)
    assert max(len(piece) for piece in itertools.islice(pieces, 300)) <= 640
