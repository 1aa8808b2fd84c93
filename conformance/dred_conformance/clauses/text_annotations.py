"""Clause annotations of C++ sources (``// clause: ID, ID``) and ids that running text mentions."""

import re
from collections.abc import Iterator
from pathlib import Path

from dred_conformance.clauses.records import Annotation, Problem
from dred_conformance.clauses.registry import ID_PATTERN

__all__ = ["comment_annotations", "mentioned_ids"]

_COMMENT = re.compile(r"//+\s*clauses?\s*:(?P<ids>.*)")
_IN_TEXT = re.compile(rf"(?<![A-Za-z0-9-]){ID_PATTERN.pattern}")
_NAME = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_:~]*)\s*[({]|(?:class|struct)\s+(?P<type>[A-Za-z_]\w*)")


def _target(lines: list[str], index: int) -> str:
    """Return the name of the function or type that follows a comment, empty if there is none near."""
    for line in lines[index + 1 : index + 6]:
        if line.lstrip().startswith("//"):
            continue
        match = _NAME.search(line)
        if match:
            return match["type"] or match["name"]
    return ""


def comment_annotations(path: Path, kind: str) -> Iterator[Annotation | Problem]:
    """Yield the ids of the ``// clause:`` comments of a C++ file; ids are split by commas or blanks."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for index, line in enumerate(lines):
        match = _COMMENT.search(line)
        if match is None:
            for found in re.finditer(rf'"({ID_PATTERN.pattern})"', line):
                yield Annotation(found[1], "mention", path, index + 1, "")
            continue
        ids = re.split(r"[\s,;]+", match["ids"].strip())
        if ids == [""]:
            yield Problem(path, index + 1, "a clause comment without an id")
            continue
        target = _target(lines, index)
        for clause_id in ids:
            yield Annotation(clause_id, kind, path, index + 1, target)


def mentioned_ids(path: Path) -> Iterator[Annotation]:
    """Yield every clause id that a text file mentions."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        for match in _IN_TEXT.finditer(line):
            yield Annotation(match[0].rstrip("."), "mention", path, number, "")
