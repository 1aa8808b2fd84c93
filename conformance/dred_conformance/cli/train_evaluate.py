"""``dred train evaluate``: what models buy, side by side."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from dred_conformance.cli.files import write_bytes_whole
from dred_conformance.cli.progress import shown_cases
from dred_conformance.cli.train import refusing
from dred_model import ModelBundle, load_model, require_model
from dred_training.feature_store import read_store

__all__ = ["evaluate"]

FORMAT = "dred-train-evaluation/1"
PLOT_SUFFIXES = (".png", ".svg", ".pdf")
USAGE_ERROR = 2


def evaluate(
    features: Annotated[Path, typer.Argument(metavar="FEATURES", help="What 'features' made.")],
    models: Annotated[list[str], typer.Argument(metavar="MODEL...", help="Names or folders of models.")],
    every: Annotated[int, typer.Option(min=1, help="A chunk ends every so many 20 ms.")] = 25,
    plot: Annotated[Path | None, typer.Option(help="Draw it: a .png, .svg or .pdf file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help=f"Print as JSON (format {FORMAT}).")] = False,
) -> None:
    """Put models to the same features: bits and errors by level, along ramps, and by age.

    Chunks of 1.04 s are quantised and decoded with the weights of the bundle; bits are those of the range
    coder.

    For example:

    dred train evaluate features-eval libopus-1.6 model --plot curves.png

    Exit code 0: done; 2: wrong usage, or something cannot be read.
    """
    if plot is not None and plot.suffix.lower() not in PLOT_SUFFIXES:
        typer.echo(f"{plot}: plots are {', '.join(PLOT_SUFFIXES)}", err=True)
        raise typer.Exit(USAGE_ERROR)
    with refusing():
        store = read_store(features)
        bundles = [_model(name) for name in models]
        from dred_training.rdovae.evaluation import (  # noqa: PLC0415  it loads PyTorch
            CONSTANT,
            RAMPS,
            Evaluation,
        )

        evaluation = Evaluation([store.clip_features(clip) for clip in store.clips], every)
        outcomes: list[Any] = []
        with shown_cases("evaluating", len(bundles)) as advance:
            for done, bundle in enumerate(bundles, start=1):
                outcomes += evaluation.outcomes(bundle, CONSTANT + RAMPS)
                advance(done)
    if plot is not None:
        from dred_conformance.rate_study.plot_models import plot_models  # noqa: PLC0415

        with refusing():
            write_bytes_whole(plot, plot_models(outcomes, plot.suffix[1:].lower()))
    if as_json:
        typer.echo(json.dumps(_document(bundles, store.sha256, evaluation.chunks, outcomes)))
    else:
        Console(width=120).print(_table(outcomes, f"{evaluation.chunks} chunks of 1.04 s"))


def _model(name: str) -> ModelBundle:
    folder = Path(name)
    return load_model(folder) if (folder / "model.json").is_file() else require_model(name)


def _document(
    bundles: list[ModelBundle], features_sha256: str, chunks: int, outcomes: list[Any]
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "features_sha256": features_sha256,
        "chunks": chunks,
        "models": [
            {
                "name": bundle.name,
                "model_sha256": bundle.model_sha256,
                "latents_coded": ((bundle.tables.latent_r_q8 > 0) & (bundle.tables.latent_p0_q8 < 255))
                .sum(axis=1)
                .tolist(),
            }
            for bundle in bundles
        ],
        "outcomes": [
            {
                "model": each.model,
                "ramp": each.ramp.name,
                "bits_per_second": each.bits_per_second,
                "state_bits": each.state_bits,
                "total": each.total,
                "max": each.largest,
                "by_age": {
                    name: getattr(each, name).tolist()
                    for name in ("bits", "cepstrum", "pitch", "correlation", "voicing")
                },
            }
            for each in outcomes
        ],
    }


def _table(outcomes: list[Any], title: str) -> Table:
    table = Table(title=title, caption="errors are means over all ages; 'old': the last 0.5 s")
    for name in ("levels", "model", "bit/s", "state", "total", "max", "cepstrum", "pitch", "old", "voicing"):
        table.add_column(name, justify="left" if name in {"levels", "model"} else "right")
    for ramp in dict.fromkeys(each.ramp for each in outcomes):
        for each in outcomes:
            if each.ramp == ramp:
                table.add_row(
                    ramp.name,
                    each.model,
                    f"{each.bits_per_second:.0f}",
                    f"{each.state_bits:.0f}",
                    f"{each.total:.3f}",
                    f"{each.largest:.3f}",
                    f"{each.cepstrum.mean():.3f}",
                    f"{each.pitch.mean():.3f}",
                    f"{each.pitch[len(each.pitch) // 2 :].mean():.3f}",
                    f"{each.voicing.mean():.1%}",
                )
        table.add_section()
    return table
