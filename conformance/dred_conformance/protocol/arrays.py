"""Arrays as the protocol carries them: base64 of little-endian values."""

import base64
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["FLOATS", "INTEGERS", "SAMPLES", "floats_to_base64", "from_base64"]

FLOATS = "<f4"
INTEGERS = "<i4"
SAMPLES = "<i2"


def floats_to_base64(values: ArrayLike) -> str:
    """Return numbers as float32, row by row."""
    return base64.b64encode(np.asarray(values, dtype=FLOATS).tobytes()).decode()


def from_base64(text: str, dtype: str = FLOATS) -> NDArray[Any]:
    """Return the values that a text holds, shape (count,).

    Parameters
    ----------
    text
        What an answer or a vector has.
    dtype
        `FLOATS`, `INTEGERS` or `SAMPLES`.

    Raises
    ------
    ValueError
        The text is no base64, or not of whole values.
    """
    return np.frombuffer(base64.b64decode(text, validate=True), dtype)
