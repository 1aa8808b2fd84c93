"""``dred bench vocoder``: how much faster than speech the vocoders are."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

import dred_native
from dred_conformance.bench.vocoder import bench_vocoder, speech_like
from dred_conformance.cli.model_options import DEFAULT_MODEL
from dred_conformance.comparison.errors import SignalError
from dred_conformance.comparison.feature_files import read_features
from dred_model import ModelError, model_or_default
from dred_reference.errors import DredError

__all__ = ["vocoder"]

MARKS = {"avx2": 100, "reference": 2}  # times real time on one core
USAGE_ERROR = 2


def vocoder(
    features: Annotated[
        Path | None, typer.Option(help="Features, raw float32 or .npy; made up if left out.")
    ] = None,
    frames: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many to make up.")] = 1000,
    model: Annotated[str | None, typer.Option(help=f"Model with a vocoder; {DEFAULT_MODEL}.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Time the synthesis of speech on every path of the core, and with the literal implementation.

    Example: dred bench vocoder --frames 1000

    Exit code 0: measured; 2: wrong usage, or the features or the model are missing or cannot be used.
    """
    try:
        bundle = model_or_default(model)
        if "fargan" not in bundle.networks:
            raise SignalError(
                f"the model {bundle.name} has no vocoder; 'dred model fetch' gets the official one"
            )
        values = speech_like(frames) if features is None else read_features(features).astype(np.float32)
        if not len(values):
            raise SignalError(f"{features}: there is no frame in it")
        result = bench_vocoder(bundle, values)
    except (ModelError, SignalError, DredError, dred_native.DredError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(USAGE_ERROR) from error
    if as_json:
        typer.echo(json.dumps(asdict(result)))
        return
    typer.echo(f"{result.model}, {result.frames} frames of 10 ms; one core, the best of 5 rounds")
    for each in result.times:
        mark = MARKS.get(each.name)
        said = "" if mark is None else f"   (mark: {mark})"
        typer.echo(
            f"{each.name}: {each.frame_us:.1f} us per frame, {each.times_real_time:.1f} times real time{said}"
        )
    typer.echo(f"{result.vocoder_bytes} bytes a vocoder, {result.network_bytes} bytes the network all share")
