"""Annotations that rot: what they were put on is gone, or says nothing any more.

What counts as stale, each with file and line:

- code or a test marked with a clause where no function, type or constant follows the mark;
- the same clause twice on one function, test or vector;
- a clause on a test that never runs (``skip``, ``skipif(True)``, ``xfail``, or ``pytest.skip(...)`` as its
first
  statement) or on something that pytest does not collect;
- a rule of ``rules.toml`` that one of the implementations never reports;
- an exception for a clause that the registry does not have, or for a column that is covered.

A vector's clause that is not in the registry is an unknown id (``annotations.unknown_ids``).
"""

import ast
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from dred_conformance.clauses.annotations import Collection, native_files, reference_files
from dred_conformance.clauses.coverage import ClauseCoverage
from dred_conformance.clauses.dead_tests import dead_tests
from dred_conformance.clauses.exceptions import CoverageException
from dred_conformance.clauses.records import Annotation, Problem
from dred_conformance.clauses.registry import Registry

__all__ = ["stale_annotations", "stale_exceptions", "unused_rules"]

_KINDS = {"code": "code", "test": "a test", "vector": "a vector"}


def _without_target(found: Annotation) -> bool:
    # A module-wide mark of tests has no name of its own, and needs none.
    return not found.target and found.kind == "code"


def stale_annotations(root: Path, collection: Collection) -> Iterator[Problem]:
    """Yield the annotations of a checkout that are stale."""
    marks = [found for found in collection.annotations if found.kind in _KINDS]
    for found in marks:
        if _without_target(found):
            yield Problem(found.path, found.line, f"nothing follows the annotation of '{found.clause_id}'")
    places = Counter(
        (found.path, found.target, found.clause_id, found.kind) for found in marks if found.target
    )
    for found in marks:
        key = (found.path, found.target, found.clause_id, found.kind)
        if places.pop(key, 1) > 1 and not _is_overload(found, marks):
            yield Problem(found.path, found.line, f"'{found.clause_id}' stands twice on {found.target}")
    for path in sorted(
        {found.path for found in marks if found.kind == "test" and found.path.suffix == ".py"}
    ):
        for line, ids, why in dead_tests(root / path):
            yield Problem(path, line, f"{', '.join(ids)}: the mark proves nothing: {why}")


def _is_overload(found: Annotation, marks: list[Annotation]) -> bool:
    """Tell whether equal names of C++ are different functions: their annotations are not in one comment."""
    key = (found.path, found.target, found.clause_id)
    lines = sorted(other.line for other in marks if (other.path, other.target, other.clause_id) == key)
    return (
        found.path.suffix != ".py"
        and found.kind != "vector"
        and min(after - before for before, after in itertools.pairwise(lines)) > 2
    )


def unused_rules(root: Path, registry: Registry) -> Iterator[Problem]:
    """Yield the rules that the reference or the native core never reports."""
    python: set[str] = set()
    for path in reference_files(root):
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
        python |= {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    native: set[str] = set()
    for path in native_files(root):
        native |= set(re.findall(r"\bRule::([A-Z]\d)\b", path.read_text(encoding="utf-8")))
    for name, used in (("reference", python), ("native", native)):
        for rule in registry.rules:
            if rule not in used:
                yield Problem(Path("spec-notes/rules.toml"), 0, f"{name} never reports the rule {rule}")


def stale_exceptions(
    matrix: Iterable[ClauseCoverage], exceptions: dict[str, CoverageException]
) -> Iterator[Problem]:
    """Yield the exceptions that are not needed or name no clause."""
    rows = {row.clause.id: row for row in matrix}
    path = Path("spec-notes/exceptions.toml")
    for clause, exception in exceptions.items():
        if clause not in rows:
            yield Problem(path, 0, f"exception for the unknown clause '{clause}'")
            continue
        for column in exception.columns:
            if column not in rows[clause].missing:
                yield Problem(path, 0, f"'{clause}' has an entry in '{column}': the exception is not needed")
