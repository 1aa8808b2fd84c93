"""The buffer of the range coder: bytes from both ends, carries, and what happens when there is no room."""

import pytest

from dred_reference.errors import WriteError
from dred_reference.range_decoder import RangeDecoder
from dred_reference.range_encoder import RangeEncoder


def encoded(steps: list[tuple[str, int, int]], size: int) -> RangeEncoder:
    encoder = RangeEncoder(size)
    for kind, value, argument in steps:
        if kind == "uint":
            encoder.encode_uint(value, argument)
        else:
            encoder.encode_bits(value, argument)
    return encoder


@pytest.mark.clause("RFC6716-4.1.4-raw")
def test_raw_bits_come_from_the_end_lowest_first() -> None:
    decoder = RangeDecoder(bytes([0x12, 0x34, 0x56]))
    assert [decoder.decode_bits(n) for n in (4, 12, 8)] == [0x6, 0x345, 0x12]
    assert decoder.tell() == 1 + 24
    assert decoder.decode_bits(25) == 0


@pytest.mark.clause("RFC6716-4.1.4-overlap", "RFC6716-4.1.2.1-raw", "RFC6716-4.1.2.1-zero")
def test_both_ends_read_the_same_bytes_and_zeros_behind() -> None:
    decoder = RangeDecoder(b"\xa5")
    assert decoder.decode_bin(8) == 0xA5
    decoder.update(0xA5, 0xA6, 256)
    assert decoder.decode_bits(8) == 0xA5
    # Past the end: zeros, which are the lowest symbols, and zero raw bits.
    assert [decoder.decode_uint(256) for _ in range(5)] == [0] * 5
    assert decoder.decode_bits(8) == 0


@pytest.mark.clause("RFC6716-5.1.1.2-carry")
def test_a_carry_runs_through_waiting_bytes() -> None:
    encoder = RangeEncoder(20)
    for _ in range(8):
        encoder.encode(255, 256, 257)  # just below the top, where bytes of 255 pile up
    encoder.encode(256, 257, 257)
    data = encoder.finish()
    decoder = RangeDecoder(data)
    for _ in range(8):
        assert decoder.decode(257) == 255
        decoder.update(255, 256, 257)
    assert decoder.decode(257) == 256


@pytest.mark.clause("RFC6716-5.1.5-finalise")
@pytest.mark.parametrize("size", range(12))
def test_too_small_a_buffer_overflows_but_keeps_its_size(size: int) -> None:
    encoder = encoded([("uint", 200, 256)] * 6 + [("bits", 1234, 11)] * 3, size)
    needed = (encoder.tell() + 7) // 8
    assert len(encoder.finish()) == size
    assert encoder.overflow == (size < needed)


@pytest.mark.clause("RFC6716-5.1.3-raw", "RFC6716-5.1.5-finalise")
def test_raw_bits_without_a_byte_for_them_overflow() -> None:
    encoder = encoded([("bits", 0x155, 9)], 1)
    assert encoder.finish() == b"\x55"
    assert encoder.overflow
    encoder = encoded([("bits", 3, 2)], 0)
    assert encoder.finish() == b""
    assert encoder.overflow


@pytest.mark.clause("RFC6716-5.1.5-finalise")
def test_shrink_keeps_the_raw_bits_at_the_end() -> None:
    encoder = encoded([("uint", 7, 256), ("bits", 0x1ABCD, 17), ("bits", 3, 16)], 50)
    with pytest.raises(WriteError, match="W1"):
        encoder.shrink(51)
    encoder.shrink(7)
    data = encoder.finish()
    assert len(data) == 7
    assert RangeDecoder(data).decode_bits(17) == 0x1ABCD
    encoder = encoded([("uint", 7, 256)] * 9, 50)
    with pytest.raises(WriteError, match="W1"):
        encoder.shrink(1)
