"""Payload cases of experiments that share an extension number: each decoder must find its own DRED alone."""

from collections.abc import Sequence
from typing import Any

from dred_conformance.vectors.generate.availability import AvailabilityCases
from dred_conformance.vectors.generate.builder import GroupBuilder
from dred_conformance.vectors.generate.extension_bytes import DRED_ID, long_counted, long_rest, separator
from dred_conformance.vectors.generate.packet_bytes import code3
from dred_conformance.vectors.generate.payload_maker import Encoded, PayloadMaker, marks, read, read_packet
from dred_conformance.vectors.generate.random_source import RandomSource
from dred_conformance.vectors.generate.wires import BUNDLED, DRAFT, EXPERIMENTAL, OLDER, PREFIXES

__all__ = ["add_other_versions", "add_side_by_side"]

_DRAFT_ID = 32
_FRAME_UNITS = 8  # 20 ms in units of 2.5 ms


def add_other_versions(group: GroupBuilder, maker: PayloadMaker, source: RandomSource) -> None:
    """Add payloads of one experiment that are put to a decoder of another."""
    model = maker.model
    own = maker.random(source, (6, 3, 15, 4), 3, 3)
    data = own.payload[len(model.prefix) :]
    for wire, other in ((BUNDLED, EXPERIMENTAL), (EXPERIMENTAL, BUNDLED)):
        request = read(model, PREFIXES[other] + data, wire)
        what = f"symbols marked as {other}, read as {wire}"
        group.invalid(what, ["DRED-version", "DRED-locate"], request, "D2", position=0)
    what = "the same symbols marked as experimental-12, read as such"
    group.valid(
        what,
        ["DRED-version"],
        read(model, PREFIXES[EXPERIMENTAL] + data, EXPERIMENTAL),
        own.expected,
        flags=marks(model),
    )
    what = "a prefix is data where the wire profile has none"
    group.agreed(
        what, ["DRED-version", "DRED-stop"], read(model, own.payload, DRAFT), flags=marks(model, "corrupt")
    )
    what = "a prefix and nothing behind it"
    request = read(model, PREFIXES[BUNDLED], EXPERIMENTAL)
    group.invalid(what, ["DRED-locate"], request, "D1")


def add_side_by_side(group: GroupBuilder, maker: PayloadMaker, source: RandomSource) -> None:
    """Add packets that carry DRED of several experiments, read as each of them."""
    model, frame = maker.model, source.bytes(7)
    own = maker.random(source, (6, 3, 15, 10), 3, 3)
    deployed = maker.random(source, (9, 1, 14, 5), 2, 2, wire=EXPERIMENTAL)
    drafted = maker.random(source, (4, 2, 12, 7), 2, 2, wire=DRAFT)

    def add(what: str, frames: int, area: bytes, found: Sequence[tuple[str, Encoded | None, int]]) -> bytes:
        packet = code3(9, [frame] * frames, padding=area)
        for wire, made, frame_index in found:
            expected = None if made is None else _at(made, frame_index)
            clauses = ["DRED-locate", "DRED-version", "DRED-locate-first"]
            flags = marks(model, *(["frame-offset"] if made is not None and frame_index else []))
            group.valid(
                f"{what}, read as {wire}", clauses, read_packet(model, packet, wire), expected, flags=flags
            )
        return packet

    first, second = long_counted(DRED_ID, own.payload), long_counted(DRED_ID, deployed.payload)
    both = [(BUNDLED, own, 0), (EXPERIMENTAL, deployed, 0)]
    packet = add("bundled-1 before experimental-12", 1, first + second, both)
    add("experimental-12 before bundled-1", 1, second + first, both)
    apart = [(BUNDLED, own, 1), (EXPERIMENTAL, deployed, 0)]
    add("experimental-12 on the first frame, bundled-1 on the second", 2, second + separator() + first, apart)
    apart = [(BUNDLED, own, 0), (EXPERIMENTAL, deployed, 1)]
    add("bundled-1 on the first frame, experimental-12 on the second", 2, first + separator() + second, apart)
    repeated = second + b"\x04" + own.payload
    apart = [(BUNDLED, own, 1), (EXPERIMENTAL, deployed, 0)]
    add("experimental-12 repeated as bundled-1", 2, repeated, apart)
    last = long_rest(_DRAFT_ID, drafted.payload)
    add("two experiments and the draft's number", 1, second + first + last, [*both, (DRAFT, drafted, 0)])
    add("only experimental-12", 1, second, [(BUNDLED, None, 0), (EXPERIMENTAL, deployed, 0)])
    add("only bundled-1", 1, first, [(EXPERIMENTAL, None, 0), (DRAFT, None, 0)])
    empty = long_counted(DRED_ID, PREFIXES[BUNDLED])
    add("bundled-1 without data before experimental-12", 1, empty + second, [(BUNDLED, None, 0)])
    older = long_counted(DRED_ID, OLDER + b"abc")
    add("libopus 1.5 before both", 1, older + second + first, both)
    cases = AvailabilityCases(group, model, marks(model))
    cases.add_by_both_rules("two experiments in a packet", packet, 48000, 48000, "DRED-version")


def _at(made: Encoded, frame_index: int) -> dict[str, Any]:
    offset = made.expected["offset"] + _FRAME_UNITS * frame_index
    return made.expected | {"frame": frame_index, "offset": offset}
