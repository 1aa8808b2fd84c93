"""Vectors of the ``extension`` stage: reading without repetition."""

from typing import Any

from dred_conformance.vectors.generate.builder import GroupBuilder
from dred_conformance.vectors.generate.extension_bytes import (
    DRED_ID,
    found,
    lacing,
    long_counted,
    long_rest,
    separator,
    short,
)
from dred_conformance.vectors.generate.random_source import RandomSource

__all__ = ["extension_groups", "read"]


def read(padding: bytes, frame_count: int = 1) -> dict[str, Any]:
    """Return the request that reads a padding area."""
    return {"op": "extension", "padding": padding.hex(), "frame_count": frame_count}


def extension_groups(seed: int) -> list[GroupBuilder]:
    """Return the groups about reading extensions that are not repeated."""
    source = RandomSource(seed, "extension")
    return [_plain(source), _separators(source), _faults(source)]


def _plain(source: RandomSource) -> GroupBuilder:
    group = GroupBuilder("extension-plain", "extension", "Padding, short and long extensions of one frame.")

    def add(
        what: str, clauses: list[str], padding: bytes, *items: dict[str, Any], flags: tuple[str, ...] = ()
    ) -> None:
        group.valid(what, clauses, read(padding), list(items), flags=flags)

    add("an empty area", ["EXT-area"], b"")
    for count in (1, 2, 300):
        add(f"{count} zero bytes are plain padding", ["EXT-padding-rest"], bytes(count), flags=("setup",))
    add(
        "a zero byte hides all that follows",
        ["EXT-padding-rest"],
        b"\x00" + short(3, b"a") + long_rest(40, b"b"),
    )
    add("bytes 01 are padding one at a time", ["EXT-padding-byte"], b"\x01\x01\x01")
    add(
        "padding, then an extension",
        ["EXT-padding-byte", "EXT-short"],
        b"\x01" + short(9, b"x"),
        found(9, 0, b"x"),
    )
    for extension_id in (3, 17, 31):
        ids = ["EXT-short", "EXT-header"]
        add(f"short id {extension_id}, no payload", ids, short(extension_id), found(extension_id, 0, b""))
        add(f"short id {extension_id}, a byte", ids, short(extension_id, b"z"), found(extension_id, 0, b"z"))
    for extension_id in (32, 77, 124, DRED_ID, 127):
        rest = ["EXT-long-rest", "EXT-header"]
        payload = source.bytes(5)
        flags = ("setup",) if extension_id == DRED_ID else ()
        add(
            f"long id {extension_id}, to the end",
            rest,
            long_rest(extension_id, payload),
            found(extension_id, 0, payload),
            flags=flags,
        )
        add(
            f"long id {extension_id}, nothing left",
            rest,
            long_rest(extension_id, b""),
            found(extension_id, 0, b""),
        )
        counted = long_counted(extension_id, payload)
        add(f"long id {extension_id}, counted", ["EXT-long-lacing"], counted, found(extension_id, 0, payload))
    for size in (0, 1, 254, 255, 256, 509, 510, 511, 1000):
        payload, tail = source.bytes(size), source.bytes(3)
        add(
            f"a counted length of {size} bytes, another extension after it",
            ["EXT-long-lacing"],
            long_counted(40, payload) + long_rest(41, tail),
            found(40, 0, payload),
            found(41, 0, tail),
            flags=("boundary",) if size > 250 else (),
        )
    many = [short(3 + n % 29, bytes([n]) if n % 2 else b"") for n in range(100)]
    items = [found(3 + n % 29, 0, bytes([n]) if n % 2 else b"") for n in range(100)]
    add("a hundred short extensions", ["EXT-short", "EXT-order"], b"".join(many), *items)
    return group


