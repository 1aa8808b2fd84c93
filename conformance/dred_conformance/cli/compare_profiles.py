"""``dred compare profiles``: how far the numeric profiles are from each other and from a deployed decoder."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from dred_conformance.comparison.profiles import DumpError, compare_profiles
from dred_model import ModelError, finding
from dred_reference.errors import DredError
from dred_reference.feature import PROFILES, VARIANTS

__all__ = ["profiles"]


def profiles(
    dump: Annotated[
        Path, typer.Argument(help="JSON lines (gzip) with state, latents and features_c of a real decoder.")
    ],
    model: Annotated[str, typer.Option(help="The model of that decoder.")] = "libopus-1.6",
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Compare every numeric profile with every other, and with what a deployed decoder said.

    Example: dred compare profiles ../shared/interop/streams/expected.jsonl.gz

    Exit code 0: compared; 2: the dump or the model is missing or does not fit.
    """
    columns = (TextColumn("decoding"), BarColumn(), MofNCompleteColumn())
    try:
        network = finding.require_model(model).to_reference_network()
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("packets", total=None)
            latents, distances = compare_profiles(
                dump,
                network,
                (*PROFILES, *VARIANTS),
                lambda done, total: progress.update(task, completed=done, total=total),
            )
    except (ModelError, DredError, DumpError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    if as_json:
        typer.echo(json.dumps({"latents": latents, "distances": [asdict(each) for each in distances]}))
        return
    typer.echo(f"{latents} latents, {4 * latents} frames")
    typer.echo(f"{'reference':<12}{'candidate':<12}{'total':>10}{'max':>10}{'pitch':>10}")
    for each in distances:
        typer.echo(
            f"{each.reference:<12}{each.candidate:<12}{each.total:>10.5f}{each.maximum:>10.5f}{each.pitch:>10.5f}"
        )
