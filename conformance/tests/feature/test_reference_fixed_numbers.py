"""Rounding and conversion of the fixed-point profile, by hand and by the rational numbers they stand for."""

from fractions import Fraction
from functools import cache
from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dred_model import named_synthetic_model
from dred_reference.feature.fixed import FixedArithmetic, to_float32
from dred_reference.feature.fixed.numbers import clamp, nearest, round_shift, scaled

HALF = Fraction(1, 2)


@cache
def fixed_arithmetic() -> FixedArithmetic:
    return FixedArithmetic(named_synthetic_model("synthetic-1-4x3-net8x8x8x8").to_reference_network())


@pytest.mark.clause("FIX-round")
@pytest.mark.parametrize(
    ("value", "bits", "expected"),
    [
        (5, 1, 3),
        (-5, 1, -2),
        (3, 1, 2),
        (-3, 1, -1),
        (-1, 1, 0),
        (1, 1, 1),
        (6, 2, 2),
        (-6, 2, -1),
        (-7, 2, -2),
    ],
)
def test_ties_go_towards_plus_infinity(value: int, bits: int, expected: int) -> None:
    assert round_shift(value, bits) == expected
    assert round_shift(np.array([value]), bits).tolist() == [expected]
    assert nearest(value, 1 << bits) == expected


@pytest.mark.clause("FIX-round")
@given(st.integers(-(2**62), 2**62), st.integers(1, 31))
def test_round_shift_is_floor_of_a_half_more(value: int, bits: int) -> None:
    expected = floor(Fraction(value, 1 << bits) + HALF)
    assert round_shift(value, bits) == expected
    assert int(round_shift(np.array([value]), bits)[0]) == expected


FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False)


@pytest.mark.clause("FIX-round", "FIX-float-weight", "FIX-multiplier", "FIX-bias")
@given(FLOATS, st.sampled_from([1 << 16, 1 << 24, 127 << 31]))
def test_a_float32_is_the_real_number_that_it_denotes(value: float, factor: int) -> None:
    assert scaled([value], factor).tolist() == [floor(Fraction(value) * factor + HALF)]


@pytest.mark.clause("FIX-round")
def test_extremes_convert_exactly() -> None:
    largest = float(np.finfo(np.float32).max)  # (2**24 - 1) * 2**104
    smallest = float(np.float32(1e-45))
    found = scaled([largest, -largest, smallest, -smallest, -0.0], 1 << 24).tolist()
    assert found == [(2**24 - 1) << 128, -(2**24 - 1) << 128, 0, 0, 0]


def test_clamp() -> None:
    assert clamp(np.array([-9, -8, 0, 8, 9]), 8).tolist() == [-8, -8, 0, 8, 8]


@pytest.mark.clause("FIX-input")
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, 0),
        (1.0, 65536),
        (2.0**-17, 1),  # ties go up ...
        (-(2.0**-17), 0),  # ... also below zero
        (1.5 * 2.0**-16, 2),
        (-1.5 * 2.0**-16, -1),
        (-0.625, -40960),
        (128.0 + 2.0**-16, 128 * 65536 + 1),
        (32767.998046875, 2**31 - 2**7),  # the largest float32 below 2**15
        (32768.0, 2**31 - 1),
        (-32768.0, -(2**31) + 1),
        (1e38, 2**31 - 1),
        (-3.4e38, -(2**31) + 1),
        (1e-45, 0),
        (-1e-45, 0),
        (-0.0, 0),
    ],
)
def test_inputs(value: float, expected: int) -> None:
    assert fixed_arithmetic().values(np.array([value], dtype=np.float32)).tolist() == [expected]


@pytest.mark.clause("FIX-input", "DRED-level-input")
def test_level_values_are_exact() -> None:
    levels = np.arange(16, dtype=np.float32) * np.float32(0.125) - np.float32(1)
    assert fixed_arithmetic().values(levels).tolist() == [8192 * q - 65536 for q in range(16)]


def input_of_symbol(symbol: int, scale: int) -> int:
    """Section 3 of the note: the input of a symbol, without a floating-point number."""
    numerator, divisor = 256 * abs(symbol), scale or 1
    if numerator >= divisor << 15:
        return (2**31 - 1) * (1 if symbol > 0 else -1)
    if numerator == 0:
        return 0
    exponent = 0
    while Fraction(numerator, divisor) * Fraction(2) ** exponent < 2**23:
        exponent += 1
    whole, rest = divmod(numerator << exponent, divisor)
    if 2 * rest > divisor or (2 * rest == divisor and whole % 2):
        whole += 1
    value = Fraction(whole, 1 << exponent) * (1 if symbol > 0 else -1)
    return max(min(floor(value * 65536 + HALF), 2**31 - 1), -(2**31) + 1)


@pytest.mark.clause("FIX-input", "DRED-dequantise")
@given(st.integers(-(2**21), 2**21) | st.integers(-40, 40), st.integers(0, 255))
def test_the_way_without_floating_point_leads_to_the_same_input(symbol: int, scale: int) -> None:
    value = np.float32(symbol) * np.float32(256) / np.float32(scale or 1)
    assert fixed_arithmetic().values(np.array([value])).tolist() == [input_of_symbol(symbol, scale)]


@pytest.mark.clause("FIX-output")
def test_features_as_floating_point_numbers() -> None:
    features = to_float32([65536, -1, 0, 2**24 + 1, 2**24 + 3, -(2**24) - 1])
    assert features.dtype == np.float32
    assert features.tolist() == [1.0, -(2.0**-16), 0.0, 256.0, (2**24 + 4) / 65536, -256.0]  # ties to even
