"""The Laplace coder of DRED: tables, check values, round trips, and that its escape ends."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dred_reference.laplace import decode_laplace, encode_laplace, magnitude_table, sign_table
from dred_reference.range_decoder import RangeDecoder
from dred_reference.range_encoder import RangeEncoder

LARGEST_DECAY = 255 << 7


def encode(values: list[int], p0: int, decay: int) -> tuple[int, bytes]:
    encoder = RangeEncoder(1 << 20)
    for value in values:
        encode_laplace(encoder, value, p0, decay)
    tell = encoder.tell()
    encoder.shrink((tell + 7) // 8)
    return tell, encoder.finish()


@pytest.mark.clause("DRED-laplace-sign")
def test_sign_tables() -> None:
    assert sign_table(16384) == (16384, 8192, 0)
    assert sign_table(0) == (32768, 16384, 0)
    assert sign_table(254 << 7) == (256, 128, 0)


@pytest.mark.clause("DRED-laplace-magnitude")
def test_magnitude_tables() -> None:
    assert magnitude_table(100 << 7) == (12800, 5000, 1953, 762, 297, 116, 45, 0)
    assert magnitude_table(3 << 7) == (384, 6, 5, 4, 3, 2, 1, 0)
    assert magnitude_table(LARGEST_DECAY) == (32640, 32512, 32385, 32258, 32131, 32005, 31879, 0)
    assert magnitude_table(0) == (7, 6, 5, 4, 3, 2, 1, 0)


@pytest.mark.clause("DRED-laplace-magnitude")
@pytest.mark.parametrize("decay", range(1, 256))
def test_every_symbol_has_a_frequency(decay: int) -> None:
    table = (32768, *magnitude_table(decay << 7))
    assert all(above > below for above, below in pairwise(table))


@pytest.mark.clause("DRED-laplace-sign", "DRED-laplace-magnitude", "DRED-laplace-escape")
@pytest.mark.parametrize(
    ("values", "p0", "decay", "tell", "data"),
    [
        ([0, 1, -1, 2, -3, 7, 8, -15, 0, 29], 128 << 7, 100 << 7, 104, "50bc9242eaf843f3d23bfffffc"),
        ([5, -9, 0, 1], 10 << 7, 3 << 7, 46, "84fd1dfffd40"),
    ],
)
def test_check_values(values: list[int], p0: int, decay: int, tell: int, data: str) -> None:
    assert encode(values, p0, decay) == (tell, bytes.fromhex(data))
    decoder = RangeDecoder(bytes.fromhex(data))
    assert [decode_laplace(decoder, p0, decay) for _ in values] == values
    assert decoder.tell() == tell


@pytest.mark.clause("DRED-laplace-sign", "DRED-laplace-magnitude", "DRED-laplace-escape")
@given(
    values=st.lists(st.integers(-30, 30) | st.integers(-5000, 5000), max_size=20),
    p0=st.integers(1, 254),
    decay=st.integers(1, 255),
)
def test_round_trip(values: list[int], p0: int, decay: int) -> None:
    tell, data = encode(values, p0 << 7, decay << 7)
    decoder = RangeDecoder(data)
    assert [decode_laplace(decoder, p0 << 7, decay << 7) for _ in values] == values
    assert decoder.tell() == tell


@pytest.mark.clause("DRED-laplace-escape")
@pytest.mark.parametrize("size", [0, 1, 7, 100, 1000])
@pytest.mark.parametrize("decay", [1 << 7, 200 << 7, LARGEST_DECAY])
def test_the_escape_ends_within_its_bound(size: int, decay: int) -> None:
    """The worst stream is all ones: the code stays at the top, where the escape symbol is."""
    cost = math.log2(32768 / magnitude_table(decay)[6])
    most = 7 * (8 * size + 32) / cost + 8
    for data in (b"\xff" * size, b"\xff" * size + b"\xfe", bytes(size)):
        assert abs(decode_laplace(RangeDecoder(data), 0, decay)) <= most + 7 * 8 / cost
    if size >= 100 and decay == LARGEST_DECAY:
        assert abs(decode_laplace(RangeDecoder(b"\xff" * size), 0, decay)) > 1000 * size


@pytest.mark.clause("DRED-laplace-escape", "RFC6716-4.1.2.1-zero")
@given(data=st.binary(max_size=30))
def test_any_stream_yields_values_for_ever(data: bytes) -> None:
    decoder = RangeDecoder(data)
    for _ in range(100):
        decode_laplace(decoder, 1 << 7, LARGEST_DECAY)
    assert decoder.tell() >= 100
