"""Clause annotations of vector files: every object with a list ``clauses``."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dred_conformance.clauses.records import Annotation, Problem

__all__ = ["json_annotations"]

_LIST = re.compile(r'"clauses"\s*:\s*\[')


def _annotated(value: Any, case: str) -> Iterator[tuple[list[Any], str]]:
    """Yield each list ``clauses`` in the order of the text, with the id of the object that has it."""
    if isinstance(value, dict):
        case = value["id"] if isinstance(value.get("id"), str) else case
        for key, inner in value.items():
            if key == "clauses" and isinstance(inner, list):
                yield inner, case
            else:
                yield from _annotated(inner, case)
    elif isinstance(value, list):
        for inner in value:
            # Vectors are mostly numbers; they are not worth a call each.
            if isinstance(inner, dict | list):
                yield from _annotated(inner, case)


def json_annotations(path: Path) -> Iterator[Annotation | Problem]:
    """Yield the clause ids of a JSON file; the line is that of the list."""
    text = path.read_text(encoding="utf-8")
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        yield Problem(path, error.lineno, f"no JSON: {error.msg}")
        return
    lines = (text.count("\n", 0, match.start()) + 1 for match in _LIST.finditer(text))
    for (ids, case), line in zip(_annotated(data, ""), lines, strict=True):
        for clause_id in ids:
            if isinstance(clause_id, str):
                yield Annotation(clause_id, "vector", path, line, case)
            else:
                yield Problem(path, line, f"a clause id must be a string, found {clause_id!r}")
