"""Payload cases that were added because a seeded bug got past all others."""

from collections.abc import Mapping
from typing import Any

from dred_conformance.vectors.generate.availability import AvailabilityCases
from dred_conformance.vectors.generate.builder import GroupBuilder
from dred_conformance.vectors.generate.errors import GenerationError
from dred_conformance.vectors.generate.models import VectorModel
from dred_conformance.vectors.generate.packet_bytes import code3
from dred_conformance.vectors.generate.payload_maker import (
    PayloadMaker,
    qualified,
    read,
    read_packet,
    writing,
)
from dred_conformance.vectors.generate.random_source import RandomSource
from dred_conformance.vectors.generate.wires import OLDER

__all__ = ["add_asked_for_payloads"]

_PREFIX_SIZE = 2


def add_asked_for_payloads(
    groups: Mapping[str, GroupBuilder], model: VectorModel, seed: int, ask: Any
) -> None:
    """Append to the groups of the payload stage that belong to a model."""
    source = RandomSource(seed, f"asked-for/payload/{model.name}")
    maker = PayloadMaker(model, ask)
    _add_written(groups[qualified("payload-write", model)], maker, source, ask)
    _add_repeated(groups[qualified("payload-packet", model)], maker, source)
    _add_availability(groups[qualified("payload-packet", model)], maker, source)


def _add_written(group: GroupBuilder, maker: PayloadMaker, source: RandomSource, ask: Any) -> None:
    model = maker.model
    for offset in (-14, -15, -16):
        state = model.random_symbols(source, "state", 6, 2)
        written = writing(model, (6, 1, 15, offset), state, [])
        what = f"offset {offset}, of which the low bits hold at most -15"
        clauses = ["DRED-write-header", "DRED-offset-extra"]
        group.agreed(what, clauses, written, flags=["writer", "boundary"])
    for _ in range(1000):
        state = model.random_symbols(source, "state", 6, 2)
        latents = [model.random_symbols(source, "latent", 6, 2) for _ in range(2)]
        payload = maker.write((6, 0, 15, 3), state, latents)
        decoded = ask(read(model, payload))
        if len(decoded["latents"]) == len(latents) and decoded["tell"] == 8 * (len(payload) - _PREFIX_SIZE):
            break
    else:
        raise GenerationError("no symbols were found that end with the last bit of a byte")
    written = writing(model, (6, 0, 15, 3), state, latents)
    written |= {"max_bytes": len(payload) - _PREFIX_SIZE}
    what = "a budget that is used up to the last bit"
    group.agreed(what, ["DRED-write-budget"], written, flags=["writer", "boundary"])


def _add_repeated(group: GroupBuilder, maker: PayloadMaker, source: RandomSource) -> None:
    model = maker.model
    encoded = maker.random(source, (6, 3, 15, 10), 3, 3)
    older = bytes([126 << 1 | 1, 5]) + OLDER + b"abc"
    packet = code3(9, [source.bytes(5)] * 2, padding=older + b"\x04" + encoded.payload)
    case_input = read_packet(model, packet)
    expected = encoded.expected | {"frame": 1, "offset": encoded.expected["offset"] + 8}
    clauses = ["DRED-locate", "EXT-repeat", "DRED-frame-offset"]
    what = "only the copy of a repeated extension is DRED"
    group.valid(what, clauses, case_input, expected, flags=["repeat", "frame-offset"])


def _add_availability(group: GroupBuilder, maker: PayloadMaker, source: RandomSource) -> None:
    add = AvailabilityCases(group, maker.model, ["boundary"]).add_by_both_rules
    frame = b"abc"
    deep = maker.random(source, (10, 1, 15, 0), 6, 1)
    alone = code3(9, [frame], padding=bytes([126 << 1]) + deep.payload)
    for samples in (0, 1, 480, 481, 1439, 1440, 1920, 1921, 3360, 3361):
        add(f"{samples} samples at 48000 Hz around the steps of 10 ms", alone, 48000, samples)
    for offset in (-1, -3, 1, 3):
        made = maker.random(source, (10, 1, 15, offset), 3, 1)
        packet = code3(9, [frame], padding=bytes([126 << 1]) + made.payload)
        add(f"offset {offset} at 44100 Hz, a part of a sample", packet, 44100, 4410)
    add("the highest sampling rate", alone, 192000, 192000)
    late = maker.random(source, (10, 1, 15, 16), 1, 1)
    area = bytes([3, 2, 126 << 1]) + late.payload
    add("one latent that ends after the packet's start", code3(9, [frame] * 3, padding=area), 48000, 48000)
