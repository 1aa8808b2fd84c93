"""The range coder: check values, an exact oracle, round trips, both ends of the buffer."""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dred_reference.errors import WriteError
from dred_reference.range_decoder import FRACTION_CORRECTION, RangeDecoder
from dred_reference.range_encoder import RangeEncoder
from dred_reference.trace import Trace

Step = tuple[Any, ...]
ICDF = [180, 120, 60, 10, 0]


@st.composite
def intervals(draw: st.DrawFn, total: int) -> tuple[int, int]:
    low = draw(st.integers(0, total - 1))
    return low, draw(st.integers(low + 1, total))


@st.composite
def steps(draw: st.DrawFn) -> Step:
    kind = draw(st.sampled_from(["symbol", "bin", "logp", "icdf", "uint", "bits"]))
    if kind == "symbol":
        total = draw(st.integers(1, 65536))
        return kind, *draw(intervals(total)), total
    if kind == "bin":
        bits = draw(st.integers(1, 16))
        return kind, *draw(intervals(1 << bits)), bits
    if kind == "logp":
        return kind, draw(st.integers(0, 1)), draw(st.integers(1, 16))
    if kind == "icdf":
        return kind, draw(st.integers(0, len(ICDF) - 1))
    if kind == "uint":
        total = draw(st.integers(2, 300) | st.integers(2, 2**32 - 1))
        return kind, draw(st.integers(0, total - 1)), total
    bits = draw(st.integers(0, 25))
    return kind, draw(st.integers(0, (1 << bits) - 1)), bits


ENCODE: dict[str, Callable[..., None]] = {
    "symbol": RangeEncoder.encode,
    "bin": RangeEncoder.encode_bin,
    "logp": RangeEncoder.encode_bit_logp,
    "icdf": lambda encoder, symbol: encoder.encode_icdf(symbol, ICDF, 8),
    "uint": RangeEncoder.encode_uint,
    "bits": RangeEncoder.encode_bits,
}


def check_decoded(decoder: RangeDecoder, step: Step) -> None:
    kind, *rest = step
    if kind in ("symbol", "bin"):
        low, high, size = rest
        point = decoder.decode(size) if kind == "symbol" else decoder.decode_bin(size)
        assert low <= point < high
        decoder.update(low, high, size if kind == "symbol" else 1 << size)
    elif kind == "logp":
        assert decoder.decode_bit_logp(rest[1]) == rest[0]
    elif kind == "icdf":
        assert decoder.decode_icdf(ICDF, 8) == rest[0]
    elif kind == "uint":
        assert decoder.decode_uint(rest[1]) == rest[0]
    else:
        assert decoder.decode_bits(rest[1]) == rest[0]


def encoded(symbols: list[Step], size: int = 4096) -> tuple[RangeEncoder, list[tuple[int, int, int]]]:
    encoder = RangeEncoder(size)
    states = []
    for kind, *rest in symbols:
        ENCODE[kind](encoder, *rest)
        states.append((encoder.tell(), encoder.tell_frac(), encoder.range_size))
    return encoder, states


