"""Products, tanh and powers of e in float64 that come out the same to the last bit on every machine.

A numerical library adds in whatever order suits the processor, and its tanh differs from machine to machine
in the last bits. Published features must not. Here integers are multiplied so that no sum is ever rounded,
other sums have an order, and tanh is made of operations that IEEE 754 defines to the last bit.
"""

import math

import numpy as np
from numpy.typing import NDArray

from dred_reference.clauses import clause
from dred_reference.feature.arithmetic import Vector

__all__ = ["exponential", "integer_product", "ordered_product", "tanh"]

_INT8_BITS = 7
_FLOAT64_BITS = 53
# ln 2 in two parts: the first has so few bits that its product with a small integer is exact.
_LN_2_HIGH = 762123384785 / 2**40
_LN_2_LOW = 7.371002565167799e-13
_SATURATED = 20.0  # beyond it tanh is 1 in float64
# 1/14! to 1/1!: the terms of exp(r) - 1 that float64 can tell, for |r| up to ln(2) / 2.
_SERIES = tuple(1.0 / math.factorial(n) for n in range(14, 0, -1))


@clause("DRED-net-weights")
def integer_product(weights: NDArray[np.float64], vector: Vector) -> Vector:
    """Return weights times vector for int8 weights.

    The vector is cut into two parts with so few bits each that all sums of products are exact, in any order.

    Parameters
    ----------
    weights : array of float64, shape (outputs, inputs)
        Integers of int8.
    vector : array of float64, shape (inputs,)
        Numbers below the second part, 70 bits or so under the largest, do not count.
    """
    bits = _FLOAT64_BITS - _INT8_BITS - len(vector).bit_length() - 1
    _, exponent = np.frexp(np.max(np.abs(vector), initial=0.0))
    high = _on_grid(vector, exponent - bits)
    low = _on_grid(vector - high, exponent - 2 * bits)
    product: Vector = weights @ high + weights @ low
    return product + 0.0  # no zero is negative: its sign would depend on the order


def _on_grid(vector: Vector, exponent: np.signedinteger) -> Vector:
    """Round to multiples of 2 ** exponent."""
    rounded: Vector = np.ldexp(np.rint(np.ldexp(vector, -exponent)), exponent)
    return rounded


@clause("DRED-net-weights")
def ordered_product(weights: NDArray[np.float64], vector: Vector) -> Vector:
    """Return weights times vector, the products added from the first input to the last."""
    sums: Vector = np.add.accumulate(weights * vector, axis=1)
    return sums[:, -1]


@clause("DRED-net-gru", "DRED-net-conv")
def tanh(values: Vector) -> Vector:
    """Return tanh, a few units in the last place from the real number at most.

    With e = exp(-2 |x|) - 1, tanh |x| = -e / (2 + e); exp by a power of two and the series of what remains.
    """
    series, twos = _scaled_power(-2.0 * np.minimum(np.abs(values), _SATURATED))
    e = np.ldexp(series, twos) + (np.ldexp(1.0, twos) - 1.0)
    magnitude: Vector = np.copysign(-e / (2.0 + e), values)
    return magnitude


@clause("VOC-gain")
def exponential(values: Vector) -> Vector:
    """Return e to the power of values, a few units in the last place from the real number at most."""
    series, twos = _scaled_power(values)
    power: Vector = np.ldexp(1.0 + series, twos)
    return power


def _scaled_power(exponents: Vector) -> tuple[Vector, NDArray[np.int64]]:
    """Return s and n with e to the power of the exponents = (1 + s) * 2^n, s within 0.42 of 0."""
    twos = np.rint(exponents / (_LN_2_HIGH + _LN_2_LOW))
    rest = (exponents - twos * _LN_2_HIGH) - twos * _LN_2_LOW
    series = np.zeros_like(rest)
    for coefficient in _SERIES:
        series = (series + coefficient) * rest
    return series, twos.astype(np.int64)
