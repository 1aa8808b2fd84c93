"""Real packets with DRED sound in an old decoder exactly as they do without it."""

import random
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import dred_native
from dred_conformance.inputs import open_input

Compare = Callable[..., Any]
pytestmark = [pytest.mark.interop, pytest.mark.clause("EXT-ignored-by-old", "RFC6716-3.2.5-padany")]

# 254 and 255 are where the padding length takes another byte.
AREA_SIZES = (0, 1, 2, 253, 254, 255, 256, 507, 508, 509, 510, 1016)


def packets_of(path: Path) -> list[Any]:
    with open_input(str(path)) as source:
        return list(source.packets)


def test_the_streams_sound_the_same_without_their_extensions(
    interop_streams: list[Path], compare: Compare, strip: Callable[[bytes], bytes]
) -> None:
    assert len(interop_streams) == 22
    streams = packets = samples = with_extensions = shorter = 0
    for path in interop_streams:
        real = [packet.data for packet in packets_of(path)]
        pairs = [(strip(packet), packet) for packet in real]
        shorter += sum(len(plain) < len(packet) for plain, packet in pairs)
        with_extensions += sum(has_extensions(packet) for packet in real)
        for rate, channels in ((48000, 2), (16000, 1)):
            tally = compare(pairs, rate, channels)
            packets += tally.packets
            samples += tally.samples
        streams += 1
    print(f"{streams} streams, {packets} packets in two decoders, {samples} samples;", end=" ")
    print(f"{with_extensions} packets have extensions, {shorter} are shorter without padding")
    assert with_extensions > 1000


def has_extensions(packet: bytes) -> bool:
    parsed = dred_native.parse_packet(packet)
    return bool(dred_native.parse_extensions(parsed["padding"], len(parsed["frames"])))


def test_the_old_decoder_ends_where_the_new_encoder_did(
    interop_streams: list[Path], opus: ModuleType, strip: Callable[[bytes], bytes]
) -> None:
    for path in interop_streams:
        decoder = opus.Decoder(48000, 2)
        for packet in packets_of(path):
            decoder.decode(strip(packet.data))
            assert decoder.final_range == packet.final_range, (path.name, packet.index)


@pytest.mark.parametrize("fill", ["extensions", "noise"])
def test_other_padding_in_real_packets_changes_nothing(
    interop_streams: list[Path], compare: Compare, strip: Callable[[bytes], bytes], fill: str
) -> None:
    source = random.Random(8)
    packets = samples = 0
    for path in interop_streams:
        plain = [strip(packet.data) for packet in packets_of(path)][:200]
        tally = compare([(packet, padded(packet, source, fill)) for packet in plain])
        packets += tally.packets
        samples += tally.samples
    print(f"{fill}: {packets} packets, {samples} samples")
    assert packets > 2000


def padded(packet: bytes, source: random.Random, fill: str) -> bytes:
    parsed = dred_native.parse_packet(packet)
    frames = parsed["frames"]
    area = source.randbytes(source.choice(AREA_SIZES))
    if fill == "extensions":
        extensions = [
            (source.choice((3, 31)), source.randrange(len(frames)), b"x"),
            (source.choice((32, 33, 124, 126, 127)), source.randrange(len(frames)), area),
        ]
        return dred_native.pad_packet(packet, extensions)
    vbr = len({len(frame) for frame in frames}) > 1
    return dred_native.write_packet(parsed["config"], parsed["stereo"], 3, frames, vbr=vbr, padding=area)
