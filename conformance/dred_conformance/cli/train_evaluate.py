"""``dred train evaluate``: what models buy, side by side."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from dred_conformance.cli.files import write_bytes_whole
from dred_conformance.cli.progress import shown_cases
from dred_conformance.cli.train import refusing
from dred_conformance.rate_study.models_beside import FORMAT, beside
from dred_conformance.rate_study.models_tables import tables
from dred_model import ModelBundle, load_model, require_model
from dred_training.feature_store import read_store

__all__ = ["evaluate"]

PLOT_SUFFIXES = (".png", ".svg", ".pdf")
USAGE_ERROR = 2
MOST_MODELS = 8
_WIDTH = 130


def evaluate(
    features: Annotated[Path, typer.Argument(metavar="FEATURES", help="What 'features' made.")],
    models: Annotated[
        list[str],
        typer.Argument(metavar="MODEL...", help="Names or folders of models; the first is the reference."),
    ],
    every: Annotated[int, typer.Option(min=1, help="A chunk ends every so many 20 ms.")] = 25,
    plot: Annotated[Path | None, typer.Option(help="Draw it: a .png, .svg or .pdf file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help=f"Print as JSON (format {FORMAT}).")] = False,
) -> None:
    """Put models to the same features: bits and errors by level, along ramps, and by age.

    Chunks of 1.04 s are quantised and decoded with the weights of the bundle; bits are those of the range
    coder. Further tables: the bits of each model beside the first at equal errors, the dimensions that are
    coded, and the pitch along every ramp that a header can announce.

    For example:

    dred train evaluate features-eval libopus-1.6 model --plot curves.png

    Exit code 0: done; 2: wrong usage, or something cannot be read.
    """
    if plot is not None and plot.suffix.lower() not in PLOT_SUFFIXES:
        typer.echo(f"{plot}: plots are {', '.join(PLOT_SUFFIXES)}", err=True)
        raise typer.Exit(USAGE_ERROR)
    if len(models) > MOST_MODELS:
        typer.echo(f"{len(models)} models; {MOST_MODELS} at most", err=True)
        raise typer.Exit(USAGE_ERROR)
    with refusing():
        store = read_store(features, verify=True)
        bundles = _labelled(models)
        with shown_cases("evaluating", len(bundles)) as advance:
            result = beside(store, bundles, every, advance)
        if plot is not None:
            from dred_conformance.rate_study.plot_models import plot_models  # noqa: PLC0415

            write_bytes_whole(plot, plot_models(result.outcomes, plot.suffix[1:].lower()))
    if as_json:
        typer.echo(json.dumps(result.to_json()))
        return
    console = Console(width=_WIDTH)
    for table in tables(result):
        console.print(table)


def _labelled(names: list[str]) -> dict[str, ModelBundle]:
    """Load models; those of one name are told apart by where they lie."""
    bundles = [_model(name) for name in names]
    labels: dict[str, ModelBundle] = {}
    for name, bundle in zip(names, bundles, strict=True):
        is_alone = sum(each.name == bundle.name for each in bundles) == 1
        label = base = bundle.name if is_alone else name
        number = 1
        while label in labels:
            number += 1
            label = f"{base} ({number})"
        labels[label] = bundle
    return labels


def _model(name: str) -> ModelBundle:
    folder = Path(name)
    return load_model(folder) if (folder / "model.json").is_file() else require_model(name)
