"""Reading padding areas without repeats, byte by byte from the syntax."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dred_reference.errors import ExtensionError
from dred_reference.extension import Extension, iterate_extensions, parse_extensions, read_header

FIRST, NEXT = 0x02, 0x03


def found(area: bytes, frames: int = 3) -> list[tuple[int, int, bytes]]:
    return [(e.id, e.frame, e.payload) for e in parse_extensions(area, frames)]


def rejection(area: bytes, frames: int = 3) -> tuple[str, int | None, int]:
    with pytest.raises(ExtensionError) as caught:
        parse_extensions(area, frames)
    assert caught.value.stage == "extension"
    return caught.value.rule, caught.value.position, len(caught.value.extensions)


@pytest.mark.clause("EXT-header")
def test_header_is_seven_bits_and_a_flag() -> None:
    assert (read_header(0xFC).id, read_header(0xFC).length_flag) == (126, 0)
    assert (read_header(0x41).id, read_header(0x41).length_flag) == (32, 1)


@pytest.mark.clause("EXT-area", "EXT-padding-rest", "EXT-ignored-by-old")
def test_plain_padding_holds_nothing() -> None:
    assert found(b"") == []
    assert found(bytes(300)) == []
    assert found(b"\x00\xff\xff\x07") == []


@pytest.mark.clause("EXT-padding-byte")
def test_single_padding_bytes_are_passed_over() -> None:
    assert found(b"\x01\x01\x06\x01\x08") == [(3, 0, b""), (4, 0, b"")]


@pytest.mark.clause("EXT-short")
def test_short_extensions_have_no_byte_or_one() -> None:
    assert found(bytes([3 << 1, 4 << 1 | 1, 9, 31 << 1 | 1, 0])) == [
        (3, 0, b""),
        (4, 0, b"\x09"),
        (31, 0, b"\x00"),
    ]


@pytest.mark.clause("EXT-long-rest")
def test_a_long_extension_without_length_takes_the_rest() -> None:
    assert found(bytes([126 << 1]) + b"D\x0cxyz") == [(126, 0, b"D\x0cxyz")]
    assert found(bytes([32 << 1])) == [(32, 0, b"")]


@pytest.mark.clause("EXT-long-lacing")
@pytest.mark.parametrize(
    ("lacing", "length"),
    [(b"\x00", 0), (b"\x05", 5), (b"\xfe", 254), (b"\xff\x00", 255), (b"\xff\xff\x02", 512)],
)
def test_a_length_is_a_sum(lacing: bytes, length: int) -> None:
    payload = bytes(i & 255 for i in range(length))
    area = bytes([100 << 1 | 1]) + lacing + payload + b"\x06"
    assert found(area) == [(100, 0, payload), (3, 0, b"")]


@pytest.mark.clause("EXT-separator-one", "EXT-separator-n", "EXT-separator-zero")
def test_separators_move_the_frame_index() -> None:
    area = bytes([6, FIRST, 6, NEXT, 2, 6, NEXT, 0, 6])
    assert found(area, 4) == [(3, 0, b""), (3, 1, b""), (3, 3, b""), (3, 3, b"")]


@pytest.mark.clause("EXT-frame-range")
def test_e4_a_separator_may_not_leave_the_packet() -> None:
    assert rejection(b"\x06\x02", 1) == ("E4", 1, 1)
    assert rejection(b"\x06\x03\x03\x06", 3) == ("E4", 1, 1)
    assert rejection(b"\x03\xff", 48) == ("E4", 0, 0)
    assert found(b"\x03\x00", 1) == []


@pytest.mark.clause("EXT-fit", "EXT-error-keeps", "EXT-short", "EXT-separator-n")
def test_e1_and_e2_a_byte_is_missing() -> None:
    assert rejection(b"\x06\x07") == ("E1", 1, 1)
    assert rejection(b"\x06\x06\x03") == ("E2", 2, 2)


@pytest.mark.clause("EXT-fit", "EXT-error-keeps", "EXT-long-lacing")
@pytest.mark.parametrize(
    "tail", [b"", b"\x01", b"\x05abcd", b"\xff", b"\xff\x00" + bytes(254), b"\xff" * 300]
)
def test_e3_a_long_extension_does_not_fit(tail: bytes) -> None:
    assert rejection(b"\x06" + bytes([33 << 1 | 1]) + tail) == ("E3", 1, 1)


@pytest.mark.clause("EXT-error-keeps")
def test_eight_megabytes_of_lacing_are_noticed_at_once() -> None:
    assert rejection(bytes([33 << 1 | 1]) + b"\xff" * 8_000_000) == ("E3", 0, 0)


@pytest.mark.clause("EXT-error-keeps", "EXT-order")
def test_who_stops_early_never_meets_the_error() -> None:
    reading = iterate_extensions(b"\x06\x08\x07", 1)
    assert [next(reading).id, next(reading).id] == [3, 4]
    with pytest.raises(ExtensionError):
        next(reading)


@pytest.mark.clause("EXT-area")
def test_positions_are_those_of_the_payloads() -> None:
    area = bytes([1, 7, 0x61, 33 << 1 | 1, 2]) + b"xy" + bytes([34 << 1]) + b"z"
    read = parse_extensions(area, 1)
    assert [e.position for e in read] == [2, 5, 8]
    assert all(area[e.position : e.position + len(e.payload)] == e.payload for e in read)
    assert Extension(3, 0, b"a", position=2) == Extension(3, 0, b"a")


@pytest.mark.clause("EXT-fit", "EXT-frame-range", "EXT-repeat")
@given(area=st.binary(max_size=60), frames=st.integers(1, 48))
def test_any_bytes_are_extensions_or_a_typed_rejection(area: bytes, frames: int) -> None:
    try:
        extensions = parse_extensions(area, frames)
    except ExtensionError as error:
        position, extensions = error.position, error.extensions
        # The iterator, which a search uses, delivers the same and then fails the same way.
        reading = iterate_extensions(area, frames)
        assert [next(reading) for _ in extensions] == list(extensions)
        with pytest.raises(ExtensionError):
            next(reading)
    else:
        position = 0
    assert position is not None
    assert 0 <= position <= len(area)
    for extension in extensions:
        end = extension.position + len(extension.payload)
        assert 3 <= extension.id <= 127
        assert 0 <= extension.frame < frames
        assert area[extension.position : end] == extension.payload
        assert extension.id >= 32 or len(extension.payload) <= 1
