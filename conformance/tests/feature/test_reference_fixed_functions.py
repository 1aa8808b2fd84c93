"""tanh, sigmoid and products in integers: the table of the note, hand-made cases, and the real functions."""

import math
from fractions import Fraction
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dred_conformance.data import data_folder
from dred_reference.feature.fixed.functions import product, sigmoid, tanh, tanh_table

SHA256 = "77cd4c5e984f2d6b510ac78d4ed688c9cd027a1d8cb9ba1ec7ca08aa3f4dfe81"  # of the note
INT32 = st.integers(-(2**31), 2**31 - 1)


def published() -> list[int]:
    text = (data_folder("spec-notes") / "fixed-point" / "tanh-q18.txt").read_text(encoding="utf-8")
    return [int(word) for word in text.split()]


def one(function: object, value: int) -> int:
    return int(function(np.array([value], dtype=np.int64))[0])  # type: ignore[operator]


@pytest.mark.clause("FIX-tanh-table")
def test_the_table_is_the_published_one() -> None:
    table = tanh_table()
    assert table.tolist() == published()
    assert sha256(table.astype("<i4").tobytes()).hexdigest() == SHA256


@pytest.mark.clause("FIX-tanh-table")
def test_the_published_table_is_tanh() -> None:
    assert published() == [math.floor(2**18 * math.tanh(k / 128) + 0.5) for k in range(1025)]


# T[0] = 0, T[1] = 2048, T[2] = 4096, T[3] = 6143, T[1023] = T[1024] = 262144: entries of the published file.
@pytest.mark.clause("FIX-tanh")
@pytest.mark.parametrize(
    ("preactivation", "expected"),
    [
        (0, 0),
        (1, 1),  # v = 2048, a tie of 2**12: up
        (-1, -1),  # the magnitude is rounded, not the number
        (3, 2),  # v = 6144 = 1.5 * 2**12
        (2, 1),
        (511, 256),  # v = 511 * 2048, 255.5 * 2**12
        (512, 256),  # 512 * 2048 / 4096
        (1024, 512),
        (1025, 512),  # 512 * 4096 + 2047, below the half of 2**12
        (1026, 513),  # 512 * 4096 + 4094
        (8 * 65536 - 1, 32767),
        (8 * 65536, 32767),
        (-8 * 65536, -32767),
        (2**31 - 2, 32767),
        (-(2**31) + 2, -32767),
    ],
)
def test_tanh(preactivation: int, expected: int) -> None:
    assert one(tanh, preactivation) == expected


@pytest.mark.clause("FIX-tanh")
def test_tanh_next_to_its_largest_value() -> None:
    """From 262140 in the table on, 32767.5 / 32768, it is the limit that keeps the result at 32767."""
    table = published()
    entry = next(k for k, value in enumerate(table) if value >= 262132)  # 32766.5 / 32768
    assert one(tanh, 512 * entry) == 32767
    assert one(tanh, 512 * entry - 512) < 32767
    late = next(k for k, value in enumerate(table) if value >= 262140)
    assert [one(tanh, 512 * k) for k in range(late, 1024)] == [32767] * (1024 - late)


@pytest.mark.clause("FIX-sigmoid")
@pytest.mark.parametrize(
    ("preactivation", "expected"),
    [
        (0, 16384),
        (1, 16384),  # u = 2048: an eighth of 2**14
        (3, 16384),  # 3 * 2048
        (4, 16385),  # u = 8192, a tie: up
        (-4, 16384),  # u = -8192: a tie goes up here too
        (-5, 16383),
        (1024, 16512),  # 16384 + 1024 * 2048 / 2**14
        (-1024, 16256),
        (16 * 65536, 32768),
        (2**31 - 2, 32768),
        (-16 * 65536, 0),
        (-(2**31) + 2, 0),
    ],
)
def test_sigmoid(preactivation: int, expected: int) -> None:
    assert one(sigmoid, preactivation) == expected


def interpolated(magnitude: int, step_bits: int) -> Fraction:
    """Return the broken line through the published table."""
    table = published()
    at = Fraction(min(magnitude, (1024 << step_bits) - 1), 1 << step_bits)
    k = math.floor(at)
    return Fraction(table[k]) + (at - k) * (table[k + 1] - table[k])


@pytest.mark.clause("FIX-tanh", "FIX-sigmoid")
@given(INT32)
def test_both_are_the_broken_line_rounded(preactivation: int) -> None:
    sign = 1 if preactivation >= 0 else -1
    wanted = min(math.floor(interpolated(abs(preactivation), 9) / 8 + Fraction(1, 2)), 32767)
    assert one(tanh, preactivation) == sign * wanted
    half = sign * interpolated(abs(preactivation), 10) / 16
    assert one(sigmoid, preactivation) == math.floor(16384 + half + Fraction(1, 2))


@pytest.mark.clause("FIX-tanh", "FIX-sigmoid")
def test_both_are_near_the_real_functions_and_never_fall() -> None:
    points = np.arange(-20 * 65536, 20 * 65536, 97)
    real = np.tanh(points / 65536)
    assert np.abs(tanh(points) / 32768 - real).max() <= 2**-15  # 32767 for 1
    assert np.abs(sigmoid(points) / 32768 - (0.5 + 0.5 * np.tanh(points / 131072))).max() < 2**-15
    assert np.diff(tanh(points)).min() >= 0
    assert np.diff(sigmoid(points)).min() >= 0


@pytest.mark.clause("FIX-product", "FIX-round")
@pytest.mark.parametrize(
    ("gate", "number", "expected"),
    [
        (32768, -32767, -32767),
        (0, 2**31 - 1, 0),
        (16384, 1, 1),  # 1/2: up
        (16384, -1, 0),  # -1/2: up
        (16384, -3, -1),
        (32767, 32767, 32766),  # 32766.00003
        (1, -(2**31), -65536),
        (32768, 2**31 - 2, 2**31 - 2),
    ],
)
def test_product(gate: int, number: int, expected: int) -> None:
    assert product(np.array([gate]), np.array([number])).tolist() == [expected]
