"""Writes a report into the files that the user named, each in the form of its suffix."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from dred_conformance.cli.files import write_text_whole
from dred_conformance.report.forms import form_problem, report_text

__all__ = ["report_problem", "write_reports"]


def report_problem(paths: Sequence[Path]) -> str | None:
    """Return why the reports cannot be written, before anything is run for them; ``None`` if they can."""
    problems = (form_problem(path) for path in paths)
    return next((problem for problem in problems if problem is not None), None)


def write_reports(report: Mapping[str, Any], paths: Sequence[Path]) -> bool:
    """Write a report document into every file, whole or not at all; return whether all could be written."""
    all_written = True
    for path in dict.fromkeys(paths):
        text = report_text(report, path)
        try:
            write_text_whole(path, text)
        except OSError as error:
            typer.echo(f"{path}: cannot be written ({error.strerror})", err=True)
            all_written = False
    return all_written
