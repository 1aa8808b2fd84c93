"""Packets that must be read, and packets that must be rejected, byte by byte from the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dred_reference.errors import PacketError
from dred_reference.packet import Packet, parse_packet

SILK_10MS, SILK_60MS, CELT_2P5MS = 0 << 3, 3 << 3, 16 << 3


def parse(*parts: int | bytes) -> Packet:
    return parse_packet(b"".join(bytes([part]) if isinstance(part, int) else part for part in parts))


def read(data: bytes, *, self_delimited: bool) -> Packet | PacketError:
    try:
        return parse_packet(data, self_delimited=self_delimited)
    except PacketError as error:
        return error


def rejection(data: bytes, *, self_delimited: bool = False) -> tuple[str, int | None]:
    with pytest.raises(PacketError) as caught:
        parse_packet(data, self_delimited=self_delimited)
    assert caught.value.stage == "packet"
    return caught.value.rule, caught.value.position


@pytest.mark.clause("RFC6716-3.2.2-code0", "RFC6716-3.2.1-zero", "RFC6716-3-framing")
def test_code0_is_one_frame() -> None:
    packet = parse(SILK_10MS | 4, b"abc")
    assert (packet.config, packet.stereo, packet.code) == (0, True, 0)
    assert packet.frames == (b"abc",)
    assert (packet.padding, packet.consumed) == (b"", 4)
    assert parse(SILK_10MS).frames == (b"",)


@pytest.mark.clause("RFC6716-3.2.3-code1")
def test_code1_is_two_equal_frames() -> None:
    assert parse(1, b"abcd").frames == (b"ab", b"cd")
    assert parse(1).frames == (b"", b"")


@pytest.mark.clause("RFC6716-3.2.4-code2", "RFC6716-3.2.1-length")
def test_code2_gives_the_first_length() -> None:
    assert parse(2, 1, b"abc").frames == (b"a", b"bc")
    assert parse(2, 0, b"abc").frames == (b"", b"abc")
    assert parse(2, 252, 0, bytes(252)).frames == (bytes(252), b"")
    assert parse(2, 255, 255, bytes(1275), b"x").frames == (bytes(1275), b"x")


@pytest.mark.clause("RFC6716-3.2.5-code3")
def test_code3_cbr_and_vbr() -> None:
    assert parse(3, 3, b"aabbcc").frames == (b"aa", b"bb", b"cc")
    assert parse(3, 0x83, 1, 0, b"abb").frames == (b"a", b"", b"bb")
    assert parse(CELT_2P5MS | 3, 48).frames == (b"",) * 48
    assert parse(SILK_60MS | 3, 2, b"ab").frames == (b"a", b"b")


@pytest.mark.clause("RFC6716-3.2.5-padlen", "RFC6716-3.2.5-P", "RFC6716-3.2.5-padany")
def test_padding_is_the_end_of_the_packet() -> None:
    packet = parse(3, 0x41, 2, b"abc", 7, 9)
    assert packet.frames == (b"abc",)
    assert (packet.padding, packet.padding_offset, packet.padded) == (bytes([7, 9]), 6, True)
    assert parse(3, 0x41, 0, b"abc").padding == b""
    assert parse(3, 0x41, 255, 0, b"a", b"p" * 254).padding == b"p" * 254
    assert parse(3, 0x41, 255, 1, b"a", b"p" * 255).padding == b"p" * 255
    assert parse(3, 0xC2, 1, 1, b"ab", 0).frames == (b"a", b"b")
    assert parse(3, 0x41, 3, b"pad").frames == (b"",)


@pytest.mark.clause("RFC6716-3.1-toc")
def test_what_the_configuration_means() -> None:
    packet = parse(15 << 3 | 3, 3, b"abc")
    assert (packet.configuration.mode, packet.configuration.bandwidth) == ("Hybrid", "FB")
    assert packet.duration_ms == 60
    assert parse(CELT_2P5MS).duration_ms == 2.5


@pytest.mark.clause("RFC6716-3.1-R1", "RFC6716-3.4-reject")
def test_r1() -> None:
    assert rejection(b"") == ("R1", 0)


@pytest.mark.clause("RFC6716-3.2.1-R2")
@pytest.mark.parametrize(
    ("head", "largest", "position"),
    [
        (bytes([0]), 1275, 1),
        (bytes([1]), 2 * 1275, 1),
        (bytes([2, 1]) + b"x", 1275, 3),
        (bytes([3, 2]), 2 * 1275, 2),
        (bytes([3, 0x82, 3]) + b"abc", 1275, 6),
        (bytes([3, 0x81]), 1275, 2),
    ],
)
def test_r2(head: bytes, largest: int, position: int) -> None:
    parse_packet(head + bytes(largest))
    step = 2 if head[0] == 1 or head[1:2] == b"\x02" else 1
    assert rejection(head + bytes(largest + step)) == ("R2", position)


@pytest.mark.clause("RFC6716-3.2.3-R3")
def test_r3() -> None:
    assert rejection(b"\x01abc") == ("R3", 1)


@pytest.mark.clause("RFC6716-3.2.4-R4")
@pytest.mark.parametrize("data", [b"\x02", b"\x02\xfc", b"\x02\x02a", b"\x02\xfc\x00" + bytes(251)])
def test_r4(data: bytes) -> None:
    assert rejection(data) == ("R4", 1)


@pytest.mark.clause("RFC6716-3.2.5-R5")
@pytest.mark.parametrize(
    ("toc", "most"), [(0, 12), (1 << 3, 6), (2 << 3, 3), (3 << 3, 2), (16 << 3, 48), (17 << 3, 24)]
)
def test_r5(toc: int, most: int) -> None:
    parse_packet(bytes([toc | 3, most]))
    assert rejection(bytes([toc | 3, most + 1])) == ("R5", 1)
    assert rejection(bytes([toc | 3, 0])) == ("R5", 1)
    assert rejection(bytes([toc | 3, 0xC0])) == ("R5", 1)


@pytest.mark.clause("RFC6716-3.2.5-R6", "RFC6716-3.2.5-count", "RFC6716-3.2.5-padlen", "RFC6716-3.2.5-P")
@pytest.mark.parametrize(
    ("data", "position"),
    [
        (bytes([3]), 1),
        (bytes([3, 2]) + b"abc", 2),
        (bytes([3, 0x42, 1]) + b"abcp", 3),
        (bytes([3, 0x41]), 2),
        (bytes([3, 0x41, 255]), 3),
        (bytes([3, 0x41, 1]), 2),
        (bytes([3, 0x41, 255]) + bytes(200), 2),
    ],
)
def test_r6(data: bytes, position: int) -> None:
    assert rejection(data) == ("R6", position)


@pytest.mark.clause("RFC6716-3.2.5-R7", "RFC6716-3.2.5-padlen", "RFC6716-3.2.5-P")
@pytest.mark.parametrize(
    ("data", "position"),
    [
        (bytes([3, 0xC1]), 2),
        (bytes([3, 0xC1, 5]) + b"pad", 2),
        (bytes([3, 0x82]), 2),
        (bytes([3, 0x82, 252]), 2),
        (bytes([3, 0x82, 4]) + b"abc", 2),
        (bytes([3, 0x83, 0]), 3),
        (bytes([3, 0x83, 2, 2]) + b"abc", 3),
        (bytes([3, 0xC2, 2]) + b"pp", 3),
        (bytes([3, 0xC2, 2, 3]) + b"abpp", 3),
    ],
)
def test_r7(data: bytes, position: int) -> None:
    assert rejection(data) == ("R7", position)


@pytest.mark.clause("RFC6716-3.4-reject")
@given(data=st.binary(max_size=40), self_delimited=st.booleans())
def test_any_bytes_are_a_packet_or_a_typed_rejection(data: bytes, self_delimited: bool) -> None:
    outcome = read(data, self_delimited=self_delimited)
    if isinstance(outcome, PacketError):
        assert outcome.position is not None
        assert 0 <= outcome.position <= len(data)
        return
    packet = outcome
    assert packet.consumed <= len(data)
    assert self_delimited or packet.consumed == len(data)
    body = b"".join(packet.frames) + packet.padding
    assert data[: packet.consumed].endswith(body)
