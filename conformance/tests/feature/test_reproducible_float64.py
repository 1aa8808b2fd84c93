"""The float64 profile yields the same bits everywhere: exact or ordered sums, tanh of basic operations."""

from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dred_reference.feature.reproducible import integer_product, ordered_product, tanh

FINITE = st.floats(-1e6, 1e6)


def real_tanh(x: float) -> Fraction:
    with localcontext() as context:
        context.prec = 60
        power = (2 * Decimal(x)).exp()
        return Fraction((power - 1) / (power + 1))


@given(st.floats(-25, 25).filter(lambda x: abs(x) > 1e-20))
@pytest.mark.clause("DRED-net-gru")
def test_tanh_is_within_four_units_in_the_last_place(x: float) -> None:
    found = float(tanh(np.array([x]))[0])
    assert abs(Fraction(found) - real_tanh(x)) <= 4 * Fraction(float(np.spacing(abs(found))))


def test_tanh_keeps_signs_tiny_and_huge_numbers() -> None:
    values = np.array([0.0, -0.0, 5e-324, -1e-300, 30.0, -1e300])
    assert [value.hex() for value in tanh(values).tolist()] == [
        value.hex() for value in (0.0, -0.0, 5e-324, -1e-300, 1.0, -1.0)
    ]


@given(st.integers(0, 2**32 - 1), st.integers(1, 600), st.sampled_from([1.0, 1e-12, 1e30]))
def test_the_product_of_integers_is_exact_in_any_order(seed: int, count: int, size: float) -> None:
    generator = np.random.default_rng(seed)
    weights = generator.integers(-128, 128, (3, count)).astype(np.float64)
    vector = np.tanh(generator.standard_normal(count)) * size
    found = integer_product(weights, vector)
    order = generator.permutation(count)
    assert found.tobytes() == integer_product(weights[:, order], vector[order]).tobytes()
    for row, value in zip(weights, found, strict=True):
        exact = sum((Fraction(w) * Fraction(x) for w, x in zip(row, vector, strict=True)), Fraction(0))
        # Two exact sums, so one rounding, and what lies below the second part.
        allowed = Fraction(float(np.spacing(abs(value)))) + Fraction(size) * count / 2**70
        assert abs(Fraction(float(value)) - exact) <= allowed


def test_no_zero_is_negative() -> None:
    weights = np.array([[-1.0, -2.0]])
    for vector in ([0.0, 0.0], [-0.0, -0.0], [1.0, -0.5]):
        assert not np.signbit(integer_product(weights, np.array(vector))).any()


@given(st.lists(FINITE, min_size=1, max_size=40))
def test_other_products_add_from_the_first_to_the_last(values: list[float]) -> None:
    weights: NDArray[np.float64] = np.linspace(-1.0, 1.0, len(values))[np.newaxis]
    total = 0.0
    for weight, value in zip(weights[0].tolist(), values, strict=True):
        total = total + weight * value
    assert ordered_product(weights, np.array(values)).tolist() == [total]
