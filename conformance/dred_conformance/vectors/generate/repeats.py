"""Vectors of the ``extension`` stage: Repeat These Extensions."""

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
from dred_conformance.vectors.generate.extensions import read
from dred_conformance.vectors.generate.random_source import RandomSource

__all__ = ["repeat_groups"]


def repeat_groups(seed: int) -> list[GroupBuilder]:
    """Return the groups about repeated extensions."""
    source = RandomSource(seed, "repeat")
    return [_repeats(source), _last_long(source), _repeat_faults(source)]


def _repeats(source: RandomSource) -> GroupBuilder:
    group = GroupBuilder(
        "extension-repeat", "extension", "Repeat These Extensions: what is repeated, and where."
    )

    def add(what: str, clauses: list[str], padding: bytes, frames: int, *items: dict[str, Any]) -> None:
        group.valid(what, ["EXT-repeat", *clauses], read(padding, frames), list(items), flags=["repeat"])

    x = short(3, b"a")
    on_all = [found(3, 0, b"a"), found(3, 1, b"b"), found(3, 2, b"c")]
    add("a short extension on three frames", ["EXT-repeat-advance"], x + REPEAT_LAST + b"bc", 3, *on_all)
    add("the same with L=1", ["EXT-repeat-more"], x + REPEAT_MORE + b"bc", 3, *on_all)
    add(
        "without payload there is nothing to read",
        [],
        short(5) + REPEAT_LAST,
        4,
        *(found(5, frame, b"") for frame in range(4)),
    )
    add(
        "results come frame by frame in the order of the source",
        ["EXT-order"],
        x + short(4) + short(5, b"A") + REPEAT_LAST + b"bBcC",
        3,
        found(3, 0, b"a"),
        found(4, 0, b""),
        found(5, 0, b"A"),
        found(3, 1, b"b"),
        found(4, 1, b""),
        found(5, 1, b"B"),
        found(3, 2, b"c"),
        found(4, 2, b""),
        found(5, 2, b"C"),
    )
    long_a, long_b = source.bytes(3), source.bytes(260)
    add(
        "a counted long extension, its copies have lengths of their own",
        ["EXT-long-lacing", "EXT-repeat-more"],
        long_counted(40, long_a) + REPEAT_MORE + lacing(260) + long_b + lacing(0) + short(9),
        3,
        found(40, 0, long_a),
        found(40, 1, long_b),
        found(40, 2, b""),
        found(9, 0, b""),
    )
    add(
        "L=0 moves on by one frame without a separator",
        ["EXT-repeat-advance"],
        x + REPEAT_LAST + b"bc" + short(6, b"!") + separator() + short(7),
        3,
        *on_all,
        found(6, 1, b"!"),
        found(7, 2, b""),
    )
    add(
        "L=1 stays on the frame",
        ["EXT-repeat-more"],
        x + REPEAT_MORE + b"bc" + short(6, b"!") + separator(2) + short(7),
        3,
        *on_all,
        found(6, 0, b"!"),
        found(7, 2, b""),
    )
    add(
        "two repeats on one frame: the second repeats only what follows the first",
        ["EXT-repeat-source", "EXT-repeat-more"],
        x + REPEAT_MORE + b"bc" + short(8, b"A") + REPEAT_LAST + b"BC",
        3,
        *on_all,
        found(8, 0, b"A"),
        found(8, 1, b"B"),
        found(8, 2, b"C"),
    )
    add(
        "a repeat on a later frame reaches only the frames behind it",
        ["EXT-repeat-source"],
        short(9) + separator() + x + REPEAT_LAST + b"bc",
        4,
        found(9, 0, b""),
        found(3, 1, b"a"),
        found(3, 2, b"b"),
        found(3, 3, b"c"),
    )
    add(
        "a separator restarts the source",
        ["EXT-repeat-source", "EXT-separator-one"],
        x + separator() + short(4, b"e") + REPEAT_LAST + b"f",
        3,
        found(3, 0, b"a"),
        found(4, 1, b"e"),
        found(4, 2, b"f"),
    )
    add(
        "increment 0 does not restart the source",
        ["EXT-repeat-source", "EXT-separator-zero"],
        x + separator(0) + short(4, b"e") + REPEAT_LAST + b"bf",
        2,
        found(3, 0, b"a"),
        found(4, 0, b"e"),
        found(3, 1, b"b"),
        found(4, 1, b"f"),
    )
    add(
        "padding inside the source is not repeated",
        ["EXT-repeat-source", "EXT-padding-byte"],
        b"\x01" + x + b"\x01\x01" + REPEAT_LAST + b"b",
        2,
        found(3, 0, b"a"),
        found(3, 1, b"b"),
    )
    add("nothing to repeat, L=1", ["EXT-repeat-more"], REPEAT_MORE + x, 3, found(3, 0, b"a"))
    add("nothing to repeat, L=0", ["EXT-repeat-advance"], REPEAT_LAST + x, 3, found(3, 1, b"a"))
    add(
        "three times L=0 walks three frames",
        ["EXT-repeat-advance"],
        REPEAT_LAST * 3 + x,
        4,
        found(3, 3, b"a"),
    )
    add(
        "on the last frame L=0 hides the rest",
        ["EXT-repeat-ignored"],
        x + REPEAT_LAST + short(4, b"e") + b"\x07",
        1,
        found(3, 0, b"a"),
    )
    add(
        "on the last frame L=1 does nothing",
        ["EXT-repeat-more"],
        x + REPEAT_MORE + short(4, b"e"),
        1,
        found(3, 0, b"a"),
        found(4, 0, b"e"),
    )
    add(
        "L=0 on the last but one frame, then on the last: the rest is hidden",
        ["EXT-repeat-ignored", "EXT-repeat-advance"],
        x + REPEAT_LAST + b"b" + REPEAT_LAST + b"\x02\x02\x02",
        2,
        found(3, 0, b"a"),
        found(3, 1, b"b"),
    )
    add(
        "48 frames",
        [],
        short(12, b"\x00") + REPEAT_LAST + bytes(range(1, 48)),
        48,
        *(found(12, frame, bytes([frame])) for frame in range(48)),
    )
    return group


