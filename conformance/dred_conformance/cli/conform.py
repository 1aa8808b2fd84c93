"""``dred conform``: validate a decoder against the published vectors."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from dred_conformance.cli.files import write_text_whole
from dred_conformance.data import DataNotFoundError, data_folder
from dred_conformance.protocol.operations import STAGES
from dred_conformance.report.document import report_document
from dred_conformance.report.terminal import print_report
from dred_conformance.runner.builtin import AdapterNotFoundError, adapter_command
from dred_conformance.runner.campaign import Campaign, run_campaign
from dred_conformance.runner.selection import Selection
from dred_conformance.runner.session import AdapterStartError
from dred_conformance.vectors.arrays import ArrayError
from dred_conformance.vectors.case import Case
from dred_conformance.vectors.store import VectorError, VectorStore
from dred_model import ModelError

__all__ = ["conform"]

USAGE_ERROR = 2
_SET_UP_ERRORS = (
    *(VectorError, ArrayError, DataNotFoundError),
    *(AdapterStartError, AdapterNotFoundError, ModelError),
)


def _run(command: list[str], cases: list[Case], jobs: int, timeout: float, *, fail_fast: bool) -> Campaign:
    if not sys.stderr.isatty():
        return run_campaign(command, cases, jobs=jobs, timeout_s=timeout, fail_fast=fail_fast)
    columns = (TextColumn("judging"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("cases", total=len(cases))
        return run_campaign(
            command,
            cases,
            jobs=jobs,
            timeout_s=timeout,
            fail_fast=fail_fast,
            progress=lambda _: progress.advance(task),
        )


def conform(
    adapter: Annotated[
        str,
        typer.Option("--adapter", "-a", help="A built-in adapter (native, reference) or a command line."),
    ] = "native",
    vectors: Annotated[
        Path | None, typer.Option(help="Folder of vectors; the published ones if left out.")
    ] = None,
    stage: Annotated[list[str] | None, typer.Option(help="Only cases of this stage (repeatable).")] = None,
    clause: Annotated[
        list[str] | None, typer.Option(help="Only cases citing this clause; * and ? work.")
    ] = None,
    case_id: Annotated[list[str] | None, typer.Option("--id", help="Only this case; * and ? work.")] = None,
    flag: Annotated[list[str] | None, typer.Option(help="Only cases with this flag; * and ? work.")] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Adapter processes at once.")] = 1,
    timeout: Annotated[float, typer.Option(min=0.01, help="Longest wait for one answer, in seconds.")] = 10.0,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Stop after the first bad verdict.")] = False,
    report: Annotated[Path | None, typer.Option(help="Write the report as JSON to this file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Validate a decoder against the published vectors.

    Example: dred conform --adapter "./my-adapter --quiet" --stage packet --report report.json

    Exit code 0: every MUST that was judged passed; 1: something failed; 2: wrong usage or nothing judged.
    """
    unknown = sorted(set(stage or ()) - set(STAGES))
    if unknown:
        typer.echo(f"unknown stage {', '.join(unknown)}; there are {', '.join(STAGES)}", err=True)
        raise typer.Exit(USAGE_ERROR)
    if report is not None and not report.absolute().parent.is_dir():
        typer.echo(f"{report}: the folder is missing; make it first", err=True)
        raise typer.Exit(USAGE_ERROR)
    selection = Selection(tuple(stage or ()), tuple(clause or ()), tuple(case_id or ()), tuple(flag or ()))
    try:
        store = VectorStore(vectors if vectors is not None else data_folder("vectors"))
        cases = selection.of(store.groups())
        if not cases:
            typer.echo("no case is selected; 'dred vectors list' shows what there is", err=True)
            raise typer.Exit(USAGE_ERROR)
        with adapter_command(adapter, store.folder) as command:
            campaign = _run(command, cases, jobs, timeout, fail_fast=fail_fast)
    except _SET_UP_ERRORS as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(USAGE_ERROR) from error
    document = report_document(campaign, store, adapter)
    if report is not None:
        write_text_whole(report, json.dumps(document, indent=1) + "\n")
    if as_json:
        typer.echo(json.dumps(document))
    else:
        print_report(document, Console())
    raise typer.Exit(campaign.exit_code)
