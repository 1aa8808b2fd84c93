"""Reads one line of an adapter as JSON: nothing twice, nothing infinite, nothing too deep or too large."""

import json
import re
from typing import Any

from dred_conformance.vectors.strict_json import finite_number, refuse_constant, unique_members

__all__ = ["LineError", "decode_line"]

_DEEPEST = 64  # an answer of the protocol has five levels
_MOST_CONTAINERS = 1 << 19  # empty objects take 30 times the memory of their two bytes
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")


class LineError(Exception):
    """A line of the adapter is not the JSON that the protocol speaks."""


def decode_line(line: bytes) -> Any:
    """Return the value that a line holds.

    Parameters
    ----------
    line
        What the adapter wrote, without line feed.

    Raises
    ------
    LineError
        It is no UTF-8 or no JSON; a member occurs twice in one object; a number is not finite or has too many
        digits; a string is no text; it is nested too deeply or has too many parts.
    """
    opened = line.count(b"[") + line.count(b"{")
    if opened > _MOST_CONTAINERS:
        raise LineError(f"more than {_MOST_CONTAINERS} arrays and objects in one answer")
    try:
        value = _decode(line.decode("utf-8"))
    except RecursionError as error:
        raise LineError(f"nested more than {_DEEPEST} levels deep") from error
    except ValueError as error:
        raise LineError(_in_words(error)) from error
    if opened > _DEEPEST and _is_too_deep(line):
        raise LineError(f"nested more than {_DEEPEST} levels deep")
    if b"\\u" in line:
        _check_text(value)
    return value


def _in_words(error: ValueError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} is not UTF-8"
    return "an integer has too many digits" if "integer string conversion" in str(error) else str(error)


_decode = json.JSONDecoder(
    object_pairs_hook=unique_members, parse_constant=refuse_constant, parse_float=finite_number
).decode


def _is_too_deep(line: bytes) -> bool:
    """Tell from the brackets of valid JSON: every turn takes the innermost pairs away."""
    brackets = _STRING.sub(b"", line).translate(None, _NO_BRACKETS)
    for _ in range(_DEEPEST):
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
    return bool(brackets)


def _check_text(value: Any) -> None:
    """Refuse escapes of half a surrogate pair: no report could be written with them."""
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise LineError("a string has half a surrogate pair") from error
