"""Which code, test and vector answers to which clause."""

from collections import defaultdict
from dataclasses import dataclass

from dred_conformance.clauses.annotations import Collection
from dred_conformance.clauses.records import Annotation
from dred_conformance.clauses.registry import Clause, Registry

__all__ = ["COLUMNS", "ClauseCoverage", "coverage", "uncovered"]

COLUMNS = ("code", "test", "vector")


@dataclass(frozen=True)
class ClauseCoverage:
    """What answers to one clause, in the three columns of the matrix."""

    clause: Clause
    code: tuple[Annotation, ...]
    tests: tuple[Annotation, ...]
    vectors: tuple[Annotation, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The columns (``code``, ``test``, ``vector``) without an entry."""
        cells = (self.code, self.tests, self.vectors)
        return tuple(column for column, cell in zip(COLUMNS, cells, strict=True) if not cell)


def coverage(registry: Registry, collection: Collection) -> tuple[ClauseCoverage, ...]:
    """Return the matrix: every clause of the registry, in its order, with its annotations.

    Parameters
    ----------
    registry
        The clauses.
    collection
        The annotations of a checkout.

    Returns
    -------
    tuple of ClauseCoverage
        One row per clause.
    """
    cells: defaultdict[tuple[str, str], list[Annotation]] = defaultdict(list)
    for annotation in collection.annotations:
        cells[annotation.clause_id, annotation.kind].append(annotation)
    return tuple(
        ClauseCoverage(clause, *(tuple(cells[clause.id, column]) for column in COLUMNS))
        for clause in registry
    )


def uncovered(
    matrix: tuple[ClauseCoverage, ...],
    stages: tuple[str, ...],
    keywords: tuple[str, ...] = ("MUST", "MUST NOT"),
) -> tuple[ClauseCoverage, ...]:
    """Return the rows of the given stages and keywords that lack a column."""
    return tuple(
        row for row in matrix if row.clause.stage in stages and row.clause.keyword in keywords and row.missing
    )
