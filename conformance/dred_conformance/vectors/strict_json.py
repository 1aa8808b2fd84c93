"""Reads the JSON of vectors: nothing twice, nothing infinite, nothing without bound."""

import json
import math
import re
from collections import Counter
from pathlib import Path
from typing import Any, NoReturn

from dred_conformance.vectors.errors import VectorError

__all__ = [
    "LARGEST_FILE",
    "finite_number",
    "parse_json",
    "read_bytes",
    "read_json",
    "refuse_constant",
    "unique_members",
]

LARGEST_FILE = 32 << 20  # of one file; the whole release has to stay below 30 MB
_DEEPEST = 32  # far more than any vector needs; what is done level by level stays cheap
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_BRACKET = re.compile(r"[\[\]{}]")


def read_bytes(path: Path) -> bytes:
    """Read a file of ordinary size.

    Raises
    ------
    VectorError
        It is missing, no regular file, or too large to be part of the vectors.
    """
    try:
        if not path.is_file():
            raise VectorError(f"{path}: is missing or no file; is this a vector folder?")
        if path.stat().st_size > LARGEST_FILE:
            raise VectorError(f"{path}: has more than {LARGEST_FILE >> 20} MiB; no file of the vectors has")
        return path.read_bytes()
    except OSError as error:
        raise VectorError(f"{path}: cannot be read ({error.strerror}); is this a vector folder?") from error


def read_json(path: Path) -> Any:
    """Read a JSON file.

    Raises
    ------
    VectorError
        It cannot be read, or is no JSON as vectors are written in.
    """
    return parse_json(read_bytes(path), str(path))


def parse_json(data: bytes, name: str) -> Any:
    """Return the value of JSON text in UTF-8; ``name`` is the file's, for the message.

    Raises
    ------
    VectorError
        It is no JSON, a member occurs twice in one object, or a number is not finite.
    """
    try:
        text = data.decode("utf-8")
        _check_depth(text)
        return json.loads(
            text,
            object_pairs_hook=unique_members,
            parse_constant=refuse_constant,
            parse_float=finite_number,
        )
    except ValueError as error:
        raise VectorError(f"{name}: is no JSON of vectors ({error}); fetch the vectors again") from error


def _check_depth(text: str) -> None:
    depth = 0
    for bracket in _BRACKET.finditer(_STRING.sub("", text)):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > _DEEPEST:
            raise ValueError(f"nested too deeply, more than {_DEEPEST} levels")


def unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object of these members; a ``ValueError`` if one occurs twice."""
    members = dict(pairs)
    if len(members) != len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise ValueError(f"the member {twice[:40]!a} occurs twice in one object")
    return members


def refuse_constant(text: str) -> NoReturn:
    """Refuse NaN and the infinities, which Python reads and JSON does not have."""
    raise ValueError(f"{text} is no number of JSON")


def finite_number(text: str) -> float:
    """Return the number; a ``ValueError`` if float64 has none as large."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:40]} is beyond the range of numbers")
    return value
