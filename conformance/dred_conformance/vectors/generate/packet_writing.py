"""Vectors of the ``packet`` stage: writing, and what a writer must refuse."""

from typing import Any

from dred_conformance.vectors.generate.builder import GroupBuilder
from dred_conformance.vectors.generate.packet_bytes import code3, length_code, padding_lengths, toc
from dred_conformance.vectors.generate.random_source import RandomSource

__all__ = ["packet_write_group"]


def _write(config: int, code: int, frames: list[bytes], **more: Any) -> dict[str, Any]:
    stereo = bool(more.pop("stereo", False))
    written = {
        "op": "packet_write",
        "config": config,
        "stereo": stereo,
        "code": code,
        "frames": [frame.hex() for frame in frames],
    }
    return written | more


def packet_write_group(seed: int) -> GroupBuilder:
    """Return the group about writing packets."""
    source = RandomSource(seed, "packet-write")
    group = GroupBuilder("packet-write", "packet", "Writing packets of every code, and refusals.")
    _add_valid(group, source)
    _add_self_delimited(group, source)
    _add_refusals(group)
    return group


def _add_valid(group: GroupBuilder, source: RandomSource) -> None:
    def add(what: str, clause: str, written: dict[str, Any], packet: bytes) -> None:
        group.valid(what, [clause], written, {"packet": packet.hex()}, flags=["writer"])

    a, b, c = source.bytes(5), source.bytes(5), source.bytes(300)
    add("code 0", "RFC6716-3.2.2-code0", _write(3, 0, [a]), toc(3, 0) + a)
    add(
        "code 0, stereo, empty",
        "RFC6716-3.2.1-zero",
        _write(31, 0, [b""], stereo=True),
        toc(31, 0, stereo=True),
    )
    add("code 1", "RFC6716-3.2.3-code1", _write(3, 1, [a, b]), toc(3, 1) + a + b)
    add("code 2", "RFC6716-3.2.4-code2", _write(3, 2, [a, c]), toc(3, 2) + b"\x05" + a + c)
    add("code 2, long", "RFC6716-3.2.1-length", _write(3, 2, [c, a]), toc(3, 2) + length_code(300) + c + a)
    clause = "RFC6716-3.2.5-code3"
    add("code 3 CBR", clause, _write(8, 3, [a, b, a]), code3(8, [a, b, a]))
    add("code 3 VBR", clause, _write(8, 3, [a, c, b], vbr=True), code3(8, [a, c, b], vbr=True))
    for count in (0, 3, 254, 255, 600):
        padding = source.bytes(count)
        written = _write(8, 3, [a, b], padding=padding.hex())
        add(f"code 3 with {count} bytes of padding", clause, written, code3(8, [a, b], padding=padding))
    written = _write(8, 3, [a, c], vbr=True, padding="00")
    add("code 3 VBR with padding", clause, written, code3(8, [a, c], vbr=True, padding=b"\x00"))


def _add_self_delimited(group: GroupBuilder, source: RandomSource) -> None:
    a, b = source.bytes(4), source.bytes(4)
    c = source.bytes(255)

    def add(what: str, written: dict[str, Any], packet: bytes) -> None:
        flags = ["writer", "self-delimited"]
        group.valid(what, ["RFC6716-B-selfdelim"], written, {"packet": packet.hex()}, flags=flags)

    def write(code: int, frames: list[bytes], **more: Any) -> dict[str, Any]:
        return _write(8, code, frames, self_delimited=True, **more)

    add("self-delimited code 0", write(0, [c]), toc(8, 0) + length_code(255) + c)
    add("self-delimited code 1", write(1, [a, b]), toc(8, 1) + b"\x04" + a + b)
    add("self-delimited code 2", write(2, [c, a]), toc(8, 2) + length_code(255) + b"\x04" + c + a)
    add("self-delimited code 3 CBR", write(3, [a, b]), toc(8, 3) + b"\x02\x04" + a + b)
    head = toc(8, 3) + b"\xc2" + padding_lengths(2) + b"\x04" + length_code(255)
    add(
        "self-delimited code 3 VBR, padded",
        write(3, [a, c], vbr=True, padding="0102"),
        head + a + c + b"\x01\x02",
    )


def _add_refusals(group: GroupBuilder) -> None:
    a, b = b"abc", b"abcd"

    def add(what: str, clause: str, written: dict[str, Any]) -> None:
        group.invalid(what, [clause], written, "W1", flags=["writer", "rejection"])

    add("configuration 32", "RFC6716-3.1-toc", _write(32, 0, [a]))
    add("configuration -1", "RFC6716-3.1-toc", _write(-1, 0, [a]))
    add("code 4", "RFC6716-3.1-toc", _write(1, 4, [a]))
    add("code 0 with two frames", "RFC6716-3.2.2-code0", _write(1, 0, [a, a]))
    add("code 0 with no frame", "RFC6716-3.2.2-code0", _write(1, 0, []))
    add("code 1 with one frame", "RFC6716-3.2.3-code1", _write(1, 1, [a]))
    add("code 1 with unequal frames", "RFC6716-3.2.3-R3", _write(1, 1, [a, b]))
    add("code 2 with three frames", "RFC6716-3.2.4-code2", _write(1, 2, [a, b, a]))
    add("code 3 CBR with unequal frames", "RFC6716-3.2.5-R6", _write(1, 3, [a, b]))
    add("code 3 with no frame", "RFC6716-3.2.5-R5", _write(1, 3, []))
    add("code 3 beyond 120 ms", "RFC6716-3.2.5-R5", _write(3, 3, [a, a, a]))
    add("a frame of 1276 bytes", "RFC6716-3.2.1-R2", _write(1, 0, [bytes(1276)]))
    add("padding with code 0", "RFC6716-3.2.5-code3", _write(1, 0, [a], padding="00"))
    add("padding with code 2", "RFC6716-3.2.5-code3", _write(1, 2, [a, b], padding=""))
