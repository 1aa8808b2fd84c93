"""``dred conform``: validate a decoder against the published vectors."""

import json
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from dred_conformance.cli.case_list import print_cases
from dred_conformance.cli.known_failures import BaselineOptions
from dred_conformance.cli.progress import shown_progress
from dred_conformance.cli.report_files import report_problem, write_reports
from dred_conformance.data import DataNotFoundError, data_folder
from dred_conformance.protocol.operations import STAGES
from dred_conformance.release.errors import ReleaseError
from dred_conformance.release.opening import opened_vectors
from dred_conformance.report.document import report_document
from dred_conformance.report.terminal import print_report
from dred_conformance.runner.adapter_log import AdapterLog
from dred_conformance.runner.baseline import BaselineError
from dred_conformance.runner.builtin import AdapterNotFoundError, adapter_command
from dred_conformance.runner.campaign import Campaign, run_campaign
from dred_conformance.runner.cluster import ClusterError, run_on_cluster
from dred_conformance.runner.faults import RunStoppedError
from dred_conformance.runner.restarts import MAX_RESTARTS
from dred_conformance.runner.selection import Selection, SelectionError
from dred_conformance.runner.session import AdapterStartError
from dred_conformance.runner.stopping import Stop, stopped_by_signals
from dred_conformance.vectors.arrays import ArrayError
from dred_conformance.vectors.case import Case
from dred_conformance.vectors.store import VectorError, VectorStore
from dred_model import ModelError

__all__ = ["conform"]

USAGE_ERROR = 2
_SET_UP_ERRORS = (
    *(VectorError, ArrayError, DataNotFoundError, ReleaseError, SelectionError, BaselineError),
    *(AdapterStartError, AdapterNotFoundError, ClusterError, ModelError, OSError),
)
_SELECTION = "Selection: of every kind that is given, one has to match"
_RUN = "Run"
_KNOWN = "Known failures"
_CLUSTER = "Cluster"


@dataclass(frozen=True)
class _RunOptions:
    adapter: str
    jobs: int
    timeout_s: float
    max_restarts: int
    fail_fast: bool
    log: Path | None
    scheduler: str | None


def _run(
    options: _RunOptions, store: VectorStore, cases: list[Case], known: frozenset[str], stop: Stop
) -> Campaign:
    with stopped_by_signals(stop), shown_progress(len(cases)) as progress:
        common: dict[str, Any] = {
            "timeout_s": options.timeout_s,
            "fail_fast": options.fail_fast,
            "progress": progress,
            "stop": stop,
            "known": known,
            "max_restarts": options.max_restarts,
        }
        if options.scheduler is not None:
            return run_on_cluster(options.scheduler, options.adapter, cases, **common)
        with adapter_command(options.adapter, store.folder) as command, AdapterLog(options.log) as log:
            return run_campaign(command, cases, jobs=options.jobs, log=log, **common)


