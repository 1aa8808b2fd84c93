"""
Numbers as C sources write them.

An importer must get the very value the compiler gets. Without a suffix a decimal constant is a double that
is then rounded to float; with the suffix ``f`` it is rounded once. The two differ only when the double lies
exactly between two floats, and there the decimal text decides.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

INTEGER_BYTES = b" \t\r\n+-0123456789"
FLOAT_BYTES = INTEGER_BYTES + b".eEfF"
MAX_TOKEN = 64  # no exporter writes more; bounds the cost of a decision in exact arithmetic
OCTAL = re.compile(rb"\s*[+-]?0[0-9]+\s*")


def parse_integers(tokens: list[bytes], low: int, high: int) -> NDArray[np.int64]:
    """
    Parse integer constants.

    Parameters
    ----------
    tokens : list of bytes
        The text between the commas.
    low, high : int
        The range of the element type.

    Raises
    ------
    ValueError
        Naming the first token at fault.
    """
    values: list[int] = []
    for token in tokens:
        try:
            if len(token) > MAX_TOKEN or token.translate(None, INTEGER_BYTES):
                raise ValueError(token)
            value = int(token)
        except ValueError:
            raise ValueError(f"{show(token)} is no integer") from None
        if not low <= value <= high:
            raise ValueError(f"{show(token)} is outside {low} to {high}")
        values.append(value)
    if any(map(OCTAL.fullmatch, tokens)):
        raise ValueError("an octal constant")
    return np.array(values, dtype=np.int64)


def parse_floats(tokens: list[bytes]) -> NDArray[np.float32]:
    """
    Parse floating constants to the floats a compiler makes of them.

    Raises
    ------
    ValueError
        Naming the first token at fault; infinities, NaN and overflow are faults.
    """
    values: list[float] = []
    suffixed: list[int] = []
    for index, token in enumerate(tokens):
        digits = token.strip()
        if digits[-1:] in (b"f", b"F"):
            digits = digits[:-1]
            suffixed.append(index)
        try:
            if len(token) > MAX_TOKEN or digits.translate(None, FLOAT_BYTES):
                raise ValueError(token)
            values.append(float(digits))
        except ValueError:
            raise ValueError(f"{show(token)} is no number") from None
    doubles = np.array(values, dtype=np.float64)
    with np.errstate(over="ignore"):
        floats = doubles.astype(np.float32)
    if not np.isfinite(floats).all():
        raise ValueError(f"{show(tokens[int(np.flatnonzero(~np.isfinite(floats))[0])])} overflows a float")
    if suffixed:
        _round_once(floats, doubles, tokens, suffixed)
    return floats


def _round_once(
    floats: NDArray[np.float32], doubles: NDArray[np.float64], tokens: list[bytes], suffixed: list[int]
) -> None:
    towards = np.where(doubles > floats, np.float32(np.inf), np.float32(-np.inf)).astype(np.float32)
    with np.errstate(over="ignore", under="ignore"):
        others = np.nextafter(floats, towards)
    between = (doubles != floats) & (doubles - floats == others.astype(np.float64) - doubles)
    for index in set(np.flatnonzero(between).tolist()).intersection(suffixed):
        exact = Fraction(tokens[index].strip()[:-1].decode("ascii"))
        double = Fraction(float(doubles[index]))
        if exact != double:
            low, high = sorted((floats[index], others[index]))
            floats[index] = high if exact > double else low


def show(token: Any) -> str:
    """Return a token as it may stand in a message."""
    return repr(token.strip()[:40].decode("ascii", "replace"))
