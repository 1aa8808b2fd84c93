"""``dred compare``: the working group's metrics, and where the difference lies."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from dred_conformance.cli.inspect_output import terminal
from dred_conformance.comparison import (
    AudioComparison,
    AudioThresholds,
    ComparisonError,
    FeatureComparison,
    FeatureThresholds,
    RawFormat,
    TruncatedError,
    compare_audio,
    compare_features,
    read_audio,
    read_features,
)
from dred_conformance.comparison.json_form import as_json as as_document
from dred_conformance.comparison.json_form import truncation_as_json
from dred_conformance.comparison.plot_audio import plot_audio
from dred_conformance.comparison.plot_features import plot_features
from dred_conformance.comparison.plot_frame import check_plot_path
from dred_conformance.comparison.terminal import view
from dred_conformance.inspection.terminal import styled

__all__ = ["app"]

FAILED, USAGE_ERROR = 1, 2

app = typer.Typer(
    help="Compare features or speech with the working group's metrics: reference first, candidate second.",
    no_args_is_help=True,
)

Reference = Annotated[Path, typer.Argument(metavar="REFERENCE", help="What is right.", show_default=False)]
Candidate = Annotated[Path, typer.Argument(metavar="CANDIDATE", help="What is judged.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print as JSON (format dred-compare/1).")]
Plot = Annotated[
    Path | None, typer.Option(help="Draw it: a .png, .svg or .pdf file; needs the extra 'plot'.")
]


@app.callback()
def compare() -> None:
    """Compare features or speech with the working group's metrics: reference first, candidate second."""


def _run(metric: str, compared: Callable[[], FeatureComparison | AudioComparison], *, as_json: bool) -> None:
    """Print the verdict and leave with its exit code."""
    try:
        with _waiting(f"comparing {metric}"):
            comparison = compared()
    except TruncatedError as error:
        if as_json:
            typer.echo(json.dumps(truncation_as_json(metric, error)))
        else:
            terminal().print(styled(f"FAIL\n  {error}", "bold red"), soft_wrap=True)
        raise typer.Exit(FAILED) from error
    except ComparisonError as error:
        terminal(stderr=True).print(styled(str(error), "bold red"), soft_wrap=True)
        raise typer.Exit(USAGE_ERROR) from error
    if as_json:
        typer.echo(json.dumps(as_document(comparison)))
    else:
        terminal().print(view(comparison), soft_wrap=True)
    raise typer.Exit(0 if comparison.passed else FAILED)


@contextmanager
def _waiting(what: str) -> Iterator[None]:
    if not sys.stderr.isatty():
        yield
        return
    with terminal(stderr=True).status(what):
        yield


@app.command()
def features(
    reference: Reference,
    candidate: Candidate,
    thresholds: Annotated[
        tuple[float, float, float], typer.Option(metavar="TOTAL MAX PITCH", help="The largest that pass.")
    ] = (0.5, 0.15, 0.02),
    as_json: Json = False,
    plot: Plot = None,
) -> None:
    """Compare acoustic features: raw float32 (little-endian, 20 per 10 ms), or .npy.

    total: root of the mean squared errors of all features but the pitch, added up.
    max: the largest of those roots. pitch: mean absolute error where the reference is voiced.

    Frame i is compared with frame i. A candidate that is shorter fails as truncated; one that is longer is
    compared as far as the reference goes. NaN or infinity in the candidate fails; in the reference it is an
    error. Without a voiced frame, as in silence, pitch is 0/0 and the comparison fails: "no voiced frame".
    An empty reference, or a file that is no whole number of frames, is an error.

    For example:

    dred compare features vector1_dred_dec.f32 mine.f32

    dred compare features reference.f32 mine.f32 --thresholds 0.1 0.05 0.01 --plot difference.png

    Exit code 0: pass; 1: fail; 2: wrong usage, or a file that cannot be read.
    """

    def compared() -> FeatureComparison:
        limits = FeatureThresholds(*thresholds)
        if plot is not None:
            check_plot_path(plot)
        left = read_features(reference)
        comparison = compare_features(left, read_features(candidate), limits)
        if plot is not None:
            plot_features(comparison, left, _title(reference, candidate), plot)
        return comparison

    _run("features", compared, as_json=as_json)


@app.command()
def audio(
    reference: Reference,
    candidate: Candidate,
    thresholds: Annotated[
        tuple[float, float, float], typer.Option(metavar="ERR4 ERR16 PITCH", help="The largest that pass.")
    ] = (0.25, 1.0, 0.15),
    raw_format: Annotated[
        RawFormat | None,
        typer.Option("--format", help="Raw samples, both files; else told by .s24 and .f32, int16 if not."),
    ] = None,
    skip: Annotated[int, typer.Option(min=0, help="Samples of the candidate to leave out first.")] = 0,
    skip_reference: Annotated[
        int, typer.Option(min=0, help="Samples of the reference to leave out first.")
    ] = 0,
    as_json: Json = False,
    plot: Plot = None,
) -> None:
    """Compare speech of 16 kHz, one channel: raw little-endian samples, WAV or FLAC (extra 'audio').

    err4, err16: how differently loud the two are in 17 bands, err16 mostly at its peaks.
    pitch: how far the candidate is from being as periodic as the reference in voiced frames.

    Sample i is compared with sample i. A candidate that is shorter fails with both counts; one that is longer
    is cut to the reference. NaN or infinity in the candidate fails; in the reference it is an error. Without
    a voiced frame, as in silence, pitch is 0/0 and the comparison fails: "no voiced frame". A reference below
    640 samples, half a sample, another rate and more than one channel are errors. The samples after the last
    whole frame of 10 ms are not looked at.

    err4 and err16 shrink with the length of the files: thresholds mean something only for the files that they
    were made for.

    For example:

    dred compare audio vector1_orig.sw mine.sw

    dred compare audio vector1_orig.sw system.sw --thresholds 1 3 0.25

    dred compare audio clean.wav mine.f32 --skip 80 --plot difference.svg

    Exit code 0: pass; 1: fail; 2: wrong usage, or a file that cannot be read.
    """

    def compared() -> AudioComparison:
        limits = AudioThresholds(*thresholds)
        if plot is not None:
            check_plot_path(plot)
        left = read_audio(reference, raw_format, skip=skip_reference)
        comparison = compare_audio(left, read_audio(candidate, raw_format, skip=skip), limits)
        if plot is not None:
            plot_audio(comparison, _title(reference, candidate), plot)
        return comparison

    _run("audio", compared, as_json=as_json)


def _title(reference: Path, candidate: Path) -> str:
    return f"{candidate.name} against {reference.name}"