def conform(
    context: typer.Context,
    adapter: Annotated[
        str,
        typer.Option(
            "--adapter", "-a", help="A built-in adapter (native, reference, node, libopus) or a command line."
        ),
    ] = "native",
    vectors: Annotated[
        Path | None, typer.Option(help="Folder or release file of vectors; the published ones if left out.")
    ] = None,
    stage: Annotated[
        list[str] | None,
        typer.Option(help="Only cases of this stage (repeatable).", rich_help_panel=_SELECTION),
    ] = None,
    clause: Annotated[
        list[str] | None,
        typer.Option(help="Only cases citing this clause; * and ? work.", rich_help_panel=_SELECTION),
    ] = None,
    case_id: Annotated[
        list[str] | None,
        typer.Option("--id", help="Only this case; * and ? work.", rich_help_panel=_SELECTION),
    ] = None,
    flag: Annotated[
        list[str] | None,
        typer.Option(help="Only cases with this flag; * and ? work.", rich_help_panel=_SELECTION),
    ] = None,
    only_list: Annotated[
        bool,
        typer.Option("--list", help="List the selected cases and run nothing.", rich_help_panel=_SELECTION),
    ] = False,
    jobs: Annotated[
        int,
        typer.Option("--jobs", "-j", min=1, max=1024, help="Adapter processes.", rich_help_panel=_RUN),
    ] = 1,
    timeout: Annotated[
        float,
        typer.Option(
            min=0.01, max=86400.0, help="Longest wait for one answer, in seconds.", rich_help_panel=_RUN
        ),
    ] = 10.0,
    max_restarts: Annotated[
        int,
        typer.Option(
            min=0,
            help="How often an adapter that dies or falls silent is started again; then the rest is not-run.",
            rich_help_panel=_RUN,
        ),
    ] = MAX_RESTARTS,
    fail_fast: Annotated[
        bool,
        typer.Option("--fail-fast", help="Stop after the first new bad verdict.", rich_help_panel=_RUN),
    ] = False,
    adapter_log: Annotated[
        Path | None,
        typer.Option(help="Write what the adapter says on stderr to this file.", rich_help_panel=_RUN),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(
            help="Known failures, one case id per line; they do not count, and go out once mended.",
            rich_help_panel=_KNOWN,
        ),
    ] = None,
    baseline_create: Annotated[
        bool,
        typer.Option("--baseline-create", help="Make the file from this run.", rich_help_panel=_KNOWN),
    ] = False,
    baseline_update: Annotated[
        bool,
        typer.Option(
            "--baseline-update",
            help="Take out of the file what does not fail any more; nothing is ever added.",
            rich_help_panel=_KNOWN,
        ),
    ] = False,
    scheduler: Annotated[
        str | None,
        typer.Option(
            help="Address of a Dask scheduler, such as tcp://host:8786: its workers run the cases in chunks. "
            "Every worker needs this package in the same version, the adapter's executable under the same "
            "name, and for the built-in adapters the models; the cases travel with the chunks.",
            rich_help_panel=_CLUSTER,
        ),
    ] = None,
    report: Annotated[
        list[Path] | None,
        typer.Option(help="Write a report (repeatable): .html, .json, .xml (JUnit) or .md by its suffix."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Validate a decoder against the published vectors.

    Example: dred conform --adapter "./my-adapter --quiet" --stage packet --report report.html

    Example: dred conform --adapter ./my-adapter --baseline known.txt --baseline-create

    Example: dred conform --stage payload --clause 'DRED-*' --list

    Example: dred conform --adapter /opt/my-adapter --scheduler tcp://10.0.0.1:8786

    Exit code 0: every MUST that was judged passed, or is known to fail; 1: something else failed, or a known
    failure passes; 2: wrong usage or nothing judged; 130: interrupted by Ctrl-C, 143: by SIGTERM, both with a
    report of what was judged so far.
    """
    unknown = sorted(set(stage or ()) - set(STAGES))
    if unknown:
        typer.echo(f"unknown stage {', '.join(unknown)}; there are {', '.join(STAGES)}", err=True)
        raise typer.Exit(USAGE_ERROR)
    reports = report or []
    problem = report_problem(reports)
    if problem is not None:
        typer.echo(problem, err=True)
        raise typer.Exit(USAGE_ERROR)
    if scheduler is not None and (jobs > 1 or adapter_log is not None):
        typer.echo("--jobs and --adapter-log are for runs on this machine, without --scheduler", err=True)
        raise typer.Exit(USAGE_ERROR)
    selection = Selection(tuple(stage or ()), tuple(clause or ()), tuple(case_id or ()), tuple(flag or ()))
    options = _RunOptions(adapter, jobs, timeout, max_restarts, fail_fast, adapter_log, scheduler)
    stop = Stop()
    known_failures = BaselineOptions(baseline, baseline_create, baseline_update)
    try:
        origin = vectors if vectors is not None else data_folder("vectors")
        store = VectorStore(context.with_resource(opened_vectors(origin)), origin)
        published = [case for group in store.groups() for case in group.cases]
        cases = selection.among(published)
        if only_list:
            print_cases(cases, as_json=as_json)
            raise typer.Exit(0)
        known = known_failures.read()
        campaign = _run(options, store, cases, known.ids, stop)
        campaign = known_failures.apply(campaign, known, {case.id for case in published})
    except _SET_UP_ERRORS as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(USAGE_ERROR) from error
    except RunStoppedError as error:
        typer.echo(f"{error}: the adapter had not answered 'hello' yet", err=True)
        raise typer.Exit(128 + (stop.signal or signal.SIGINT)) from error
    document = report_document(campaign, store, adapter)
    all_written = write_reports(document, reports)
    if as_json:
        typer.echo(json.dumps(document))
    else:
        print_report(document, Console())
    known_failures.tell(campaign)
    if all_written and reports and not as_json:
        typer.echo(f"report: {', '.join(str(path) for path in reports)}")
    raise typer.Exit(campaign.exit_code if all_written else USAGE_ERROR)
