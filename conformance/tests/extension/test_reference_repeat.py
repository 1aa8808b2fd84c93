"""Repeats (id 2): areas by hand, one per sentence of the rules."""

import pytest

from dred_reference.errors import ExtensionError
from dred_reference.extension import parse_extensions

LAST, MORE = 0x04, 0x05
SEPARATOR, SEPARATOR_N = 0x02, 0x03


def short(number: int, payload: str = "") -> bytes:
    return bytes([number << 1 | len(payload)]) + payload.encode()


def counted(number: int, payload: str) -> bytes:
    return bytes([number << 1 | 1, len(payload)]) + payload.encode()


def rest(number: int, payload: str) -> bytes:
    return bytes([number << 1]) + payload.encode()


def area(*parts: int | str | bytes) -> bytes:
    result = b""
    for part in parts:
        result += bytes([part]) if isinstance(part, int) else part.encode() if isinstance(part, str) else part
    return result


def found(data: bytes, frames: int) -> list[tuple[int, int, str]]:
    return [(e.id, e.frame, e.payload.decode()) for e in parse_extensions(data, frames)]


def rejection(data: bytes, frames: int) -> tuple[str, int | None, int]:
    with pytest.raises(ExtensionError) as caught:
        parse_extensions(data, frames)
    return caught.value.rule, caught.value.position, len(caught.value.extensions)


@pytest.mark.clause("EXT-repeat", "EXT-order")
def test_every_later_frame_has_the_same_in_order() -> None:
    data = area(short(3, "a"), short(4), counted(40, "long"), MORE, "b", 2, "xy", "c", 1, "z")
    assert found(data, 3) == [
        (3, 0, "a"),
        (4, 0, ""),
        (40, 0, "long"),
        (3, 1, "b"),
        (4, 1, ""),
        (40, 1, "xy"),
        (3, 2, "c"),
        (4, 2, ""),
        (40, 2, "z"),
    ]
    repeated = [e.repeated for e in parse_extensions(data, 3)]
    assert repeated == [False] * 3 + [True] * 6


@pytest.mark.clause("EXT-repeat-advance")
def test_flag_0_moves_on_to_the_next_frame() -> None:
    data = area(short(3, "a"), LAST, "b", "c", short(5, "d"), SEPARATOR, short(6))
    assert found(data, 3) == [(3, 0, "a"), (3, 1, "b"), (3, 2, "c"), (5, 1, "d"), (6, 2, "")]


@pytest.mark.clause("EXT-repeat-more")
def test_flag_1_stays_in_the_frame() -> None:
    data = area(short(3, "a"), MORE, "b", "c", short(5, "d"), SEPARATOR, short(6))
    assert found(data, 3) == [(3, 0, "a"), (3, 1, "b"), (3, 2, "c"), (5, 0, "d"), (6, 1, "")]


@pytest.mark.clause("EXT-repeat-source", "EXT-repeat-more")
def test_a_second_repeat_starts_behind_the_first() -> None:
    data = area(short(3, "a"), MORE, "b", short(5, "d"), MORE, "e", counted(40, "x"), LAST, "yz")
    assert found(data, 2) == [
        (3, 0, "a"),
        (3, 1, "b"),
        (5, 0, "d"),
        (5, 1, "e"),
        (40, 0, "x"),
        (40, 1, "yz"),
    ]


@pytest.mark.clause("EXT-repeat-source")
def test_what_stands_before_a_separator_is_not_repeated() -> None:
    data = area(short(3, "a"), SEPARATOR, short(5, "d"), MORE, "e")
    assert found(data, 3) == [(3, 0, "a"), (5, 1, "d"), (5, 2, "e")]


@pytest.mark.clause("EXT-repeat-source", "EXT-separator-zero", "EXT-padding-byte")
def test_padding_and_separators_without_effect_are_left_out() -> None:
    data = area(short(3, "a"), 1, SEPARATOR_N, 0, short(5, "d"), 1, LAST, "bD")
    assert found(data, 2) == [(3, 0, "a"), (5, 0, "d"), (3, 1, "b"), (5, 1, "D")]


@pytest.mark.clause("EXT-repeat-last-long")
def test_the_last_long_copy_takes_the_rest() -> None:
    data = area(counted(40, "a"), counted(41, "b"), LAST, 1, "A", 1, "B", 2, "AA", "everything else")
    assert found(data, 3) == [
        (40, 0, "a"),
        (41, 0, "b"),
        (40, 1, "A"),
        (41, 1, "B"),
        (40, 2, "AA"),
        (41, 2, "everything else"),
    ]


