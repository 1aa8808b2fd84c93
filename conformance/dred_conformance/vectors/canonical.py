"""The one way vector files are written, so that a change of a file is a change of its meaning."""

import hashlib
import json
from typing import Any

__all__ = ["canonical_json", "case_id", "compact_json"]

_INDENT = "  "
_WIDTH = 120


def compact_json(value: Any) -> str:
    """Return ``value`` on one line with sorted keys, for hashing."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=True, allow_nan=False)


def canonical_json(value: Any) -> str:
    """Return ``value`` as text: two-space indent, what fits into 120 columns on one line, final newline.

    The order of object members is kept: the schema's order is the order of reading.
    """
    return _render(value, 0, 0) + "\n"


def _flat(value: Any) -> str:
    return json.dumps(value, separators=(", ", ": "), ensure_ascii=True, allow_nan=False)


def _render(value: Any, depth: int, column: int) -> str:
    is_container = isinstance(value, dict | list)
    if not is_container or not value:
        return _flat(value)
    is_flat_list = isinstance(value, list) and not any(isinstance(item, dict | list) for item in value)
    one_line = _flat(value)
    if is_flat_list or len(one_line) + column + depth * len(_INDENT) <= _WIDTH:
        return one_line
    inner = _INDENT * (depth + 1)
    if isinstance(value, dict):
        parts = [
            f"{_flat(key)}: {_render(item, depth + 1, len(_flat(key)) + 3)}" for key, item in value.items()
        ]
        opening, closing = "{", "}"
    else:
        parts = [_render(item, depth + 1, 1) for item in value]
        opening, closing = "[", "]"
    body = f",\n{inner}".join(parts)
    return f"{opening}\n{inner}{body}\n{_INDENT * depth}{closing}"


def case_id(group: str, case_input: dict[str, Any]) -> str:
    """Return the id of a case: the group's name and eight hexadecimal digits of its input's SHA-256."""
    digest = hashlib.sha256(compact_json(case_input).encode()).hexdigest()
    return f"{group}-{digest[:8]}"
