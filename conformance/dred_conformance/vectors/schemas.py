"""The JSON Schemas of vectors.

Those that came with this package, not those of the folder in question: a changed schema could allow anything.
"""

import functools
import itertools
from typing import Any

import jsonschema

from dred_conformance.data import data_folder
from dred_conformance.vectors.strict_json import parse_json, read_bytes

__all__ = ["GROUP_SCHEMA", "MANIFEST_SCHEMA", "SCHEMAS", "schema_bytes", "schema_problem"]

GROUP_SCHEMA = "group-1.schema.json"
MANIFEST_SCHEMA = "manifest-1.schema.json"
_MOST_ERRORS = 50
SCHEMAS = (GROUP_SCHEMA, MANIFEST_SCHEMA)


@functools.cache
def schema_bytes(name: str) -> bytes:
    """Return a schema file as it came with this package."""
    return read_bytes(data_folder("vectors") / "schema" / name)


@functools.cache
def _validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(parse_json(schema_bytes(name), name))


def schema_problem(name: str, data: Any) -> tuple[list[str | int], str] | None:
    """Return where and how ``data`` does not fit a schema, or ``None``."""
    # Not all of what may be millions of errors.
    errors = itertools.islice(_validator(name).iter_errors(data), _MOST_ERRORS)
    worst = jsonschema.exceptions.best_match(errors)
    return None if worst is None else (list(worst.absolute_path), worst.message[:300])