def _last_long(source: RandomSource) -> GroupBuilder:
    group = GroupBuilder(
        "extension-repeat-long", "extension", "The last long extension of the last frame carries no length."
    )
    clauses = ["EXT-repeat", "EXT-repeat-last-long"]
    a, b, c = source.bytes(4), source.bytes(6), source.bytes(5)

    def add(what: str, more: list[str], padding: bytes, frames: int, *items: dict[str, Any]) -> None:
        group.valid(what, [*clauses, *more], read(padding, frames), list(items), flags=["repeat"])

    add(
        "L=0: the copy on the last frame takes the rest",
        [],
        long_counted(40, a) + REPEAT_LAST + lacing(6) + b + c,
        3,
        found(40, 0, a),
        found(40, 1, b),
        found(40, 2, c),
    )
    add(
        "L=1: every copy has its length",
        ["EXT-repeat-more"],
        long_counted(40, a) + REPEAT_MORE + lacing(6) + b + lacing(5) + c,
        3,
        found(40, 0, a),
        found(40, 1, b),
        found(40, 2, c),
    )
    add(
        "the rest may be nothing",
        [],
        long_counted(40, a) + REPEAT_LAST,
        2,
        found(40, 0, a),
        found(40, 1, b""),
    )
    add(
        "short payloads behind it are kept free",
        ["EXT-repeat-trailing"],
        long_counted(40, a) + short(3, b"x") + short(4) + short(5, b"y") + REPEAT_LAST + b + b"XY",
        2,
        found(40, 0, a),
        found(3, 0, b"x"),
        found(4, 0, b""),
        found(5, 0, b"y"),
        found(40, 1, b),
        found(3, 1, b"X"),
        found(4, 1, b""),
        found(5, 1, b"Y"),
    )
    add(
        "short payloads before it are not kept free twice",
        ["EXT-repeat-trailing"],
        short(3, b"x") + long_counted(40, a) + short(4, b"y") + REPEAT_LAST + b"X" + b + b"Y",
        2,
        found(3, 0, b"x"),
        found(40, 0, a),
        found(4, 0, b"y"),
        found(3, 1, b"X"),
        found(40, 1, b),
        found(4, 1, b"Y"),
    )
    add(
        "only the last of two long ones loses its length",
        [],
        long_counted(40, a) + long_counted(41, b) + REPEAT_LAST + lacing(5) + c + a,
        2,
        found(40, 0, a),
        found(41, 0, b),
        found(40, 1, c),
        found(41, 1, a),
    )
    add(
        "the rest is exactly the trailing payloads",
        ["EXT-repeat-trailing"],
        long_counted(40, a) + short(3, b"x") + REPEAT_LAST + b"X",
        2,
        found(40, 0, a),
        found(3, 0, b"x"),
        found(40, 1, b""),
        found(3, 1, b"X"),
    )
    add(
        "a long one before an earlier repeat is not the last of the second source",
        ["EXT-repeat-source"],
        long_counted(40, a)
        + REPEAT_MORE
        + lacing(6)
        + b
        + short(3, b"x")
        + REPEAT_LAST
        + b"X"
        + short(9, b"t"),
        2,
        found(40, 0, a),
        found(40, 1, b),
        found(3, 0, b"x"),
        found(3, 1, b"X"),
        found(9, 1, b"t"),
    )
    add(
        "padding between the long one and the repeat changes nothing",
        ["EXT-padding-byte"],
        long_counted(40, a) + b"\x01" + separator(0) + REPEAT_LAST + c,
        2,
        found(40, 0, a),
        found(40, 1, c),
    )
    add(
        "a counted long one after a repeat, to the end",
        ["EXT-repeat-more", "EXT-long-rest"],
        short(3, b"a") + REPEAT_MORE + b"b" + long_rest(50, c),
        2,
        found(3, 0, b"a"),
        found(3, 1, b"b"),
        found(50, 0, c),
    )
    return group


