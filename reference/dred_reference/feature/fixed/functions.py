"""tanh, sigmoid and the product with a gate, in integers."""

from decimal import Context, Decimal
from functools import cache

import numpy as np
from numpy.typing import NDArray

from dred_reference.clauses import clause
from dred_reference.feature.fixed.numbers import (
    ACTIVATION_BITS,
    LARGEST_ACTIVATION,
    PREACTIVATION_BITS,
    Integers,
    round_shift,
)

__all__ = ["product", "sigmoid", "tanh", "tanh_table"]

TANH_TABLE_BITS = 18
TANH_STEPS_PER_ONE = 128
TANH_TABLE_END = 8
TANH_TABLE_ENTRIES = TANH_STEPS_PER_ONE * TANH_TABLE_END + 1

_STEP_BITS = PREACTIVATION_BITS - (TANH_STEPS_PER_ONE.bit_length() - 1)  # a table step of tanh in Q16: 2**9
_DIGITS = Context(prec=60)  # an entry has 6 digits before the point; none lies near a tie


@cache
@clause("FIX-tanh-table")
def tanh_table() -> NDArray[np.int64]:
    """Return the table of tanh.

    Returns
    -------
    array of int64, shape (1025,), read-only
        Entry k is tanh(k / 128) in Q18, rounded to the nearest integer  # T
    """
    entries = []
    for k in range(TANH_TABLE_ENTRIES):
        power = _DIGITS.exp(_DIGITS.divide(Decimal(2 * k), Decimal(TANH_STEPS_PER_ONE)))  # exp(2x)
        value = _DIGITS.divide(_DIGITS.subtract(power, Decimal(1)), _DIGITS.add(power, Decimal(1)))
        scaled = _DIGITS.multiply(value, Decimal(1 << TANH_TABLE_BITS))
        entries.append(int(_DIGITS.add(scaled, Decimal("0.5"))))  # floor: entries are not negative
    table = np.array(entries, dtype=np.int64)
    table.setflags(write=False)
    return table


def _interpolated(magnitudes: Integers, step_bits: int) -> Integers:
    """Return the table between its entries: Q(18 + step_bits) for magnitudes below the end of the table."""
    table = tanh_table()
    entry = magnitudes >> step_bits  # k
    fraction = magnitudes & ((1 << step_bits) - 1)  # f
    rise = table[entry + 1] - table[entry]
    interpolated: Integers = (table[entry] << step_bits) + fraction * rise  # v
    return interpolated


@clause("FIX-tanh")
def tanh(preactivations: Integers) -> Integers:
    """Return tanh.

    Parameters
    ----------
    preactivations : array of int64
        Q16, 32 bits.

    Returns
    -------
    array of int64
        Q15, -32767 to 32767.
    """
    end = (TANH_TABLE_END << PREACTIVATION_BITS) - 1  # 2**19 - 1
    magnitudes = np.minimum(np.abs(preactivations), end)  # m
    value = _interpolated(magnitudes, _STEP_BITS)
    excess = TANH_TABLE_BITS + _STEP_BITS - ACTIVATION_BITS  # 12
    rounded = np.minimum(round_shift(value, excess), LARGEST_ACTIVATION)  # y
    signed: Integers = np.where(preactivations >= 0, rounded, -rounded)
    return signed


@clause("FIX-sigmoid")
def sigmoid(preactivations: Integers) -> Integers:
    """Return 1/2 + 1/2 tanh(p / 2): a step of the table is twice as wide.

    Parameters
    ----------
    preactivations : array of int64
        Q16, 32 bits.

    Returns
    -------
    array of int64
        Q15, 0 to 32768.
    """
    end = (2 * TANH_TABLE_END << PREACTIVATION_BITS) - 1  # 2**20 - 1
    magnitudes = np.minimum(np.abs(preactivations), end)  # m
    value = _interpolated(magnitudes, _STEP_BITS + 1)
    signed = np.where(preactivations >= 0, value, -value)  # u
    value_bits = TANH_TABLE_BITS + _STEP_BITS + 1  # 28
    halved: Integers = round_shift((1 << value_bits) + signed, value_bits + 1 - ACTIVATION_BITS)  # by 14
    return halved


@clause("FIX-product")
def product(gates: Integers, numbers: Integers) -> Integers:
    """Return numbers times gates, in the format of the numbers.

    Parameters
    ----------
    gates : array of int64
        Q15, 0 to 32768  # g
    numbers : array of int64
        Any format, 32 bits  # n
    """
    rounded: Integers = round_shift(gates * numbers, ACTIVATION_BITS)
    return rounded
