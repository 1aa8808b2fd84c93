"""Which code, test and vector answers to which clause."""

from collections import defaultdict
from dataclasses import dataclass

from dred_conformance.clauses.annotations import Collection
from dred_conformance.clauses.exceptions import COLUMNS, CoverageException
from dred_conformance.clauses.records import Annotation
from dred_conformance.clauses.registry import Clause, Registry

__all__ = ["COLUMNS", "MUST_WORDS", "ClauseCoverage", "coverage", "uncovered"]

# Requirement words that BCP 14 gives the same force.
MUST_WORDS = ("MUST", "MUST NOT", "SHALL", "SHALL NOT", "REQUIRED")


@dataclass(frozen=True)
class ClauseCoverage:
    """What answers to one clause, in the columns of the matrix.

    Attributes
    ----------
    clause
        The clause.
    code
        Annotations of code, Python and C++.
    tests
        Annotations of tests.
    vectors
        Annotations of vectors, one per case.
    exception
        The columns that are empty on purpose.
    """

    clause: Clause
    code: tuple[Annotation, ...]
    tests: tuple[Annotation, ...]
    vectors: tuple[Annotation, ...]
    exception: CoverageException | None = None

    @property
    def python(self) -> tuple[Annotation, ...]:
        """The code in Python."""
        return tuple(found for found in self.code if found.path.suffix == ".py")

    @property
    def native(self) -> tuple[Annotation, ...]:
        """The code in C and C++."""
        return tuple(found for found in self.code if found.path.suffix != ".py")

    @property
    def cells(self) -> dict[str, tuple[Annotation, ...]]:
        """The annotations by column."""
        return dict(zip(COLUMNS, (self.python, self.native, self.tests, self.vectors), strict=True))

    @property
    def missing(self) -> tuple[str, ...]:
        """The columns without an entry."""
        return tuple(column for column, cell in self.cells.items() if not cell)

    @property
    def uncovered(self) -> tuple[str, ...]:
        """The columns without an entry and without an exception."""
        excepted = () if self.exception is None else self.exception.columns
        return tuple(column for column in self.missing if column not in excepted)


def coverage(
    registry: Registry, collection: Collection, exceptions: dict[str, CoverageException] | None = None
) -> tuple[ClauseCoverage, ...]:
    """Return the matrix: every clause of the registry, in its order, with its annotations.

    Parameters
    ----------
    registry
        The clauses.
    collection
        The annotations of a checkout.
    exceptions
        What is empty on purpose, by clause.

    Returns
    -------
    tuple of ClauseCoverage
        One row per clause.
    """
    cells: defaultdict[tuple[str, str], list[Annotation]] = defaultdict(list)
    for annotation in collection.annotations:
        cells[annotation.clause_id, annotation.kind].append(annotation)
    found = exceptions or {}
    return tuple(
        ClauseCoverage(
            clause,
            code=tuple(cells[clause.id, "code"]),
            tests=tuple(cells[clause.id, "test"]),
            vectors=tuple(cells[clause.id, "vector"]),
            exception=found.get(clause.id),
        )
        for clause in registry
    )


def uncovered(
    matrix: tuple[ClauseCoverage, ...], keywords: tuple[str, ...] = MUST_WORDS
) -> tuple[ClauseCoverage, ...]:
    """Return the rows of the given keywords that lack a column without an exception."""
    return tuple(row for row in matrix if row.clause.keyword in keywords and row.uncovered)
