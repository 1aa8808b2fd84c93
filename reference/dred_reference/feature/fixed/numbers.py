"""Rounding and formats of the fixed-point profile. A Qn integer v stands for v / 2**n."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dred_reference.clauses import clause

__all__ = [
    "ACTIVATION_BITS",
    "ACTIVATION_ONE",
    "LARGEST_ACTIVATION",
    "PREACTIVATION_BITS",
    "Integers",
    "clamp",
    "nearest",
    "round_shift",
    "scaled",
    "to_float32",
]

ACTIVATION_BITS = 15
ACTIVATION_ONE = 1 << ACTIVATION_BITS
LARGEST_ACTIVATION = ACTIVATION_ONE - 1
PREACTIVATION_BITS = 16

Integers = NDArray[Any]
"""An array of int64, or of Python's integers (object) where the width is not known yet."""


@clause("FIX-round")
def round_shift(values: Any, bits: int) -> Any:
    """Return values / 2**bits rounded to the nearest integer, ties towards plus infinity.

    Parameters
    ----------
    values : int or Integers
        For int64 below 2**63 - 2**(bits - 1).
    bits : int
        At least 1.

    Returns
    -------
    int or Integers
    """
    return (values + (1 << (bits - 1))) >> bits


@clause("FIX-round")
def nearest(numerator: int, denominator: int) -> int:
    """Return the integer nearest to a fraction, ties towards plus infinity: floor(r + 1/2).

    Parameters
    ----------
    numerator : int
    denominator : int
        Positive.
    """
    return (2 * numerator + denominator) // (2 * denominator)


@clause("FIX-round")
def scaled(values: ArrayLike, factor: int) -> Integers:
    """Return the integers nearest to float32 numbers times a factor; nothing else is rounded.

    Parameters
    ----------
    values : array_like of float32
        Finite; each is taken for the real number that it denotes.
    factor : int

    Returns
    -------
    array of Python integers, same shape
        As large as they have to be.
    """
    array = np.asarray(values, dtype=np.float32)
    ratios = [float(value).as_integer_ratio() for value in array.reshape(-1)]
    rounded = [nearest(numerator * factor, denominator) for numerator, denominator in ratios]
    integers = np.empty(len(rounded), dtype=object)
    integers[:] = rounded
    return integers.reshape(array.shape)


def clamp(values: Integers, largest: int) -> Integers:
    """Limit integers to -largest .. largest."""
    return np.minimum(np.maximum(values, -largest), largest)


@clause("FIX-output")
def to_float32(features: ArrayLike) -> NDArray[np.float32]:
    """Return Q16 features as floating-point numbers.

    Parameters
    ----------
    features : array_like of int
        Q16, 32 bits.

    Returns
    -------
    array of float32, same shape
        p / 65536, ties to even.
    """
    exact = np.asarray(features, dtype=np.int64).astype(np.float64) / (1 << PREACTIVATION_BITS)
    return exact.astype(np.float32)
