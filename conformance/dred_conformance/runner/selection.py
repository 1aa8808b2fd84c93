"""Which cases of a vector folder to run."""

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from dred_conformance.vectors.case import Case, Group

__all__ = ["Selection", "SelectionError"]


class SelectionError(Exception):
    """A selection chooses nothing, or names what there is not."""


@dataclass(frozen=True)
class Selection:
    """Patterns (shell style) by which cases are chosen; an empty tuple chooses all.

    A case is chosen if for each kind of pattern that is given at least one of them matches.
    """

    stages: tuple[str, ...] = field(default=())
    clauses: tuple[str, ...] = field(default=())
    ids: tuple[str, ...] = field(default=())
    flags: tuple[str, ...] = field(default=())

    def chooses(self, case: Case) -> bool:
        """Return whether ``case`` is chosen."""
        return (
            _matches(self.stages, (case.stage,))
            and _matches(self.clauses, case.clauses)
            and _matches(self.ids, (case.id,))
            and _matches(self.flags, case.flags)
        )

    def of(self, groups: Iterable[Group]) -> list[Case]:
        """Return the chosen cases in their order."""
        return [case for group in groups for case in group.cases if self.chooses(case)]

    def among(self, cases: Sequence[Case]) -> list[Case]:
        """Return the chosen cases in their order, and insist that every pattern matches something.

        Raises
        ------
        SelectionError
            A pattern matches no case at all, or no case is matched by all kinds of patterns.
        """
        kinds: dict[str, tuple[tuple[str, ...], Callable[[Case], Iterable[str]]]] = {
            "stage": (self.stages, lambda case: (case.stage,)),
            "clause": (self.clauses, lambda case: case.clauses),
            "id": (self.ids, lambda case: (case.id,)),
            "flag": (self.flags, lambda case: case.flags),
        }
        for kind, (patterns, names_of) in kinds.items():
            names = {name for case in cases for name in names_of(case)} if patterns else set()
            for pattern in patterns:
                if not any(fnmatchcase(name, pattern) for name in names):
                    raise SelectionError(_nothing(kind, pattern, sorted(names)))
        chosen = [case for case in cases if self.chooses(case)]
        if not chosen:
            given = ", ".join(f"--{kind} {' or '.join(each)}" for kind, (each, _) in kinds.items() if each)
            raise SelectionError(f"no case is matched by all of {given}; each kind must match")
        return chosen


def _matches(patterns: tuple[str, ...], names: Iterable[str]) -> bool:
    return not patterns or any(fnmatchcase(name, pattern) for pattern in patterns for name in names)


def _nothing(kind: str, pattern: str, names: Sequence[str]) -> str:
    close = difflib.get_close_matches(pattern, names, 3)
    if close:
        hint = f"did you mean {' or '.join(close)}?"
    elif len(names) <= 20:
        hint = f"there are {', '.join(names)}"
    else:
        hint = "'dred conform --list' shows all; * and ? work, in quotes"
    return f"no case has the {kind} '{pattern}'; {hint}"
