"""The native reader of padding areas against areas made by hand."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dred_native
from dred_native import DredError

# Header bytes: id << 1 | L.
A, A1 = b"\x06", b"\x07"  # short id 3
B, B1 = b"\x08", b"\x09"  # short id 4
LONG, LONG1 = b"\x40", b"\x41"  # long id 32
NEXT, MOVE, LAST, MORE = b"\x02", b"\x03", b"\x04", b"\x05"


def fault(area: bytes, frames: int) -> tuple[str, int | None, list[tuple[int, int, bytes]]]:
    with pytest.raises(DredError) as caught:
        dred_native.parse_extensions(area, frames)
    assert caught.value.stage == "extension"
    return caught.value.rule, caught.value.position, list(caught.value.extensions)


PLAIN: list[Any] = [
    pytest.param(b"", 1, [], marks=pytest.mark.clause("EXT-area")),
    pytest.param(bytes(9), 1, [], marks=pytest.mark.clause("EXT-padding-rest")),
    pytest.param(A + b"\x00" + A1, 1, [(3, 0, b"")], marks=pytest.mark.clause("EXT-padding-rest")),
    pytest.param(
        b"\x01\x01" + A1 + b"x\x01", 1, [(3, 0, b"x")], marks=pytest.mark.clause("EXT-padding-byte")
    ),
    pytest.param(b"\x3e\x3fy", 1, [(31, 0, b""), (31, 0, b"y")], marks=pytest.mark.clause("EXT-short")),
    pytest.param(LONG, 1, [(32, 0, b"")], marks=pytest.mark.clause("EXT-long-rest")),
    pytest.param(b"\xfeabc", 1, [(127, 0, b"abc")], marks=pytest.mark.clause("EXT-long-rest")),
    pytest.param(
        LONG1 + b"\x00" + LONG1 + b"\x02ab" + A,
        1,
        [(32, 0, b""), (32, 0, b"ab"), (3, 0, b"")],
        marks=pytest.mark.clause("EXT-long-lacing"),
    ),
    pytest.param(
        LONG1 + b"\xff\x00" + bytes(255) + B,
        1,
        [(32, 0, bytes(255)), (4, 0, b"")],
        marks=pytest.mark.clause("EXT-long-lacing"),
    ),
    pytest.param(
        LONG1 + b"\xff\xff\x05" + bytes(515),
        1,
        [(32, 0, bytes(515))],
        marks=pytest.mark.clause("EXT-long-lacing"),
    ),
    pytest.param(NEXT + NEXT + A, 3, [(3, 2, b"")], marks=pytest.mark.clause("EXT-separator-one")),
    pytest.param(MOVE + b"\x2f" + A, 48, [(3, 47, b"")], marks=pytest.mark.clause("EXT-separator-n")),
    pytest.param(MOVE + b"\x00" + A, 1, [(3, 0, b"")], marks=pytest.mark.clause("EXT-separator-zero")),
]
REPEATED: list[Any] = [
    pytest.param(A1 + b"a" + LAST + b"bc", 3, [(3, 0, b"a"), (3, 1, b"b"), (3, 2, b"c")], id="short"),
    # RL = 0 in the last frame: the last long extension loses its length, short payloads stay behind it.
    pytest.param(
        LONG1 + b"\x01a" + B1 + b"x" + LAST + b"\x00y" + b"rest" + b"z",
        3,
        [(32, 0, b"a"), (4, 0, b"x"), (32, 1, b""), (4, 1, b"y"), (32, 2, b"rest"), (4, 2, b"z")],
        id="last long",
    ),
    pytest.param(
        LONG1 + b"\x01a" + LONG1 + b"\x01b" + LAST + b"\x01cdef",
        2,
        [(32, 0, b"a"), (32, 0, b"b"), (32, 1, b"c"), (32, 1, b"def")],
        id="only the last of two long ones",
    ),
    pytest.param(
        LONG1 + b"\x01a" + MORE + b"\x01b" + A, 2, [(32, 0, b"a"), (32, 1, b"b"), (3, 0, b"")], id="RL = 1"
    ),
    pytest.param(
        A + LAST + B + NEXT + A,
        3,
        [(3, 0, b""), (3, 1, b""), (3, 2, b""), (4, 1, b""), (3, 2, b"")],
        id="advance",
    ),
    pytest.param(A + LAST + b"\xff\x03", 1, [(3, 0, b"")], id="in the last frame the rest is ignored"),
    pytest.param(A + MORE + B, 1, [(3, 0, b""), (4, 0, b"")], id="RL = 1 in the last frame does nothing"),
    pytest.param(LAST + A + LAST + NEXT, 2, [(3, 1, b"")], id="nothing to repeat advances"),
    pytest.param(
        b"\x01" + A + MOVE + b"\x00" + B1 + b"x" + LAST + b"y",
        2,
        [(3, 0, b""), (4, 0, b"x"), (3, 1, b""), (4, 1, b"y")],
        id="padding in the source is not repeated",
    ),
    pytest.param(
        NEXT + A1 + b"a" + LAST + b"b",
        3,
        [(3, 1, b"a"), (3, 2, b"b")],
        id="only frames behind the current one",
    ),
    pytest.param(
        A + MORE + B1 + b"x" + LAST + b"y",
        2,
        [(3, 0, b""), (3, 1, b""), (4, 0, b"x"), (4, 1, b"y")],
        id="the source starts behind the repeat before",
    ),
]
FAULTS: list[Any] = [
    pytest.param(A + A1, 1, "E1", 1, 1, marks=pytest.mark.clause("EXT-short", "EXT-fit")),
    pytest.param(A1 + b"a" + LAST + b"b", 3, "E1", 4, 2, marks=pytest.mark.clause("EXT-short", "EXT-repeat")),
    pytest.param(MOVE, 9, "E2", 0, 0, marks=pytest.mark.clause("EXT-separator-n", "EXT-fit")),
    pytest.param(LONG1, 1, "E3", 0, 0, marks=pytest.mark.clause("EXT-long-lacing", "EXT-fit")),
    pytest.param(A + LONG1 + b"\x03ab", 1, "E3", 1, 1, marks=pytest.mark.clause("EXT-long-lacing")),
    pytest.param(LONG1 + b"\xff", 1, "E3", 0, 0, marks=pytest.mark.clause("EXT-long-lacing")),
    pytest.param(LONG1 + b"\xff" + bytes(255), 1, "E3", 0, 0, marks=pytest.mark.clause("EXT-long-lacing")),
    pytest.param(LONG1 + b"\x00" + MORE + b"\x02a", 2, "E3", 3, 1, marks=pytest.mark.clause("EXT-repeat")),
    pytest.param(NEXT, 1, "E4", 0, 0, marks=pytest.mark.clause("EXT-frame-range")),
    pytest.param(A + MOVE + b"\x02", 2, "E4", 1, 1, marks=pytest.mark.clause("EXT-frame-range")),
    pytest.param(A + LAST + NEXT + A, 2, "E4", 2, 2, marks=pytest.mark.clause("EXT-repeat-advance")),
    pytest.param(
        LONG1 + b"\x00" + A1 + b"x" + LAST, 2, "E5", 5, 2, marks=pytest.mark.clause("EXT-repeat-trailing")
    ),
]


@pytest.mark.parametrize(("area", "frames", "found"), PLAIN)
def test_extensions_of_one_frame_and_separators(area: bytes, frames: int, found: Any) -> None:
    assert dred_native.parse_extensions(area, frames) == found


@pytest.mark.clause(
    "EXT-repeat",
    "EXT-repeat-source",
    "EXT-repeat-last-long",
    "EXT-repeat-advance",
    "EXT-repeat-more",
    "EXT-repeat-ignored",
    "EXT-order",
)
@pytest.mark.parametrize(("area", "frames", "found"), REPEATED)
def test_repeats(area: bytes, frames: int, found: Any) -> None:
    assert dred_native.parse_extensions(area, frames) == found


@pytest.mark.clause("EXT-error-keeps")
@pytest.mark.parametrize(("area", "frames", "rule", "position", "kept"), FAULTS)
def test_an_error_tells_its_place_and_keeps_what_came_before(
    area: bytes, frames: int, rule: str, position: int, kept: int
) -> None:
    found_rule, found_position, found = fault(area, frames)
    assert (found_rule, found_position, len(found)) == (rule, position, kept)
    if kept:
        assert found[0][1:] == (0, b"a" if area.startswith(A1) else b"")


@pytest.mark.clause("EXT-area")
@pytest.mark.parametrize("frames", [0, 49, -1, 2**80])
def test_a_packet_has_1_to_48_frames(frames: int) -> None:
    assert fault(b"", frames) == ("W1", None, [])


@pytest.mark.clause("EXT-fit", "EXT-frame-range")
@given(st.lists(st.integers(0, 11) | st.integers(0, 255), max_size=60).map(bytes), st.integers(1, 48))
def test_whatever_the_bytes_what_is_found_lies_in_the_area(area: bytes, frames: int) -> None:
    (found,) = dred_native.parse_extensions_batch([area], [frames])
    if isinstance(found, DredError):
        assert found.rule in {"E1", "E2", "E3", "E4", "E5"}
        assert found.position is not None
        assert found.position <= len(area)
        found = list(found.extensions)
    for extension_id, frame, payload in found:
        assert 3 <= extension_id <= 127
        assert 0 <= frame < frames
        assert payload in area
        assert extension_id >= 32 or len(payload) <= 1


@pytest.mark.clause("EXT-fit")
def test_eight_million_bytes_of_lacing_are_an_error_and_quick() -> None:
    assert fault(LONG1 + b"\xff" * 8_000_000, 1) == ("E3", 0, [])


def test_an_area_that_multiplies_itself_without_end_is_refused() -> None:
    area = A * 40_000 + LAST
    assert fault(area, 48)[0] == "W1"
