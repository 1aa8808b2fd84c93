"""Reports as JSON: the records as they are, in a document that a published schema describes."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import resources
from typing import Any

FORMAT = "dred-inspect/1"


def as_json(value: object) -> Any:
    """Return a record, or what records are made of, as JSON values."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [as_json(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    return value


@cache
def inspect_schema() -> dict[str, Any]:
    """Return the JSON Schema of what ``dred inspect --json`` prints."""
    path = resources.files("dred_conformance.inspection") / "schema" / "inspect-1.schema.json"
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded
