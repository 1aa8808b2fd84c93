"""Packets of Appendix B, which say themselves where they end."""

import pytest

from dred_reference.errors import PacketError
from dred_reference.packet import parse_packet

clause = pytest.mark.clause("RFC6716-B-selfdelim", "RFC6716-3-selfdelim")


def rejection(data: bytes) -> tuple[str, int | None]:
    with pytest.raises(PacketError) as caught:
        parse_packet(data, self_delimited=True)
    return caught.value.rule, caught.value.position


@clause
@pytest.mark.parametrize(
    ("data", "frames"),
    [
        (bytes([0, 2]) + b"ab", (b"ab",)),
        (bytes([1, 1]) + b"ab", (b"a", b"b")),
        (bytes([2, 1, 2]) + b"abb", (b"a", b"bb")),
        (bytes([3, 3, 1]) + b"abc", (b"a", b"b", b"c")),
        (bytes([3, 0x83, 0, 1, 2]) + b"abb", (b"", b"a", b"bb")),
        (bytes([0, 252, 1]) + bytes(256), (bytes(256),)),
        (bytes([0, 0]), (b"",)),
    ],
)
def test_the_rest_of_the_input_is_left_alone(data: bytes, frames: tuple[bytes, ...]) -> None:
    for rest in (b"", b"another packet"):
        packet = parse_packet(data + rest, self_delimited=True)
        assert packet.frames == frames
        assert packet.consumed == len(data)


@clause
def test_padding_stands_behind_the_frames() -> None:
    packet = parse_packet(bytes([3, 0x42, 2, 1]) + b"abPPrest", self_delimited=True)
    # The header takes the padding off the end of the input, so the frames must leave room for it there.
    assert (packet.frames, packet.padding, packet.consumed) == ((b"a", b"b"), b"PP", 8)


@clause
def test_b1_the_length_is_missing_or_too_large() -> None:
    assert rejection(bytes([0])) == ("B1", 1)
    assert rejection(bytes([0, 255])) == ("B1", 1)
    assert rejection(bytes([0, 3]) + b"ab") == ("B1", 1)
    assert rejection(bytes([2, 0])) == ("B1", 2)


@clause
def test_b2_equal_frames_do_not_fit() -> None:
    assert rejection(bytes([1, 2]) + b"abc") == ("B2", 1)
    assert rejection(bytes([3, 3, 2]) + b"abcde") == ("B2", 2)


@clause
def test_b3_the_last_frame_does_not_fit_behind_the_others() -> None:
    assert rejection(bytes([2, 2, 2]) + b"abc") == ("B3", 2)
    assert rejection(bytes([3, 0x82, 2, 1]) + b"ab") == ("B3", 3)


@clause
def test_rules_of_the_shared_part_still_hold() -> None:
    assert rejection(b"") == ("R1", 0)
    assert rejection(bytes([2, 9]) + b"abc") == ("R4", 1)
    assert rejection(bytes([3, 0])) == ("R5", 1)
    assert rejection(bytes([3, 0x82, 9, 1])) == ("R7", 2)


@clause
def test_sizes_that_are_given_may_leave_a_remainder() -> None:
    """An odd rest (code 1) or one that no common size divides (code 3) is another packet's business."""
    assert parse_packet(bytes([1, 1]) + b"abc", self_delimited=True).consumed == 4
    assert parse_packet(bytes([3, 2, 1]) + b"abcde", self_delimited=True).consumed == 5