def _repeat_faults(source: RandomSource) -> GroupBuilder:
    group = GroupBuilder("extension-repeat-faults", "extension", "Repeats whose payloads break off.")
    a = source.bytes(4)
    flags = ["repeat", "rejection"]

    def add(what: str, clause: str, padding: bytes, frames: int, rule: str, *items: dict[str, Any]) -> None:
        clauses = ["EXT-repeat", clause, "EXT-error-keeps"]
        group.invalid(what, clauses, read(padding, frames), rule, extensions=list(items), flags=flags)

    x = short(3, b"x")
    add("no copy at all", "EXT-fit", x + REPEAT_LAST, 2, "E1", found(3, 0, b"x"))
    add(
        "second copy missing",
        "EXT-fit",
        x + REPEAT_LAST + b"y",
        3,
        "E1",
        found(3, 0, b"x"),
        found(3, 1, b"y"),
    )
    long_a = long_counted(40, a)
    add("length of the copy missing", "EXT-long-lacing", long_a + REPEAT_MORE, 2, "E3", found(40, 0, a))
    add(
        "copy shorter than its length",
        "EXT-long-lacing",
        long_a + REPEAT_MORE + b"\x05abcd",
        2,
        "E3",
        found(40, 0, a),
    )
    add(
        "first copy of three shorter than its length",
        "EXT-repeat-last-long",
        long_a + REPEAT_LAST + b"\x05abcd",
        3,
        "E3",
        found(40, 0, a),
    )
    add(
        "no room for the trailing payload",
        "EXT-repeat-trailing",
        long_a + x + REPEAT_LAST,
        2,
        "E5",
        found(40, 0, a),
        found(3, 0, b"x"),
    )
    add(
        "room for one of two trailing payloads",
        "EXT-repeat-trailing",
        long_a + x + short(5, b"y") + REPEAT_LAST + b"Z",
        2,
        "E5",
        found(40, 0, a),
        found(3, 0, b"x"),
        found(5, 0, b"y"),
    )
    add(
        "L=0 moved to the last frame, a separator leaves the packet",
        "EXT-repeat-advance",
        x + REPEAT_LAST + b"y" + separator(),
        2,
        "E4",
        found(3, 0, b"x"),
        found(3, 1, b"y"),
    )
    return group
