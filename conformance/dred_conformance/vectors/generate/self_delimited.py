"""Vectors of the self-delimiting variant (RFC 6716 Appendix B)."""

from typing import Any

from dred_conformance.vectors.generate.builder import GroupBuilder
from dred_conformance.vectors.generate.packet_bytes import length_code, padding_lengths, toc
from dred_conformance.vectors.generate.random_source import RandomSource

__all__ = ["self_delimited_group"]

_CLAUSES = ["RFC6716-B-selfdelim", "RFC6716-3-selfdelim"]


def _read(packet: bytes) -> dict[str, Any]:
    return {"op": "packet", "packet": packet.hex(), "self_delimited": True}


def _seen(config: int, code: int, frames: list[bytes], consumed: int, padding: bytes = b"") -> dict[str, Any]:
    return {
        "config": config,
        "stereo": False,
        "code": code,
        "frames": [frame.hex() for frame in frames],
        "padding": padding.hex(),
        "consumed": consumed,
    }


def self_delimited_group(seed: int) -> GroupBuilder:
    """Return the group about reading self-delimited packets; what follows them must be left alone."""
    source = RandomSource(seed, "self-delimited")
    group = GroupBuilder(
        "packet-self-delimited", "packet", "Self-delimited packets, alone and followed by other data."
    )
    for rest in (b"", source.bytes(11)):
        _add_valid(group, source, rest)
    _add_invalid(group)
    return group


def _add_valid(group: GroupBuilder, source: RandomSource, rest: bytes) -> None:
    follows = f", {len(rest)} bytes follow" if rest else ""

    def add(
        what: str, head: bytes, config: int, code: int, frames: list[bytes], padding: bytes = b""
    ) -> None:
        packet = head + b"".join(frames) + padding
        seen = _seen(config, code, frames, len(packet), padding)
        group.valid(what + follows, _CLAUSES, _read(packet + rest), seen, flags=["self-delimited"])

    for size in (0, 3, 251, 252, 1275):
        frame = source.bytes(size)
        add(f"code 0, {size} bytes", toc(4, 0) + length_code(size), 4, 0, [frame])
    for size in (0, 5, 252):
        pair = [source.bytes(size), source.bytes(size)]
        add(f"code 1, 2 x {size} bytes", toc(4, 1) + length_code(size), 4, 1, pair)
    for first, last in ((0, 0), (3, 9), (252, 1), (1, 300)):
        pair = [source.bytes(first), source.bytes(last)]
        head = toc(4, 2) + length_code(first) + length_code(last)
        add(f"code 2, {first} and {last} bytes", head, 4, 2, pair)
    for size in (0, 4, 260):
        three = [source.bytes(size) for _ in range(3)]
        add(f"code 3 CBR, 3 x {size} bytes", toc(8, 3) + b"\x03" + length_code(size), 8, 3, three)
    three = [source.bytes(size) for size in (2, 253, 7)]
    codes = b"".join(length_code(len(frame)) for frame in three)
    add("code 3 VBR", toc(8, 3) + b"\x83" + codes, 8, 3, three)
    padding = source.bytes(260)
    head = toc(8, 3) + b"\xc3" + padding_lengths(len(padding)) + codes
    add("code 3 VBR with padding", head, 8, 3, three, padding)
    single = [source.bytes(6)]
    add("code 3 CBR with padding", toc(8, 3) + b"\x41\x05" + length_code(6), 8, 3, single, source.bytes(5))


def _add_invalid(group: GroupBuilder) -> None:
    def add(what: str, packet: bytes, *rules: str, position: int | None = None) -> None:
        flags = ["self-delimited", "rejection"]
        group.invalid(what, _CLAUSES, _read(packet), *rules, position=position, flags=flags)

    add("no byte at all", b"", "R1", position=0)
    add("code 0, no length", toc(4, 0), "B1", position=1)
    add("code 0, half a length", toc(4, 0) + b"\xff", "B1", position=1)
    add("code 0, length larger than the rest", toc(4, 0) + b"\x05abcd", "B1", position=1)
    add("code 1, no length", toc(4, 1), "B1", position=1)
    add("code 1, one frame fits, two do not", toc(4, 1) + b"\x03abcde", "B2", position=1)
    add("code 2, first length missing", toc(4, 2), "R4", position=1)
    add("code 2, last length missing", toc(4, 2) + b"\x00", "B1", position=2)
    add("code 2, last length larger than the rest", toc(4, 2) + b"\x01\x05abc", "B1", position=2)
    add("code 2, both fit alone, not together", toc(4, 2) + b"\x03\x03abcd", "B3", position=2)
    add("code 3 CBR, two frames fit, three do not", toc(8, 3) + b"\x03\x02abcde", "B2", position=2)
    add("code 3 VBR, last length missing", toc(8, 3) + b"\x82\x00", "B1", position=3)
    add("code 3 VBR, last frame too large for what is left", toc(8, 3) + b"\x82\x02\x02abc", "B3", position=3)
    add("code 3, no frames", toc(8, 3) + b"\x00\x00", "R5", position=1)
    add("code 3, frame count byte missing", toc(8, 3), "R6", "R7", position=1)
    add("code 3, padding larger than the packet", toc(8, 3) + b"\x41\x09\x01a", "R6", "R7")
