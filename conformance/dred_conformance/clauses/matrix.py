"""The coverage matrix with its verdict: rows, problems, figures, and its forms as JSON and Markdown."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dred_conformance.clauses.annotations import collect, unknown_ids
from dred_conformance.clauses.coverage import COLUMNS, MUST_WORDS, ClauseCoverage, coverage, uncovered
from dred_conformance.clauses.exceptions import CoverageException, load_exceptions
from dred_conformance.clauses.records import Problem
from dred_conformance.clauses.registry import Registry
from dred_conformance.clauses.stale import stale_annotations, stale_exceptions, unused_rules
from dred_conformance.clauses.verdicts import AdapterVerdicts, verdict_text

__all__ = ["Matrix", "cell_text", "matrix_of"]


@dataclass(frozen=True)
class Matrix:
    """The matrix of a checkout.

    Attributes
    ----------
    rows
        Every clause.
    problems
        Unknown ids and stale annotations.
    verdicts
        Verdicts of adapters.
    """

    rows: tuple[ClauseCoverage, ...]
    problems: tuple[Problem, ...]
    verdicts: tuple[AdapterVerdicts, ...]

    @property
    def uncovered(self) -> tuple[ClauseCoverage, ...]:
        """The clauses that demand something and lack code, test or vector without an exception."""
        return uncovered(self.rows)

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems and not self.uncovered

    @property
    def summary(self) -> dict[str, Any]:
        """Figures: clauses by how they were seen and by requirement word, and how many have what."""
        demands = [row for row in self.rows if row.clause.keyword in MUST_WORDS]
        return {
            "clauses": len(self.rows),
            "seen": dict(Counter(row.clause.seen for row in self.rows)),
            "keyword": dict(Counter(row.clause.keyword or "none" for row in self.rows)),
            "code": sum(bool(row.code) for row in self.rows),
            **{column: sum(column not in row.missing for row in self.rows) for column in COLUMNS},
            "everything": sum(not row.missing for row in self.rows),
            "must": len(demands),
            "must_with_everything": sum(not row.missing for row in demands),
            "must_with_exception": sum(bool(row.missing) and not row.uncovered for row in demands),
            "must_uncovered": len(self.uncovered),
            "problems": len(self.problems),
        }

    def as_json(self, rows: Sequence[ClauseCoverage]) -> dict[str, Any]:
        """Return the given rows, the problems and the figures."""
        return {
            "format": "dred-cite-coverage/1",
            "clauses": [
                {
                    "id": row.clause.id,
                    "document": row.clause.document,
                    "section": row.clause.section,
                    "keyword": row.clause.keyword,
                    "seen": row.clause.seen,
                    "stage": row.clause.stage,
                    "summary": row.clause.summary,
                    **{
                        column: [
                            found.target if column == "vector" else f"{found} {found.target}".strip()
                            for found in cell
                        ]
                        for column, cell in row.cells.items()
                    },
                    "missing": list(row.missing),
                    "uncovered": list(row.uncovered),
                    "exception": "" if row.exception is None else row.exception.reason,
                    "verdicts": {
                        item.adapter: dict(item.by_clause.get(row.clause.id, {})) for item in self.verdicts
                    },
                }
                for row in rows
            ],
            "problems": [str(problem) for problem in self.problems],
            "must_uncovered": [row.clause.id for row in self.uncovered],
            "summary": self.summary,
        }

    def as_markdown(self, rows: Sequence[ClauseCoverage]) -> str:
        """Return the given rows, the problems and the figures as Markdown."""
        names = ["clause", "keyword", "seen", "stage", *COLUMNS, *(item.adapter for item in self.verdicts)]
        lines = ["# Clause coverage", "", _row(names), _row(["---"] * len(names))]
        for row in rows:
            clause = row.clause
            lines.append(
                _row(
                    [
                        *(clause.id, clause.keyword, clause.seen, clause.stage),
                        *(cell_text(row, column) for column in COLUMNS),
                        *(verdict_text(item.by_clause.get(clause.id, {})) for item in self.verdicts),
                    ]
                )
            )
        excepted = [row for row in rows if row.exception is not None]
        if excepted:
            lines += ["", "## Exceptions", ""]
            lines += [f"- {row.clause.id}: {row.exception.reason}" for row in excepted if row.exception]
        if self.problems or self.uncovered:
            lines += ["", "## Problems", ""]
            lines += [f"- {problem}" for problem in self.problems]
            lines += [f"- {row.clause.id} lacks {', '.join(row.uncovered)}" for row in self.uncovered]
        lines += ["", "## Figures", "", *(f"- {line}" for line in summary_lines(self.summary)), ""]
        return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def cell_text(row: ClauseCoverage, column: str) -> str:
    """Return the number of entries of a cell; ``exception`` or ``-`` where there is none."""
    count = len(row.cells[column])
    if count:
        return str(count)
    return "exception" if column not in row.uncovered else "-"


def summary_lines(summary: dict[str, Any]) -> list[str]:
    """Return the figures in words."""

    def listed(counts: dict[str, int]) -> str:
        return ", ".join(f"{count} {name}" for name, count in counts.items())

    columns = {column: summary[column] for column in ("code", *COLUMNS)}
    names = ("with everything", "with exception", "uncovered")
    must = {name: summary[f"must_{name.replace(' ', '_')}"] for name in names}
    return [
        f"{summary['clauses']} clauses, seen: {listed(summary['seen'])}",
        f"keyword: {listed(summary['keyword'])}",
        f"with: {listed(columns)}; with everything: {summary['everything']}",
        f"MUST, MUST NOT and the like: {summary['must']}: {listed(must)}",
        f"problems: {summary['problems']}",
    ]


def matrix_of(
    root: Path,
    registry: Registry,
    exceptions: dict[str, CoverageException] | None = None,
    verdicts: Sequence[AdapterVerdicts] = (),
) -> Matrix:
    """Return the matrix of a checkout.

    Parameters
    ----------
    root
        Root of the repository.
    registry
        The clauses.
    exceptions
        What is empty on purpose; that of the repository if left out.
    verdicts
        Reports of adapters.
    """
    exceptions = load_exceptions(root / "spec-notes") if exceptions is None else exceptions
    collection = collect(root)
    rows = coverage(registry, collection, exceptions)
    problems = (
        *unknown_ids(collection, registry),
        *collection.problems,
        *stale_annotations(root, collection),
        *unused_rules(root, registry),
        *stale_exceptions(rows, exceptions),
        *(problem for item in verdicts for problem in item.unknown(registry)),
    )
    return Matrix(rows, problems, tuple(verdicts))
