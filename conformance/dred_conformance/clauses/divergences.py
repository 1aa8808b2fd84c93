"""The divergences of ``spec-notes/divergences.md`` by the clauses that they mention."""

import re
from dataclasses import dataclass
from pathlib import Path

from dred_conformance.clauses.registry import ID_PATTERN
from dred_conformance.data import data_folder

__all__ = ["Divergence", "load_divergences"]

_HEADING = re.compile(r"^## (DIV-\d+) (.+)$", re.MULTILINE)
_CLAUSE = re.compile(rf"(?<![A-Za-z0-9-]){ID_PATTERN.pattern}")


@dataclass(frozen=True)
class Divergence:
    """One place where text, releases and this suite differ."""

    id: str
    title: str
    clauses: tuple[str, ...]


def load_divergences(folder: Path | None = None) -> tuple[Divergence, ...]:
    """Read the divergences of a folder ``spec-notes``; the published ones if left out."""
    folder = data_folder("spec-notes") if folder is None else folder
    parts = _HEADING.split((folder / "divergences.md").read_text(encoding="utf-8"))[1:]
    return tuple(
        Divergence(
            number, title.strip(), tuple(dict.fromkeys(id_.rstrip(".") for id_ in _CLAUSE.findall(body)))
        )
        for number, title, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    )