def _separators(source: RandomSource) -> GroupBuilder:
    group = GroupBuilder("extension-frames", "extension", "Frame separators and the frame index.")
    a, b, c = source.bytes(2), source.bytes(1), source.bytes(4)

    def add(what: str, clauses: list[str], padding: bytes, frames: int, *items: dict[str, Any]) -> None:
        group.valid(what, clauses, read(padding, frames), list(items))

    add(
        "one-byte separators count by one",
        ["EXT-separator-one"],
        short(3, b) + separator() + short(4) + separator() + long_rest(50, c),
        3,
        found(3, 0, b),
        found(4, 1, b""),
        found(50, 2, c),
    )
    for increment in (1, 2, 47):
        add(
            f"a separator by {increment}",
            ["EXT-separator-n"],
            separator(increment) + long_rest(50, c),
            48,
            found(50, increment, c),
        )
    add(
        "separators add up",
        ["EXT-separator-n", "EXT-separator-one"],
        separator(5) + separator() + separator(7) + short(6),
        14,
        found(6, 13, b""),
    )
    zero = ["EXT-separator-zero"]
    add(
        "increment 0 is padding",
        zero,
        short(3) + separator(0) + short(4),
        1,
        found(3, 0, b""),
        found(4, 0, b""),
    )
    add("increment 0 at the end", zero, short(3) + separator(0), 1, found(3, 0, b""))
    add("separators with nothing behind them", ["EXT-separator-one"], separator() + separator(), 3)
    add(
        "several extensions on several frames, in the order of the bytes",
        ["EXT-order", "EXT-separator-n"],
        long_counted(60, a)
        + short(9)
        + separator(3)
        + short(9, b)
        + long_counted(60, c)
        + separator()
        + short(8),
        5,
        found(60, 0, a),
        found(9, 0, b""),
        found(9, 3, b),
        found(60, 3, c),
        found(8, 4, b""),
    )
    return group


def _faults(source: RandomSource) -> GroupBuilder:
    group = GroupBuilder("extension-faults", "extension", "Areas that break off or point outside.")
    before = short(7, b"q")
    kept = [found(7, 0, b"q")]

    def add(what: str, clauses: list[str], padding: bytes, rule: str, frames: int, position: int) -> None:
        """Add the fault alone, and behind an extension that stays valid."""
        group.invalid(what, clauses, read(padding, frames), rule, position=position, extensions=[])
        group.invalid(
            f"{what}, after a good extension",
            [*clauses, "EXT-error-keeps"],
            read(before + padding, frames),
            rule,
            position=position + len(before),
            extensions=kept,
        )

    add("short extension without its byte", ["EXT-short", "EXT-fit"], b"\x07", "E1", 1, 0)
    add("separator without its increment", ["EXT-separator-n", "EXT-fit"], b"\x03", "E2", 9, 0)
    fit = ["EXT-long-lacing", "EXT-fit"]
    add("long extension without its length", fit, b"\x51", "E3", 1, 0)
    add("length one too large", fit, b"\x51\x04abc", "E3", 1, 0)
    add("lacing breaks off", fit, b"\x51\xff", "E3", 1, 0)
    add(
        "lacing breaks off after its bytes",
        fit,
        b"\x51\xff" + source.bytes(255).replace(b"\xff", b"\xfe"),
        "E3",
        1,
        0,
    )
    add("lacing 255, one byte short", fit, b"\x51\xff\x00" + source.bytes(254), "E3", 1, 0)
    add("a thousand bytes of lacing", fit, b"\x51" + b"\xff" * 1000, "E3", 1, 0)
    end = ["EXT-frame-range"]
    add("separator to the frame count", end, separator(), "E4", 1, 0)
    add("separator beyond the frame count", end, separator(200), "E4", 48, 0)
    add("separator by the frame count", end, separator(48), "E4", 48, 0)
    group.invalid(
        "second separator leaves the packet",
        end,
        read(separator(2) + short(3) + separator() + short(3), 3),
        "E4",
        position=3,
        extensions=[found(3, 2, b"")],
    )
    group.invalid(
        "nothing is found after an error",
        ["EXT-error-keeps"],
        read(separator() + short(3, b"a"), 1),
        "E4",
        position=0,
        extensions=[],
    )
    group.valid(
        "a length that fits to the byte",
        ["EXT-long-lacing", "EXT-fit"],
        read(b"\x51" + lacing(255) + bytes(255)),
        [found(40, 0, bytes(255))],
        flags=["boundary"],
    )
    return group
