"""
JSON from outside, read without surprises.

Size-capped, no duplicate keys, no NaN; every failure is a `ModelError` that names the file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from .errors import ModelError
from .limits import Limits
from .plain_files import read_plain


def parse_object(text: bytes, subject: str) -> dict[str, Any]:
    """
    Parse a JSON object.

    Raises
    ------
    ModelError
        M7 when it is none, has a key twice, or is nested beyond reason.
    """

    def no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise ValueError(f"the key {key!r} occurs twice")
            found[key] = value
        return found

    def no_constant(name: str) -> NoReturn:
        raise ValueError(f"{name} is no JSON number")

    try:
        value = json.loads(text.decode("utf-8"), object_pairs_hook=no_duplicates, parse_constant=no_constant)
    except (ValueError, RecursionError) as error:
        raise ModelError("M7", f"not the JSON expected: {error}", subject=subject) from error
    if not isinstance(value, dict):
        raise ModelError("M7", "not a JSON object", subject=subject)
    return value


def load_object(path: Path, limits: Limits) -> dict[str, Any]:
    """Read and parse a JSON object from a file; errors as `read_plain` and `parse_object`."""
    return parse_object(read_plain(path, limits.json_bytes), str(path))


def integer(value: Any, low: int, high: int, subject: str) -> int:
    """
    Return `value` if it is an integer from `low` to `high`.

    Raises
    ------
    ModelError
        M7.
    """
    if type(value) is not int or not low <= value <= high:
        raise ModelError("M7", f"{value!r:.80} is no integer from {low} to {high}", subject=subject)
    return value


def byte_rows(value: Any, subject: str) -> NDArray[np.uint8]:
    """
    Return a list of equally long rows of integers 0 to 255 as a 2-D array.

    Raises
    ------
    ModelError
        M5 for ragged rows, M7 for anything but such integers.
    """
    if not isinstance(value, list) or not value or not all(isinstance(row, list) for row in value):
        raise ModelError("M7", "not a list of rows", subject=subject)
    if any(len(row) != len(value[0]) for row in value):
        raise ModelError("M5", "the rows differ in length", subject=subject)
    for row in value:
        for entry in row:
            integer(entry, 0, 255, subject)
    return np.array(value, dtype=np.uint8).reshape(len(value), -1)
