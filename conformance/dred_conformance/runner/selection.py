"""Which cases of a vector folder to run."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from dred_conformance.vectors.case import Case, Group

__all__ = ["Selection"]


@dataclass(frozen=True)
class Selection:
    """Patterns (shell style) by which cases are chosen; an empty tuple chooses all."""

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


def _matches(patterns: tuple[str, ...], names: Iterable[str]) -> bool:
    return not patterns or any(fnmatchcase(name, pattern) for pattern in patterns for name in names)
