"""What an adapter answered, made fit for a report: strict JSON of bounded size and depth, printable text."""

import json
import re
from typing import Any

from dred_conformance.runner.wording import finite

__all__ = ["LARGEST_DETAIL", "json_text", "printable", "report_value", "shortened"]

_DEEPEST = 40
LARGEST_DETAIL = 20_000  # characters of JSON
_UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def report_value(value: Any, depth: int = 0) -> Any:
    """Return a decoded JSON value without what strict JSON cannot hold, or what no reader can bear.

    NaN and infinities, which Python's parser lets through, become strings; what is nested too deep is left
    out.
    """
    if depth > _DEEPEST:
        return "(nested too deep)"
    if isinstance(value, dict):
        return {str(name): report_value(member, depth + 1) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [report_value(item, depth + 1) for item in value]
    return finite(value)


def json_text(value: Any, *, indent: int | None = None) -> str:
    """Return a value of a report as JSON that people read: text as it is, but for what cannot be printed."""
    return printable(json.dumps(value, ensure_ascii=False, indent=indent))


def shortened(value: Any, largest: int = LARGEST_DETAIL) -> Any:
    """Return a value, or the beginning of its JSON text if that is longer than ``largest`` characters."""
    safe = report_value(value)
    text = json.dumps(safe)
    return safe if len(text) <= largest else f"{text[:largest]}... ({len(text)} characters)"


def printable(text: str) -> str:
    r"""Return text with control characters and lone surrogates written as ``\uXXXX``.

    They are illegal in XML, cannot be encoded, or would steer a terminal.
    """
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
