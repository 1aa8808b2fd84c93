"""Vectors of the ``extension`` stage: writing areas, and putting them into packets."""

from typing import Any

from dred_conformance.vectors.generate.builder import GroupBuilder
from dred_conformance.vectors.generate.extension_bytes import (
    REPEAT_LAST,
    REPEAT_MORE,
    found,
    lacing,
    long_counted,
    long_rest,
    separator,
    short,
)
from dred_conformance.vectors.generate.packet_bytes import code3, padding_lengths, toc
from dred_conformance.vectors.generate.random_source import RandomSource

__all__ = ["extension_writing_groups"]


def extension_writing_groups(seed: int) -> list[GroupBuilder]:
    """Return the groups about writing extensions."""
    source = RandomSource(seed, "extension-write")
    return [_written(source), _refused(), _packets(source)]


def _write(items: list[dict[str, Any]], frames: int, **more: Any) -> dict[str, Any]:
    return {"op": "extension_write", "extensions": items, "frame_count": frames} | more


def _written(source: RandomSource) -> GroupBuilder:
    group = GroupBuilder(
        "extension-write", "extension", "Writing an area, with repetition wherever it is possible."
    )
    a, b, c = source.bytes(4), source.bytes(3), source.bytes(260)

    def add(
        what: str, clause: str, items: list[dict[str, Any]], frames: int, padding: bytes, **more: Any
    ) -> None:
        expected = {"padding": padding.hex()}
        group.valid(
            what, sorted({"EXT-write", clause}), _write(items, frames, **more), expected, flags=["writer"]
        )

    add("nothing", "EXT-write", [], 3, b"")
    last = "EXT-write-last"
    add("one long extension takes the rest", last, [found(126, 0, a)], 1, long_rest(126, a))
    add(
        "a counted one, then the last",
        last,
        [found(40, 0, c), found(41, 0, a)],
        1,
        long_counted(40, c) + long_rest(41, a),
    )
    add(
        "a long one, then a short one",
        last,
        [found(40, 0, a), found(3, 0, b"x")],
        1,
        long_counted(40, a) + short(3, b"x"),
    )
    apart = "EXT-write-separator"
    add(
        "next frame", apart, [found(3, 0, b"x"), found(4, 1, b"")], 2, short(3, b"x") + separator() + short(4)
    )
    add("frame 9", apart, [found(40, 9, a)], 10, separator(9) + long_rest(40, a))
    add(
        "the caller's order inside a frame",
        "EXT-write",
        [found(9, 1, b"z"), found(3, 1, b""), found(5, 0, b"")],
        2,
        short(5) + separator() + short(9, b"z") + short(3),
    )
    for size in (254, 255, 510):
        payload = source.bytes(size)
        area = long_counted(40, payload) + short(3)
        add(f"a length of {size} bytes", "EXT-write", [found(40, 0, payload), found(3, 0, b"")], 1, area)
    again = "EXT-write-repeat"
    on_three = [found(3, 0, b"a"), found(3, 1, b"b"), found(3, 2, b"c")]
    add("a short one on every frame", again, on_three, 3, short(3, b"a") + REPEAT_LAST + b"bc")
    longs = [found(40, 0, a), found(40, 1, b), found(40, 2, c)]
    area = long_counted(40, a) + REPEAT_LAST + lacing(len(b)) + b + c
    add("a long one on every frame: the last copy has no length", again, longs, 3, area)
    mixed = [found(40, 0, a), found(3, 0, b"x"), found(40, 1, b), found(3, 1, b"y")]
    area = long_counted(40, a) + short(3, b"x") + REPEAT_LAST + b + b"y"
    add("a long and a short one on both frames", again, mixed, 2, area)
    more_after = [*on_three, found(9, 0, b"")]
    area = short(3, b"a") + REPEAT_MORE + b"bc" + short(9)
    add("something is left on the first frame: L=1", again, more_after, 3, area)
    gap = [found(3, 0, b"a"), found(3, 2, b"c")]
    area = short(3, b"a") + separator(2) + short(3, b"c")
    add("not on every frame, so not repeated", again, gap, 3, area)
    lengths = [found(3, 0, b"a"), found(3, 1, b"")]
    area = short(3, b"a") + separator() + short(3)
    add("short ones of different lengths are not repeated", again, lengths, 2, area)
    add(
        "padded to a size",
        "EXT-write-pad",
        [found(126, 0, a)],
        1,
        b"\x01" * 5 + long_rest(126, a),
        size=10,
        pad=True,
    )
    add("room left without padding", "EXT-write-pad", [found(126, 0, a)], 1, long_rest(126, a), size=10)
    add("exactly the size", "EXT-write-limits", [found(126, 0, a)], 1, long_rest(126, a), size=5)
    many = [found(3 + n % 5, n // 5, bytes([n])) for n in range(240)]
    copies = bytes(range(5, 240))
    first = b"".join(short(3 + n, bytes([n])) for n in range(5))
    add("five short ones on each of 48 frames", again, many, 48, first + REPEAT_LAST + copies)
    return group


def _refused() -> GroupBuilder:
    group = GroupBuilder("extension-write-refusals", "extension", "What a writer of extensions must refuse.")
    one = [found(3, 0, b"x")]
    long_one = [found(40, 0, b"abcd")]

    def add(what: str, rule: str, written: dict[str, Any]) -> None:
        flags = ["writer", "rejection"]
        group.invalid(what, ["EXT-write", "EXT-write-limits"], written, rule, flags=flags)

    add("49 frames", "W1", _write(one, 49))
    add("no frame", "W1", _write(one, 0))
    add("frame -1", "W1", _write([found(3, -1, b"")], 2))
    add("frame 2 of two", "W1", _write([found(3, 2, b"")], 2))
    for extension_id in (-1, 0, 1, 2, 128, 256):
        add(f"id {extension_id}", "W1", _write([found(extension_id, 0, b"")], 1))
    add("a short extension of two bytes", "W1", _write([found(31, 0, b"xy")], 1))
    add("no room for anything", "W2", _write(one, 1, size=0))
    add("one byte short, short extension", "W2", _write(one, 1, size=1))
    add("one byte short, long extension", "W2", _write(long_one, 1, size=4))
    add("one byte short, counted extension", "W2", _write(long_one + one, 1, size=7))
    add("padding up to more than 1 MiB", "W1", _write(one, 1, size=2**20 + 1, pad=True))
    add("a one-byte separator needs two bytes of room", "W2", _write([found(3, 1, b"")], 2, size=1))
    on_two = [found(3, 0, b"a"), found(3, 1, b"b")]
    for size in (2, 3):
        add(f"{size} bytes for a repeat of four", "W2", _write(on_two, 2, size=size))
    return group


def _packets(source: RandomSource) -> GroupBuilder:
    group = GroupBuilder("packet-pad", "extension", "Putting extensions into packets that exist.")
    frame, other = source.bytes(10), source.bytes(7)
    dred = source.bytes(20)

    def add(
        what: str,
        packet: bytes,
        items: list[dict[str, Any]],
        wanted: bytes,
        *more: str,
        size: int | None = None,
    ) -> None:
        written = {"op": "packet_pad", "packet": packet.hex(), "extensions": items, "size": size}
        clauses = ["EXT-packet", "EXT-write", *more]
        group.valid(what, clauses, written, {"packet": wanted.hex()}, flags=["writer"])

    def packed(frames: list[bytes], area: bytes, *, vbr: bool = False) -> bytes:
        return code3(9, frames, vbr=vbr, padding=area)

    item = [found(126, 0, dred)]
    area = long_rest(126, dred)
    add("into code 0", toc(9, 0) + frame, item, packed([frame], area))
    add("into code 1", toc(9, 1) + frame + frame, item, packed([frame, frame], area))
    add("into code 2", toc(9, 2) + b"\x0a" + frame + other, item, packed([frame, other], area, vbr=True))
    add(
        "into code 2 with equal frames",
        toc(9, 2) + b"\x0a" + frame + frame,
        item,
        packed([frame, frame], area),
    )
    add("into code 3", code3(9, [frame] * 3), item, packed([frame] * 3, area))
    add("into code 3 with zero padding", code3(9, [frame], padding=bytes(40)), item, packed([frame], area))
    add("nothing to add", toc(9, 0) + frame, [], code3(9, [frame], padding=b""))
    old = short(7, b"o")
    both = long_counted(126, dred) + old
    add("what was there follows", code3(9, [frame], padding=old), item, packed([frame], both))
    for size in (252, 253, 254, 300, 508, 600):
        payload = source.bytes(size)
        wanted = packed([frame], long_rest(126, payload))
        add(f"an area of {size + 1} bytes", toc(9, 0) + frame, [found(126, 0, payload)], wanted)
    target = 60
    head = toc(9, 3) + b"\x41"
    room = target - len(head) - 1 - len(frame)
    filled = head + padding_lengths(room) + frame + b"\x01" * (room - len(area)) + area
    add("filled up to 60 bytes", toc(9, 0) + frame, item, filled, size=target)
    zeros = head + padding_lengths(room) + frame + bytes(room)
    add(
        "filled up to 60 bytes, no extension",
        toc(9, 0) + frame,
        [],
        zeros,
        "RFC6716-3.2.5-padzero",
        size=target,
    )
    refused = {"op": "packet_pad", "packet": (toc(9, 0) + frame).hex(), "extensions": item, "size": 33}
    flags = ["writer", "rejection"]
    group.invalid("a size one byte too small", ["EXT-packet", "EXT-write-limits"], refused, "W2", flags=flags)
    for size, rule, what in ((5, "W2", "a size below the packet alone"), (2**21, "W1", "a size of 2 MiB")):
        group.invalid(what, ["EXT-packet", "EXT-write-limits"], refused | {"size": size}, rule, flags=flags)
    broken = {"op": "packet_pad", "packet": "0b", "extensions": item, "size": None}
    group.invalid("a packet that is none", ["EXT-packet"], broken, "R6", "R7", flags=flags)
    return group
