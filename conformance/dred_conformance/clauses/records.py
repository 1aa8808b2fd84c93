"""One annotation, and one thing that is wrong with an annotation."""

from dataclasses import dataclass, replace
from pathlib import Path

__all__ = ["Annotation", "Problem"]


@dataclass(frozen=True)
class Annotation:
    """A clause id that a file names.

    Attributes
    ----------
    clause_id
        The id as written, known or not.
    kind
        ``code``, ``test``, ``vector``, or ``mention``, which covers nothing.
    path
        The file.
    line
        Line of the id or of its annotation, from 1.
    target
        What is annotated: a function, a class, a vector id; empty where it has no name.
    """

    clause_id: str
    kind: str
    path: Path
    line: int
    target: str

    def below(self, root: Path) -> "Annotation":
        """Return the annotation with its path relative to ``root``."""
        return replace(self, path=self.path.relative_to(root))

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True)
class Problem:
    """Something wrong at one line of a file."""

    path: Path
    line: int
    message: str

    def below(self, root: Path) -> "Problem":
        """Return the problem with its path relative to ``root``."""
        return replace(self, path=self.path.relative_to(root))

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"
