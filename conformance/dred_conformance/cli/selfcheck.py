"""``dred selfcheck``: random inputs, Python against C++."""

import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from dred_conformance.differential.campaign import ChunkReport, run_chunks
from dred_conformance.differential.real_payloads import real_payloads
from dred_conformance.inputs import InputError
from dred_model import (
    ModelBundle,
    ModelError,
    bundled_model,
    find_model,
    named_synthetic_model,
    official,
)

__all__ = ["selfcheck"]

_SYNTHETIC = (
    "synthetic-1",
    "synthetic-2-21x19",
    "synthetic-3-1x1",
    "synthetic-4-5x7-dead9",
    "synthetic-5-256x256",
)
_NETWORKS = (
    "synthetic-1-net",
    "synthetic-3-1x1-net8x8x8x8",
    "synthetic-5-7x9-net40x24x16x32",
    "synthetic-6-21x19-net24x56x24x16",
    "synthetic-7-256x256-net136x104x72x40",
    "synthetic-9-net128x96x64x32",
)
_CHUNK = {"packets": 2000, "paddings": 2000, "payloads": 200, "features": 100}
_SHOWN = 10


def _models(names: tuple[str, ...]) -> list[ModelBundle]:
    official_one = find_model(official.NAME)
    models = [bundled_model(), *(named_synthetic_model(name) for name in names)]
    return models if official_one is None else [official_one, *models]


def selfcheck(
    packets: Annotated[int, typer.Option(min=0, help="Random packets.")] = 20_000,
    paddings: Annotated[int, typer.Option(min=0, help="Random padding areas.")] = 20_000,
    payloads: Annotated[int, typer.Option(min=0, help="Random payloads, over all models at hand.")] = 2_000,
    features: Annotated[int, typer.Option(min=0, help="Payloads and values decoded to features.")] = 500,
    seed: Annotated[int, typer.Option(help="Seed.")] = 1,
    streams: Annotated[
        Path | None, typer.Option(help="Folder of .bit streams whose payloads are damaged.")
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes.")] = os.cpu_count() or 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Put random inputs to both implementations and compare every answer.

    Features are compared bit for bit in the fixed-point profile, on every path of the native core.

    Example: dred selfcheck --packets 200000 --paddings 200000 --payloads 50000 --features 20000 --seed 7

    Exit code 0: no difference; 1: a difference, shown with its input; 2: wrong usage.
    """
    started = time.perf_counter()
    try:
        models, networks = _models(_SYNTHETIC), _models(_NETWORKS)
        real = [] if streams is None else real_payloads(streams)
    except (ModelError, InputError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    named = [bundle.name for bundle in (*models, *networks)]
    summary: dict[str, Any] = {"seed": seed, "models": list(dict.fromkeys(named)), "real": len(real)}
    mismatches = []
    wanted = {"packets": packets, "paddings": paddings, "payloads": payloads, "features": features}
    for kind, inputs in wanted.items():
        used = networks if kind == "features" else models
        reports = list(_shown(kind, inputs, run_chunks(kind, inputs, _CHUNK[kind], seed, jobs, used, real)))
        outcomes = sum((report.outcomes for report in reports), Counter[str]())
        found = [mismatch for report in reports for mismatch in report.mismatches]
        summary[kind] = {
            "inputs": sum(report.inputs for report in reports),
            "outcomes": dict(sorted(outcomes.items())),
            "mismatches": len(found),
        }
        mismatches += found
    summary["seconds"] = round(time.perf_counter() - started, 1)
    summary["first_mismatches"] = [asdict(mismatch) for mismatch in mismatches[:_SHOWN]]
    _print(summary, as_json=as_json)
    raise typer.Exit(1 if mismatches else 0)


def _shown(kind: str, inputs: int, reports: Iterator[ChunkReport]) -> Iterator[ChunkReport]:
    columns = (TextColumn(kind), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(kind, total=inputs)
        for report in reports:
            progress.advance(task, report.inputs)
            yield report


def _print(summary: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(summary))
        return
    console = Console(highlight=False)
    for kind in _CHUNK:
        part = summary[kind]
        outcomes = ", ".join(f"{name} {count}" for name, count in part["outcomes"].items())
        console.print(
            f"{kind}: {part['inputs']} inputs, {part['mismatches']} differences ({outcomes})", markup=False
        )
    for mismatch in summary["first_mismatches"]:
        console.print(f"DIFFERENCE in {mismatch['kind']}: {mismatch['input']}", markup=False)
        console.print(
            f"  reference: {mismatch['reference']}\n  native:    {mismatch['native']}", markup=False
        )
    console.print(f"models: {', '.join(summary['models'])}; seed {summary['seed']}; {summary['seconds']} s")
