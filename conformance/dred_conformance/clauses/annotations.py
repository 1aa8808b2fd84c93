"""Collects the clause annotations of a checkout: who says which clause it implements, tests or exercises.

Four places carry annotations: ``@clause("ID")`` in Python code, ``// clause: ID`` in ``native/``,
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
from dred_conformance.data import checkout_root, data_folder

__all__ = ["Collection", "collect", "collect_published", "native_files", "reference_files", "unknown_ids"]

_CPP = {".c", ".cc", ".cpp", ".h", ".hpp"}
_NATIVE_TESTS = {"tests", "test", "fuzz"}


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


def reference_files(root: Path) -> Iterator[Path]:
    """Yield the Python sources of the reference."""
    yield from _files(root / "reference", {".py"})


def native_files(root: Path) -> Iterator[Path]:
    """Yield the C and C++ sources of the native core without its tests."""
    for path in _files(root / "native", _CPP):
        if path.relative_to(root / "native").parts[0] not in _NATIVE_TESTS:
            yield path


def _python(root: Path) -> Iterator[Annotation | Problem]:
    for path in reference_files(root):
        yield from marked_calls(path, "code")
        yield from id_strings(path)
    for folder in ("native", "conformance/dred_conformance", "conformance/adapters"):
        for path in _files(root / folder, {".py"}):
            # What the suite itself measures is code, too; a call of another function named so is not.
            yield from (found for found in marked_calls(path, "code") if getattr(found, "target", ""))
            yield from id_strings(path)
    for path in _files(root / "conformance/tests", {".py"}):
        yield from marked_calls(path, "test")


def _native(root: Path) -> Iterator[Annotation | Problem]:
    for path in _files(root / "native", _CPP):
        inside = path.relative_to(root / "native").parts
        kind = "test" if inside[0] in _NATIVE_TESTS else "code"
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
    return _collection(found, root)


def _collection(found: Iterable[Annotation | Problem], root: Path) -> Collection:
    items = list(found)
    return Collection(
        tuple(item.below(root) for item in items if isinstance(item, Annotation)),
        tuple(item.below(root) for item in items if isinstance(item, Problem)),
    )


def collect_published() -> Collection:
    """Collect what can be had: everything in a checkout, only the vectors where the package is installed.

    Raises
    ------
    DataNotFoundError
        If there are not even vectors.
    """
    root = checkout_root()
    if root is not None:
        return collect(root)
    folder = data_folder("vectors")
    found = [item for path in _files(folder, {".json"}) for item in json_annotations(path)]
    return _collection(found, folder.parent)


def unknown_ids(collection: Collection, registry: Registry) -> tuple[Problem, ...]:
    """Return a problem, with file and line, for every id that the registry does not have."""
    return tuple(
        Problem(found.path, found.line, f"unknown clause id '{found.clause_id}'")
        for found in collection.annotations
        if found.clause_id not in registry
    )
