"""``dred report``: another form of a report that was saved as JSON."""

import json
from pathlib import Path
from typing import Annotated, Any

import jsonschema
import typer
from rich.console import Console

from dred_conformance.cli.report_files import report_problem, write_reports
from dred_conformance.report.document import report_schema
from dred_conformance.report.terminal import print_report

__all__ = ["report"]

USAGE_ERROR = 2


def _fail(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(USAGE_ERROR)


def _read(path: Path) -> dict[str, Any]:
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _fail(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise _fail(
            f"{path}: is no JSON ({error}); give a file of 'dred conform --report FILE.json'"
        ) from error
    problem = jsonschema.exceptions.best_match(
        jsonschema.Draft202012Validator(report_schema()).iter_errors(loaded)
    )
    if problem is not None:
        where = "/".join(str(part) for part in problem.absolute_path)
        raise _fail(f"{path}: is no conformance report: {where or 'the file'}: {problem.message[:200]}")
    document: dict[str, Any] = loaded
    return document


def report(
    file: Annotated[Path, typer.Argument(help="A report of 'dred conform --report FILE.json'.")],
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "--output",
            "-o",
            help="File to write (repeatable): .html, .md, .xml (JUnit) or .json by its suffix.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Turn a saved report into another form, or show it.

    Example: dred report report.json -o report.html -o summary.md

    Exit code 0: done, whatever the verdict in the report; 2: no report, or a file cannot be written.
    """
    outputs = output or []
    problem = report_problem(outputs)
    if problem is not None:
        raise _fail(problem)
    document = _read(file)
    if not write_reports(document, outputs):
        raise typer.Exit(USAGE_ERROR)
    if as_json:
        typer.echo(json.dumps(document))
    elif not outputs:
        print_report(document, Console())
