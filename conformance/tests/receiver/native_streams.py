"""Packets whose redundancy is known, and a short form of the native core's decisions."""

from collections.abc import Iterable
from typing import Any

import numpy as np

import dred_native

WIRE = "draft-32"
Decision = tuple[int, int, str, int | None, int | None]
Arrival = tuple[int, int, bytes]

SILK_20 = 9  # wide band
SILK_40 = 10
SILK_60 = 11
HYBRID_20 = 15
CELT_2P5 = 28
CELT_20 = 31
LBRR = b"\x40\x00"  # of a frame of 20 ms


def even_model() -> dred_native.Model:
    """Return a model in which every latent (5, 5) costs more than a byte."""
    entries = [(2, (128, 0, 100, 128)), (3, (128, 0, 100, 128))]
    tables = [np.full((16, size), value, np.uint8) for size, values in entries for value in values]
    return dred_native.Model("even", 2, 3, *tables)


MODEL = even_model()


def payload(offset: int, latents: int) -> bytes:
    """Return a payload that decodes to exactly so many latents."""
    rows = [[5, 5]] * latents
    written = dred_native.encode_payload(6, 0, 15, offset, [5, 5, 5], rows, WIRE, MODEL)["payload"]
    found = dred_native.decode_payload(written, WIRE, MODEL)
    assert (found["offset"], found["latents"]) == (offset, rows)
    return written


def packet(
    config: int = SILK_20,
    dred: tuple[int, int] | None = None,
    *,
    frame: bytes = b"\x00\x00",
    count: int = 1,
    stereo: bool = False,
    dred_frame: int = 0,
) -> bytes:
    """Return a packet of equal frames, with DRED of an offset and a number of latents."""
    plain = dred_native.write_packet(config, stereo, 3, [frame] * count)
    if dred is None:
        return plain
    return dred_native.pad_packet(plain, [(32, dred_frame, payload(*dred))])


def decide(arrivals: Iterable[Arrival], duration: int, **settings: Any) -> list[Decision]:
    """Return the decisions, after looking whether they follow one another."""
    decisions = dred_native.receiver_decisions(list(arrivals), duration, WIRE, MODEL, **settings)
    cursor = 0
    for start, length, *_ in decisions:
        assert start == cursor
        assert length > 0
        cursor += length
    assert cursor == duration
    return decisions
