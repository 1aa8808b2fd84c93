"""What an adapter says, made fit for a line of a report."""

import json
import math
from typing import Any

__all__ = ["finite", "plain", "shortened"]

_LONGEST_VALUE = 2000


def plain(text: str, longest: int = 300) -> str:
    """Return text on one line, without control characters that a terminal or XML would stumble over."""
    cut = text if len(text) <= longest else f"{text[:longest]}... ({len(text)} characters)"
    if cut.isprintable():
        return cut
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in cut)


def finite(value: Any) -> Any:
    """Return a value of an answer as JSON can hold it."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def shortened(value: Any) -> Any:
    """Return a value of an answer, or the beginning of its JSON text if it is large."""
    text = value if isinstance(value, str) else json.dumps(value)
    return value if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}... ({len(text)} characters)"
