"""Checks the references of a group to its binary file: in bounds, as published, finite, nothing left over."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from dred_conformance.vectors.arrays import ARRAY_TYPES, reference_problem
from dred_conformance.vectors.errors import Problem, VectorError
from dred_conformance.vectors.strict_json import read_bytes

__all__ = ["array_problems"]


def array_problems(path: Path, name: str, data: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with the arrays of a group (``data``, fit for the schema) in the file ``path``."""
    binary = path.with_suffix(".bin")
    references = list(_references(data))
    if not references and not binary.exists():
        return
    try:
        content = read_bytes(binary)
    except VectorError as error:
        yield Problem(name, f"its arrays cannot be read: {error}")
        return
    end = 0
    for case, member, reference in references:
        problem = _place_problem(reference, binary.name) or _content_problem(reference, content)
        if problem is None and reference["offset"] != end:
            problem = f"starts at byte {reference['offset']}, the array before it ends at {end}"
        if problem is not None:
            yield Problem(name, f"{member}: {problem}", case)
            return
        end = reference["offset"] + reference["count"] * _width(reference)
    if end != len(content):
        yield Problem(name, f"{binary.name} has {len(content)} bytes, the cases refer to {end}")


def _references(data: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for case in data["cases"]:
        expected = case.get("expected")
        for member, value in expected.items() if isinstance(expected, Mapping) else ():
            if isinstance(value, Mapping) and "file" in value:
                yield case["id"], member, value


def _width(reference: Mapping[str, Any]) -> int:
    return np.dtype(ARRAY_TYPES[reference["type"]]).itemsize


def _place_problem(reference: Mapping[str, Any], file: str) -> str | None:
    problem = reference_problem(reference)
    return f"the array must be in {file}" if problem is None and reference["file"] != file else problem


def _content_problem(reference: Mapping[str, Any], content: bytes) -> str | None:
    start, end = reference["offset"], reference["offset"] + reference["count"] * _width(reference)
    if end > len(content):
        return f"ends at byte {end} of {len(content)}"
    part = content[start:end]
    if hashlib.sha256(part).hexdigest() != reference["sha256"]:
        return f"the array at byte {start} has another SHA-256"
    if not np.isfinite(np.frombuffer(part, ARRAY_TYPES[reference["type"]])).all():
        return f"the array at byte {start} holds a number that is not finite"
    return None
