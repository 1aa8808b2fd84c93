"""Floats from text are the floats a compiler makes of it."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dred_model.c_numbers import parse_floats


def nearest_float(exact: Fraction) -> np.float32:
    """Round to nearest, ties to even, by looking at three neighbours: slow and plain."""
    start = np.float32(float(exact))
    candidates = [start, np.nextafter(start, np.float32(np.inf)), np.nextafter(start, np.float32(-np.inf))]
    finite = [c for c in candidates if np.isfinite(c)]
    return min(finite, key=lambda c: (abs(Fraction(float(c)) - exact), int(c.view(np.uint32)) & 1))


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_every_float_survives_nine_digits(value: float) -> None:
    for text in (f"{value:.9g}", f"{value:.9g}f"):
        assert parse_floats([text.encode()])[0] == np.float32(value)


@given(
    st.floats(width=32, min_value=2**-120, max_value=2**100),
    st.sampled_from(["", "0000001", "000000000001"]),
    st.sampled_from([-1, 1]),
)
def test_a_suffix_rounds_once(value: float, tail: str, sign: int) -> None:
    low = Fraction(value)
    high = Fraction(float(np.nextafter(np.float32(value), np.float32(np.inf))))
    middle = (low + high) / 2
    digits = 40
    scaled = middle * 10**digits
    text = f"{sign * (scaled.numerator // scaled.denominator)}{tail}e-{digits + len(tail)}"
    if len(text) > 62:
        return
    found = parse_floats([text.encode() + b"f"])[0]
    assert found == nearest_float(Fraction(text))


def test_where_one_rounding_differs_from_two() -> None:
    # 1 + 2^-24 lies exactly between two floats; a little more rounds up, unless a double swallows the little.
    text = b"1.00000005960464477539062500001"
    assert parse_floats([text])[0] == np.float32(1)
    assert parse_floats([text + b"f"])[0] == np.nextafter(np.float32(1), np.float32(2))
    below = b"1.00000017881393432617187499999"
    assert parse_floats([below])[0] == np.float32(1 + 2**-22)
    assert parse_floats([below + b"f"])[0] == np.float32(1 + 2**-23)


@pytest.mark.parametrize("text", [b"3.4028235e38f", b"-3.4028235e38", b"1e-45f", b"1e-60f", b"0f", b"-0.0"])
def test_the_ends_of_the_range(text: bytes) -> None:
    assert np.isfinite(parse_floats([text])[0])