@pytest.mark.clause(
    "RFC6716-5.1.1-symbol",
    "RFC6716-5.1.2-alternates",
    "RFC6716-5.1.3-raw",
    "RFC6716-5.1.4-uint",
    "RFC6716-5.1.5-finalise",
    "RFC6716-5.1.6-tell",
    "RFC6716-4.1.2-symbol",
    "RFC6716-4.1.3.1-bin",
    "RFC6716-4.1.3.2-logp",
    "RFC6716-4.1.3.3-icdf",
    "RFC6716-4.1.4-raw",
    "RFC6716-4.1.5-uint",
)
@given(symbols=st.lists(steps(), max_size=60), spare=st.integers(0, 3))
def test_decoding_gives_back_what_was_encoded(symbols: list[Step], spare: int) -> None:
    encoder, states = encoded(symbols)
    encoder.shrink((encoder.tell() + 7) // 8 + spare)
    data = encoder.finish()
    assert not encoder.overflow
    decoder = RangeDecoder(data)
    for step, state in zip(symbols, states, strict=True):
        check_decoded(decoder, step)
        assert (decoder.tell(), decoder.tell_frac(), decoder.range_size) == state
    assert not decoder.uint_error


@pytest.mark.clause("RFC6716-5.1.1-symbol", "RFC6716-5.1.1.2-carry", "RFC6716-5.1.5-finalise")
@given(symbols=st.lists(steps().filter(lambda step: step[0] == "symbol"), max_size=40))
def test_the_code_lies_in_the_exact_interval(symbols: list[Step]) -> None:
    """An oracle with fractions instead of a carry: the range as an interval between 0 and 1."""
    encoder, _ = encoded(symbols)
    bottom, size, unit = Fraction(0), 1 << 31, Fraction(1, 1 << 31)
    for _, low, high, total in symbols:
        scale = size // total
        if low > 0:
            bottom += (size - scale * (total - low)) * unit
            size = scale * (high - low)
        else:
            size -= scale * (total - high)
        while size <= 1 << 23:
            size <<= 8
            unit /= 256
    data = encoder.finish()
    code = Fraction(int.from_bytes(data, "big"), 1 << (8 * len(data)))
    assert bottom <= code < bottom + size * unit


@pytest.mark.clause("RFC6716-4.1.6.2-tellfrac", "RFC6716-5.1.6-tell")
@given(symbols=st.lists(steps(), max_size=30))
def test_fractions_of_bits_are_logarithms(symbols: list[Step]) -> None:
    encoder, _ = encoded(symbols)
    whole = encoder.tell() + encoder.range_size.bit_length()
    exact = 8 * (whole - 1 - math.log2(encoder.range_size))
    assert exact - 0.01 <= encoder.tell_frac() <= exact + 1.01
    assert encoder.tell() == -(-encoder.tell_frac() // 8)


@pytest.mark.clause("RFC6716-4.1.6.2-tellfrac")
def test_the_correction_table_is_a_geometric_series() -> None:
    for index, value in enumerate(FRACTION_CORRECTION):
        assert abs(value - 2 ** (15 + (index + 1) / 8)) < 1.5


@pytest.mark.clause("RFC6716-4.1.1-init", "RFC6716-4.1.6.1-tell", "RFC6716-5.1-init")
def test_one_bit_is_used_at_the_start() -> None:
    decoder, encoder = RangeDecoder(b"\x80\x00"), RangeEncoder(9)
    assert decoder.tell() == encoder.tell() == 1
    assert decoder.tell_frac() == encoder.tell_frac() == 8
    assert decoder.range_size == encoder.range_size == 1 << 31
    # 0.1000... in binary: 127 - 64, then a byte of zeros inverted, one bit out of step
    assert decoder.difference == (127 - 64) << 24 | 0xFFFFFF


@pytest.mark.clause("RFC6716-4.1.5-range")
def test_a_uniform_integer_out_of_range_is_an_error() -> None:
    total = 2**24 + 1
    encoder = RangeEncoder(16)
    encoder.encode_uint(total - 1, total)
    data = bytearray(encoder.finish())
    decoder = RangeDecoder(bytes(data))
    assert decoder.decode_uint(total) == total - 1
    assert not decoder.uint_error
    data[-1] |= 1  # the lowest raw bit: the value is now `total`
    decoder = RangeDecoder(bytes(data))
    assert decoder.decode_uint(total) == total - 1
    assert decoder.uint_error


@pytest.mark.clause("RFC6716-5.1.1-symbol")
def test_a_symbol_without_probability_is_refused() -> None:
    with pytest.raises(WriteError, match="W1"):
        RangeEncoder(9).encode_icdf(1, [5, 5, 0], 3)
    with pytest.raises(WriteError, match="W1"):
        RangeEncoder(9).encode_icdf(0, [8, 0], 3)


@pytest.mark.clause("RFC6716-4.1.2-symbol", "RFC6716-4.1.3.2-logp", "RFC6716-4.1.4-raw")
def test_a_trace_holds_the_interval_of_every_symbol() -> None:
    symbols: list[Step] = [
        ("symbol", 3, 9, 28),
        ("bin", 64, 65, 7),
        ("logp", 1, 3),
        ("logp", 0, 3),
        ("icdf", 0),
        ("icdf", 1),
        ("icdf", 2),
        ("uint", 9, 16),
        ("uint", 77777, 100000),
        ("bits", 21, 5),
    ]
    trace = Trace("payload", source="payload")
    decoder = RangeDecoder(encoded(symbols)[0].finish(), trace)
    decoder.name_symbols("name", "RFC6716-4.1.2-symbol")
    for step in symbols:
        check_decoded(decoder, step)
    assert {symbol.name for symbol in trace.symbols} == {"name"}
    assert [(symbol.fl, symbol.fh, symbol.ft) for symbol in trace.symbols] == [
        (3, 9, 28),
        (64, 65, 128),
        (7, 8, 8),
        (0, 7, 8),
        (0, 76, 256),
        (76, 136, 256),
        (136, 196, 256),
        (9, 10, 16),
        (77777 >> 9, (77777 >> 9) + 1, 196),
        (77777 & 511, (77777 & 511) + 1, 512),
        (21, 22, 32),
    ]
    assert trace.symbols[-1].tell == decoder.tell()


@pytest.mark.clause("RFC6716-4.1.2.1-zero")
@given(data=st.binary(max_size=20), total=st.integers(1, 65536))
def test_the_code_never_leaves_the_range(data: bytes, total: int) -> None:
    decoder = RangeDecoder(data)
    for _ in range(50):
        point = decoder.decode(total)
        assert 0 <= point < total
        decoder.update(point, point + 1, total)
        assert 0 <= decoder.difference < decoder.range_size
        assert 1 << 23 < decoder.range_size <= 1 << 31


@given(
    first=st.lists(steps(), max_size=12),
    second=st.lists(steps(), max_size=12),
    third=st.lists(steps(), max_size=12),
)
def test_a_restored_encoder_has_forgotten(first: list[Step], second: list[Step], third: list[Step]) -> None:
    encoder, _ = encoded(first)
    state = encoder.checkpoint()
    for kind, *rest in second:
        ENCODE[kind](encoder, *rest)
    encoder.restore(state)
    for kind, *rest in third:
        ENCODE[kind](encoder, *rest)
    assert encoder.finish() == encoded(first + third)[0].finish()
