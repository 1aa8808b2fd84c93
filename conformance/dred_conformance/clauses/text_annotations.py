"""Clause annotations of C++ sources (``// clause: ID, ID``) and ids that running text mentions."""

import re
from collections.abc import Iterator
from pathlib import Path

from dred_conformance.clauses.records import Annotation, Problem
from dred_conformance.clauses.registry import ID_PATTERN

__all__ = ["comment_annotations", "mentioned_ids"]

_COMMENT = re.compile(r"//.*?\bclauses?\s*:(?P<ids>.*)")
_MORE = re.compile(rf"\s*//+\s*(?P<ids>{ID_PATTERN.pattern}.*)")
_IN_TEXT = re.compile(rf"(?<![A-Za-z0-9-]){ID_PATTERN.pattern}")
_BEFORE_NAME = re.compile(r"\s*(?://|\[\[.*\]\]$|template\b|#|$)")
_NAME = re.compile(
    r"(?:class|struct|enum class|enum)\s+(?P<type>[A-Za-z_]\w*)"
    r"|(?P<name>[A-Za-z_][\w:~]*)\s*(?:<[^<>]*>)?\s*[({=\[;]"
)


def _target(lines: list[str], index: int) -> str:
    """Return what the line behind a comment declares, empty where a blank line or the end follows."""
    for line in lines[index : index + 12]:
        if not line.strip():
            return ""
        match = None if _BEFORE_NAME.match(line) else _NAME.search(line)
        if match:
            return match["type"] or match["name"]
    return ""


def _ids(lines: list[str], index: int, first: str) -> Iterator[tuple[str, int]]:
    """Yield the ids of an annotation with their lines; the list goes on while a line ends in a comma."""
    text = first.strip()
    while True:
        for clause_id in re.split(r"[\s,;]+", text):
            if clause_id:
                yield clause_id.rstrip("."), index
        following = _MORE.match(lines[index + 1]) if index + 1 < len(lines) else None
        if following is None or not (text == "" or text.endswith(",")):
            return
        text, index = following["ids"].strip(), index + 1


def comment_annotations(path: Path, kind: str) -> Iterator[Annotation | Problem]:
    """Yield the ids of the ``// clause:`` comments of a C++ file; ids are split by commas or blanks."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for index, line in enumerate(lines):
        match = _COMMENT.search(line)
        if match is None:
            for found in re.finditer(rf'"({ID_PATTERN.pattern})"', line):
                yield Annotation(found[1], "mention", path, index + 1, "")
            continue
        ids = list(_ids(lines, index, match["ids"]))
        if not ids:
            yield Problem(path, index + 1, "a clause comment without an id")
        for clause_id, place in ids:
            yield Annotation(clause_id, kind, path, place + 1, _target(lines, place + 1))


def mentioned_ids(path: Path) -> Iterator[Annotation]:
    """Yield every clause id that a text file mentions."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        for match in _IN_TEXT.finditer(line):
            yield Annotation(match[0].rstrip("."), "mention", path, number, "")
