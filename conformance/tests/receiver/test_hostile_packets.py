"""Packets that nobody should send: never a crash, and what is heard stays continuous."""

import random

import numpy as np
import pytest

from dred_conformance.receiving import OUTPUT_RATES, ReceiverSettings, receive
from dred_reference.receiver import Arrival

from .speech_streams import arrivals, encoded, voice

FRAME = 960


@pytest.fixture(scope="module")
def packets() -> list[bytes]:
    return encoded(voice(1.2, 48000), 48000, 20.0, bitrate=32000)


def damaged(generator: random.Random, packet: bytes) -> bytes:
    kind = generator.randrange(6)
    if kind == 0:
        return packet[: generator.randrange(len(packet) + 1)]
    if kind == 1:
        return bytes(generator.randrange(256) for _ in range(generator.randrange(60)))
    if kind == 2:
        return bytes([generator.randrange(256)]) + packet[1:]
    if kind == 3:
        return packet + bytes(generator.randrange(300))
    changed = bytearray(packet)
    for _ in range(generator.randrange(1, 8)):
        changed[generator.randrange(len(changed))] ^= 1 << generator.randrange(8)
    return bytes(changed)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("rate", [16000, 48000])
def test_damaged_reordered_repeated_and_late_packets(seed: int, rate: int, packets: list[bytes]) -> None:
    generator = random.Random(seed)
    coming: list[Arrival] = []
    for each in arrivals(packets, FRAME):
        if generator.random() < 0.3:
            continue
        packet = damaged(generator, each.packet) if generator.random() < 0.4 else each.packet
        late = generator.choice((0, 0, 500, 5000, 40000))
        time = each.timestamp_48k + generator.choice((0, 0, 0, 120, 1, -7))
        coming.extend([Arrival(time, time + late, packet)] * generator.choice((1, 1, 2)))
    coming.sort(key=lambda each: each.arrival_48k)
    duration = FRAME * len(packets)
    delay = generator.choice((None, 0.0, 40.0))
    channels = generator.choice((1, 2))
    found = receive(coming, duration, ReceiverSettings(rate, channels, delay_ms=delay), None)
    assert sum(each.duration_48k for each in found.decisions) == duration
    assert len(found.samples) == duration * rate // 48000


@pytest.mark.parametrize("concealment", ["neural", "classic"])
@pytest.mark.parametrize("rate", OUTPUT_RATES)
def test_pieces_that_begin_anywhere_add_up(rate: int, concealment: str, packets: list[bytes]) -> None:
    # Timestamps of RTP may be any: holes of 1 sample, and of none at the rate of the output.
    generator = random.Random(rate)
    time, coming = 0, []
    for packet in packets[:12]:
        time += FRAME + generator.choice((0, 0, 1, 2, 7, 119, 121, 500, 961))
        coming.append(Arrival(time, time, packet))
    duration = time + FRAME + 5
    settings = ReceiverSettings(rate, concealment=concealment)  # type: ignore[arg-type]
    found = receive(coming, duration, settings, None)
    assert sum(each.duration_48k for each in found.decisions) == duration
    assert len(found.samples) == duration * rate // 48000


def test_reordered_and_repeated_packets_are_heard_as_if_they_had_come_in_order(packets: list[bytes]) -> None:
    in_order = arrivals(packets, FRAME)
    generator = random.Random(5)
    mixed = [*in_order, *generator.sample(in_order, 20)]
    generator.shuffle(mixed)
    settings = ReceiverSettings(sampling_rate=16000)
    expected = receive(in_order, FRAME * len(packets), settings, None)
    found = receive(mixed, FRAME * len(packets), settings, None)
    np.testing.assert_array_equal(found.samples, expected.samples)


def test_damaged_redundancy_is_heard_as_speech_of_limited_size(packets: list[bytes]) -> None:
    # DRED is never an error: whatever its bits say is decoded and spoken.
    import dred_native  # noqa: PLC0415
    from dred_conformance.receiving import ReceiverModel  # noqa: PLC0415
    from dred_model import require_model  # noqa: PLC0415

    model = ReceiverModel.of(require_model("synthetic-5-7x9-net40x24x16x32"))
    generator = random.Random(2)
    sources = set()
    for _ in range(8):
        payload = bytes(generator.randrange(256) for _ in range(80))
        coming = arrivals(packets, FRAME, set(range(20, 30)))
        (after,) = [index for index, each in enumerate(coming) if each.timestamp_48k == 30 * FRAME]
        padded = dred_native.pad_packet(coming[after].packet, [(32, 0, payload)])
        coming[after] = Arrival(30 * FRAME, 30 * FRAME, padded)
        settings = ReceiverSettings(sampling_rate=16000, wire="draft-32")
        found = receive(coming, FRAME * len(packets), settings, model)
        sources |= {each.source for each in found.decisions}
        assert found.samples.shape == (len(packets) * 320, 1)
    assert "dred" in sources
