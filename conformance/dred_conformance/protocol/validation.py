"""Checks of protocol messages against the JSON Schema that is published with the suite."""

import functools
import json
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

import jsonschema

__all__ = ["answer_problem", "hello_problem", "request_problem", "required_members", "schema"]

_DIALECT = jsonschema.Draft202012Validator


@functools.cache
def schema() -> dict[str, Any]:
    """Return the JSON Schema of the protocol, a document of ``$defs``."""
    path = resources.files("dred_conformance.protocol") / "schema" / "adapter-1.schema.json"
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


@functools.cache
def _validator(pointer: str) -> jsonschema.Draft202012Validator:
    document = {**schema(), "$ref": f"#/$defs/{pointer}"}
    return _DIALECT(document)


def _first_problem(errors: Iterator[jsonschema.ValidationError]) -> str | None:
    error = jsonschema.exceptions.best_match(errors)
    if error is None:
        return None
    where = "/".join(str(part) for part in error.absolute_path) or "message"
    return f"{where}: {error.message[:300]}"


def hello_problem(message: object) -> str | None:
    """Return what is wrong with an answer to ``hello``, or ``None``."""
    return _first_problem(_validator("hello").iter_errors(message))


def request_problem(message: Mapping[str, Any]) -> str | None:
    """Return what is wrong with a request, or ``None``."""
    op = message.get("op")
    if op not in schema()["$defs"]["request"]:
        return f"op: unknown operation {op!r}"
    return _first_problem(_validator(f"request/{op}").iter_errors(message))


def answer_problem(op: str, message: object) -> str | None:
    """Return what is wrong with the shape of an answer to ``op``, or ``None``."""
    problem = _first_problem(_validator("answer").iter_errors(message))
    if problem is not None or not isinstance(message, dict) or "result" not in message:
        return problem
    return _first_problem(_validator(f"result/{op}").iter_errors(message["result"]))


@functools.cache
def required_members(op: str) -> frozenset[str]:
    """Return the members that a result of ``op`` cannot leave out (others may be missing)."""
    results = schema()["$defs"]["result"]
    definition = results[op]
    while "$ref" in definition:
        definition = results[definition["$ref"].rsplit("/", 1)[-1]]
    return frozenset(definition.get("required", ()))
