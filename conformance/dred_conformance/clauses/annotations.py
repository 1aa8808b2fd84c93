"""Collects the clause annotations of a checkout: who says which clause it implements, tests or exercises.

Four places carry annotations: ``@clause("ID")`` in ``reference/``, ``// clause: ID`` in ``native/``,
``@pytest.mark.clause("ID")`` in ``conformance/tests/`` and ``"clauses": ["ID"]`` in ``vectors/``. Other texts
mention ids (trace fields, the notes); a mention covers nothing, but its id must exist as well.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dred_conformance.clauses.json_annotations import json_annotations
from dred_conformance.clauses.python_annotations import id_strings, marked_calls
from dred_conformance.clauses.records import Annotation, Problem
from dred_conformance.clauses.registry import Registry
from dred_conformance.clauses.text_annotations import comment_annotations, mentioned_ids

__all__ = ["Collection", "collect", "unknown_ids"]

_CPP = {".c", ".cc", ".cpp", ".h", ".hpp"}


@dataclass(frozen=True)
class Collection:
    """What a checkout says about clauses.

    Attributes
    ----------
    annotations
        All annotations and mentions, by file and line.
    problems
        Annotations that cannot be read, such as ids that are no literal strings.
    """

    annotations: tuple[Annotation, ...]
    problems: tuple[Problem, ...]


def _files(folder: Path, suffixes: Iterable[str]) -> Iterator[Path]:
    """Yield the source files below a folder, in a fixed order, without build folders."""
    for path in sorted(folder.rglob("*")):
        folders = path.relative_to(folder).parts[:-1]
        is_built = any(name.startswith((".", "build", "__pycache__")) for name in folders)
        if path.suffix in suffixes and path.is_file() and not is_built:
            yield path


def _python(root: Path) -> Iterator[Annotation | Problem]:
    for path in _files(root / "reference", {".py"}):
        yield from marked_calls(path, "code")
        yield from id_strings(path)
    for folder in ("native", "conformance/dred_conformance", "conformance/adapters"):
        for path in _files(root / folder, {".py"}):
            yield from id_strings(path)
    for path in _files(root / "conformance/tests", {".py"}):
        yield from marked_calls(path, "test")


def _native(root: Path) -> Iterator[Annotation | Problem]:
    for path in _files(root / "native", _CPP):
        inside = path.relative_to(root / "native").parts
        kind = "test" if inside[0] in {"tests", "test", "fuzz"} else "code"
        yield from comment_annotations(path, kind)


def collect(root: Path) -> Collection:
    """Collect every annotation below a checkout.

    Parameters
    ----------
    root
        The root of the repository.

    Returns
    -------
    Collection
        Annotations with paths relative to the root, and what could not be read.
    """
    found: list[Annotation | Problem] = [*_python(root), *_native(root)]
    for path in _files(root / "vectors", {".json"}):
        found.extend(json_annotations(path))
    for path in _files(root / "spec-notes", {".md"}):
        found.extend(mentioned_ids(path))
    return Collection(
        tuple(item.below(root) for item in found if isinstance(item, Annotation)),
        tuple(item.below(root) for item in found if isinstance(item, Problem)),
    )


def unknown_ids(collection: Collection, registry: Registry) -> tuple[Problem, ...]:
    """Return a problem, with file and line, for every id that the registry does not have."""
    return tuple(
        Problem(found.path, found.line, f"unknown clause id '{found.clause_id}'")
        for found in collection.annotations
        if found.clause_id not in registry
    )
