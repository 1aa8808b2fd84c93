"""``dred cite``: clauses with what answers to them, their coverage, and drafts against them."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from typer.core import TyperGroup

from dred_conformance.clauses.annotations import collect_published
from dred_conformance.clauses.citation import UnknownClauseError, chosen_ids, cite
from dred_conformance.clauses.coverage import COLUMNS, ClauseCoverage, coverage
from dred_conformance.clauses.divergences import load_divergences
from dred_conformance.clauses.errors import RegistryError
from dred_conformance.clauses.exceptions import load_exceptions
from dred_conformance.clauses.matrix import Matrix, cell_text, matrix_of, summary_lines
from dred_conformance.clauses.registry import KEYWORDS, Registry, load_registry
from dred_conformance.clauses.verdicts import AdapterVerdicts, ReportError, load_verdicts, verdict_text
from dred_conformance.data import DataNotFoundError, checkout_root
from dred_conformance.protocol.operations import STAGES

__all__ = ["FAILED", "USAGE_ERROR", "app", "fail", "registry_or_exit"]

FAILED, USAGE_ERROR = 1, 2
_WIDTH_OF_A_FILE = 160


class _ClauseGroup(TyperGroup):
    """A group whose first word may be a clause id instead of a command."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        if args and args[0] not in self.commands and args[0] not in {"-h", "--help"}:
            args = ["show", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_ClauseGroup,
    no_args_is_help=True,
    help="Clauses: what they say, what answers to them, and drafts against them.\n\n"
    "A clause id may stand in the place of a command.\n\n"
    "Example: dred cite RFC6716-3.2.5-R6 'EXT-repeat*'",
)
_Reports = Annotated[
    list[Path] | None,
    typer.Option("--report", help="Report of 'dred conform' to take verdicts from (repeatable)."),
]
_Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


def fail(error: Exception | str) -> typer.Exit:
    """Say what is wrong, and return the exit of wrong usage."""
    typer.echo(str(error), err=True)
    return typer.Exit(USAGE_ERROR)


def registry_or_exit(folder: Path | None = None) -> Registry:
    """Load the registry, or end the command with the reason."""
    try:
        return load_registry(folder)
    except (RegistryError, DataNotFoundError, OSError) as error:
        raise fail(error) from error


def _verdicts(paths: list[Path] | None) -> tuple[AdapterVerdicts, ...]:
    try:
        return load_verdicts(paths or ())
    except ReportError as error:
        raise fail(error) from error


@app.command()
def show(
    ids: Annotated[list[str], typer.Argument(help="Clause ids; * and ? work.", metavar="ID...")],
    report: _Reports = None,
    everything: Annotated[bool, typer.Option("--all", help="List every vector.")] = False,
    as_json: _Json = False,
) -> None:
    """Print clauses with their code, tests, vectors and verdicts; 'show' may be left out.

    Example: dred cite RFC6716-3.2.5-R6 --report report.json

    Exit code 0: printed; 2: no such clause, or a report that cannot be read.
    """
    registry = registry_or_exit()
    try:
        wanted = chosen_ids(registry, ids)
    except UnknownClauseError as error:
        raise fail(error) from error
    verdicts = _verdicts(report)
    try:
        rows = {row.clause.id: row for row in coverage(registry, collect_published(), load_exceptions())}
        divergences = load_divergences()
    except (RegistryError, DataNotFoundError, OSError) as error:
        raise fail(error) from error
    citations = [cite(registry, rows[clause], divergences, verdicts) for clause in wanted]
    has_sources = checkout_root() is not None
    if as_json:
        document = {"sources": has_sources, "clauses": [citation.as_json() for citation in citations]}
        typer.echo(json.dumps(document))
        return
    texts = ("\n".join(item.lines(everything=everything, has_sources=has_sources)) for item in citations)
    typer.echo("\n\n".join(texts))


def _print_matrix(matrix: Matrix, rows: list[ClauseCoverage]) -> None:
    console = Console(width=None if sys.stdout.isatty() else _WIDTH_OF_A_FILE)
    table = Table()
    table.add_column("clause", no_wrap=True)
    for name in ("keyword", "seen", "stage"):
        table.add_column(name)
    for name in COLUMNS:
        table.add_column(name, justify="right")
    for item in matrix.verdicts:
        table.add_column(item.adapter)
    for row in rows:
        clause = row.clause
        table.add_row(
            *(clause.id, clause.keyword, clause.seen, clause.stage),
            *(cell_text(row, column) for column in COLUMNS),
            *(verdict_text(item.by_clause.get(clause.id, {})) for item in matrix.verdicts),
            style="red" if row in matrix.uncovered else "",
        )
    console.print(table)
    for problem in matrix.problems:
        typer.echo(str(problem))
    for row in matrix.uncovered:
        typer.echo(f"{row.clause.id}: a {row.clause.keyword} without {', '.join(row.uncovered)}")
    for line in summary_lines(matrix.summary):
        typer.echo(line)


@app.command("coverage")
def show_coverage(
    document: Annotated[
        list[str] | None, typer.Option(help="Only clauses of this document (repeatable).")
    ] = None,
    stage: Annotated[list[str] | None, typer.Option(help="Only clauses of this stage (repeatable).")] = None,
    keyword: Annotated[
        list[str] | None,
        typer.Option(help="Only clauses with this word; 'none' for those without (repeatable)."),
    ] = None,
    missing: Annotated[bool, typer.Option("--missing", help="Only clauses that lack something.")] = False,
    report: _Reports = None,
    as_json: _Json = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print as Markdown.")] = False,
) -> None:
    """Print which code, test and vector answers to which clause, and what is wrong with the annotations.

    Example: dred cite coverage --keyword MUST --missing

    Options choose the rows that are printed; what is wrong is always found in the whole checkout. Exit code
    0: all is well; 1: a MUST without code in both implementations, test or vector (and without an exception
    in spec-notes/exceptions.toml), an unknown id, or a stale annotation; 2: wrong usage, or no checkout.
    """
    root = checkout_root()
    if root is None:
        raise fail("coverage needs a checkout of the sources; this is an installed package")
    registry = registry_or_exit()
    words = ["" if word == "none" else word for word in keyword or ()]
    for what, given, known in (
        ("document", document, registry.documents),
        ("stage", stage, STAGES),
        ("keyword", words, KEYWORDS),
    ):
        unknown = sorted(set(given or ()) - set(known))
        if unknown:
            names = ", ".join(name or "none" for name in known)
            raise fail(f"unknown {what} {', '.join(unknown)}; there are {names}")
    try:
        matrix = matrix_of(root, registry, verdicts=_verdicts(report))
    except (RegistryError, OSError) as error:
        raise fail(error) from error
    rows = [
        row
        for row in matrix.rows
        if (not document or row.clause.document in document)
        and (not stage or row.clause.stage in stage)
        and (not words or row.clause.keyword in words)
        and (not missing or row.missing)
    ]
    if as_json:
        typer.echo(json.dumps(matrix.as_json(rows)))
    elif as_markdown:
        typer.echo(matrix.as_markdown(rows), nl=False)
    else:
        _print_matrix(matrix, rows)
    raise typer.Exit(0 if matrix.is_good else FAILED)