@pytest.mark.clause("EXT-repeat-last-long")
def test_with_flag_1_every_copy_has_its_length() -> None:
    data = area(counted(40, "a"), MORE, 2, "AA", short(3, "x"))
    assert found(data, 2) == [(40, 0, "a"), (40, 1, "AA"), (3, 0, "x")]


@pytest.mark.clause("EXT-repeat-trailing")
def test_it_leaves_room_for_the_short_ones_behind_it() -> None:
    data = area(
        short(5, "s"), counted(40, "a"), short(3, "x"), short(6), short(4, "y"), LAST, "S", "the rest", "XY"
    )
    assert found(data, 2)[4:] == [
        (4, 0, "y"),
        (5, 1, "S"),
        (40, 1, "the rest"),
        (3, 1, "X"),
        (6, 1, ""),
        (4, 1, "Y"),
    ]


@pytest.mark.clause("EXT-repeat-trailing", "EXT-error-keeps")
def test_e5_no_room_for_them() -> None:
    head = area(counted(40, "a"), short(3, "x"), short(4, "y"), LAST)
    assert found(head + b"XY", 2)[3:] == [(40, 1, ""), (3, 1, "X"), (4, 1, "Y")]
    assert rejection(head + b"X", 2) == ("E5", len(head), 3)


@pytest.mark.clause("EXT-repeat", "EXT-fit")
def test_e1_and_e3_in_a_repeat_name_where_the_payload_should_be() -> None:
    head = area(short(3, "a"), MORE, "b")
    assert rejection(head, 3) == ("E1", len(head), 2)
    head = area(counted(40, "a"), MORE)
    assert rejection(head, 2) == ("E3", len(head), 1)
    assert rejection(head + b"\x05abcd", 2) == ("E3", len(head), 1)
    assert rejection(head + b"\xff" * 300, 2) == ("E3", len(head), 1)


@pytest.mark.clause("EXT-repeat-ignored")
def test_flag_0_in_the_last_frame_ignores_the_rest() -> None:
    assert found(area(short(3, "a"), SEPARATOR, short(4), LAST, b"\xff\xff\xff"), 2) == [
        (3, 0, "a"),
        (4, 1, ""),
    ]
    assert found(area(short(3, "a"), LAST, 0xFF), 1) == [(3, 0, "a")]


@pytest.mark.clause("EXT-repeat-more")
def test_flag_1_in_the_last_frame_does_nothing() -> None:
    assert found(area(short(3, "a"), MORE, short(4)), 1) == [(3, 0, "a"), (4, 0, "")]


@pytest.mark.clause("EXT-repeat-source", "EXT-repeat-advance")
def test_a_repeat_of_nothing_is_legal() -> None:
    assert found(area(MORE, LAST, short(3, "b")), 3) == [(3, 1, "b")]
    assert found(area(LAST, LAST, short(3, "b")), 3) == [(3, 2, "b")]
    assert found(area(LAST, LAST, LAST, b"\xff"), 3) == []


@pytest.mark.clause("EXT-repeat-advance", "EXT-separator-one", "EXT-frame-range")
def test_a_separator_counts_on_from_the_frame_that_a_repeat_moved_to() -> None:
    assert found(area(short(3), LAST, SEPARATOR, short(4)), 3)[-1] == (4, 2, "")
    assert rejection(area(short(3), LAST, SEPARATOR_N, 2), 3) == ("E4", 2, 3)


@pytest.mark.clause("EXT-repeat-trailing", "EXT-repeat-last-long")
def test_short_payloads_of_an_earlier_region_do_not_count() -> None:
    """A new long extension starts the count of the short payloads behind it anew."""
    data = area(short(3, "a"), short(4, "b"), MORE, "AB", counted(40, "x"), short(5, "s"), LAST, "rest", "S")
    assert found(data, 2)[-2:] == [(40, 1, "rest"), (5, 1, "S")]


@pytest.mark.clause("EXT-repeat")
def test_a_repeat_for_47_frames_reads_47_payloads() -> None:
    payloads = "".join(chr(33 + i) for i in range(47))
    assert found(area(short(3, " "), LAST, payloads), 48) == [(3, i, chr(32 + i)) for i in range(48)]
