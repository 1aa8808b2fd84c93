"""``dred train curve``: how a training run goes, as a picture and in numbers."""

import json
from pathlib import Path
from typing import Annotated

import typer

from dred_conformance.cli.files import write_bytes_whole
from dred_conformance.cli.train import refusing
from dred_conformance.rate_study.plot_training import LOG_PARTS, plot_training
from dred_training import TrainingError
from dred_training.run_folder import read_run
from dred_training.run_log import read_log

__all__ = ["curve"]

FORMAT = "dred-train-curve/1"
PLOT_SUFFIXES = (".png", ".svg", ".pdf")
USAGE_ERROR = 2
_LAST = 20  # entries whose mean is told


def curve(
    run: Annotated[Path, typer.Argument(help="Folder of a run; it may go on meanwhile.")],
    plot: Annotated[Path | None, typer.Option(help="Draw it: a .png, .svg or .pdf file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help=f"Print as JSON (format {FORMAT}).")] = False,
) -> None:
    """Show the log of a run: parts of the loss, bits, errors, and how many dimensions are coded.

    Printed are means of the last 20 entries; the JSON form has every entry.

    For example:

    dred train curve run --plot run.png

    Exit code 0: done; 2: there is no run, or it has no log yet.
    """
    if plot is not None and plot.suffix.lower() not in PLOT_SUFFIXES:
        typer.echo(f"{plot}: plots are {', '.join(PLOT_SUFFIXES)}", err=True)
        raise typer.Exit(USAGE_ERROR)
    with refusing():
        configuration, _ = read_run(run)
        entries = read_log(run)
        if not entries:
            raise TrainingError("T4", "there is no entry in the log yet", subject=str(run))
        steps = configuration.training.steps
        last = entries[-_LAST:]
        if plot is not None:
            title = f"{configuration.name}: {entries[-1]['step']} of {steps} steps"
            write_bytes_whole(plot, plot_training(entries, plot.suffix[1:].lower(), title=title))
    if as_json:
        typer.echo(json.dumps({"format": FORMAT, "run": str(run), "steps": steps, "entries": entries}))
        return
    typer.echo(f"step {entries[-1]['step']} of {steps}, {entries[-1].get('seconds', 0) / 3600:.2f} h")
    for name, label in LOG_PARTS.items():
        values = [each[name] for each in last if isinstance(each.get(name), int | float)]
        if values:
            typer.echo(f"  {label:<28}{sum(values) / len(values):10.4f}")
    typer.echo(f"  latent dimensions coded     {' '.join(map(str, entries[-1].get('alive', [])))}")
