"""``dred features``: speech to acoustic features."""

import json
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from dred_conformance.analysis import (
    FEATURE_SUFFIXES,
    PITCH_METHODS,
    AnalysisError,
    ExtractedFeatures,
    choose_pitch,
    extract,
    feature_bytes,
    read_speech_at_16k,
)
from dred_conformance.analysis.plot import plot_extracted
from dred_conformance.cli.files import write_bytes_whole
from dred_conformance.cli.model_options import DEFAULT_MODEL
from dred_conformance.cli.progress import shown_frames
from dred_conformance.comparison import ComparisonError
from dred_conformance.comparison.plot_frame import check_plot_path
from dred_reference.analysis import FRAME_SIZE, PITCH_PROFILES, SAMPLING_RATE

__all__ = ["features"]

NO_FEATURES, USAGE_ERROR = 1, 2
FORMAT = "dred-features/1"


def features(
    speech: Annotated[Path, typer.Argument(metavar="SPEECH", help="WAV, FLAC, or raw int16 (.sw, 16 kHz).")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the features: .f32 or .npz.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(help="Draw them: a .png, .svg or .pdf file; needs the extra 'plot'.")
    ] = None,
    pitch: Annotated[str, typer.Option(help=f"Pitch estimator: {', '.join(PITCH_METHODS)}.")] = "auto",
    model: Annotated[str | None, typer.Option(help=f"Model with a pitch network; {DEFAULT_MODEL}.")] = None,
    profile: Annotated[
        str, typer.Option(help=f"Arithmetic of the pitch network: {', '.join(PITCH_PROFILES)}.")
    ] = "float64",
    as_json: Annotated[bool, typer.Option("--json", help=f"Print as JSON (format {FORMAT}).")] = False,
) -> None:
    """Extract acoustic features from speech, 20 numbers per 10 ms, as a DRED encoder does.

    They are 18 cepstral coefficients, the pitch in octaves over 177 Hz, and the correlation at the pitch.
    Row t belongs to samples 160 t to 160 t + 159 at 16 kHz. Other rates are converted, two channels are
    mixed, and what is left after the last whole frame is not looked at.

    .f32 holds 20 float32 per frame, little-endian. .npz holds 'features', 'lpc' (16 predictor taps per
    frame), 'rate' (of the file), 'pitch', 'profile', 'model' and 'model_sha256'.

    --pitch network is the model's own estimator, tracker is signal processing and needs no model; auto takes
    the network where there is one.

    For example:

    dred features speech.wav -o speech.f32

    dred features speech.flac -o speech.npz --plot speech.png --pitch tracker

    Exit code 0: done; 1: the file holds no speech that can be analysed; 2: wrong usage, or a file that is
    missing or cannot be written.
    """
    _check_usage(output, plot, pitch, profile)
    try:
        method = choose_pitch(pitch, model, profile)
        sound = read_speech_at_16k(speech)
        with shown_frames("extracting", len(sound.samples) // FRAME_SIZE) as advance:
            extracted = extract(sound, method, advance)
    except AnalysisError as error:
        raise _fail(str(error), USAGE_ERROR if error.is_usage else NO_FEATURES) from error
    try:
        if output is not None:
            write_bytes_whole(output, feature_bytes(output, extracted))
        if plot is not None:
            plot_extracted(extracted, str(speech), plot)
    except OSError as error:
        raise _fail(f"{output}: cannot be written ({error.strerror})") from error
    except ComparisonError as error:
        raise _fail(str(error)) from error
    document = _document(speech, output, plot, extracted)
    typer.echo(json.dumps(document) if as_json else _text(document))


def _fail(message: str, code: int = USAGE_ERROR) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(code)


def _check_usage(output: Path | None, plot: Path | None, pitch: str, profile: str) -> None:
    """Refuse what cannot work before anything is computed."""
    if pitch not in PITCH_METHODS:
        raise _fail(f"there is no pitch estimator {pitch!r}; there are {', '.join(PITCH_METHODS)}")
    if profile not in PITCH_PROFILES:
        raise _fail(f"there is no profile {profile!r}; there are {', '.join(PITCH_PROFILES)}")
    if output is not None and output.suffix.lower() not in FEATURE_SUFFIXES:
        raise _fail(f"{output}: features are written to {' or '.join(FEATURE_SUFFIXES)}")
    if output is not None and not output.absolute().parent.is_dir():
        raise _fail(f"{output}: the folder is missing; make it first")
    if plot is not None:
        try:
            check_plot_path(plot)
        except ComparisonError as error:
            raise _fail(str(error)) from error


def _document(
    speech: Path, output: Path | None, plot: Path | None, extracted: ExtractedFeatures
) -> dict[str, Any]:
    is_voiced, method = extracted.is_voiced, extracted.method
    voiced = int(np.count_nonzero(is_voiced))
    return {
        "format": FORMAT,
        "speech": str(speech),
        "file_rate": extracted.speech.file_rate,
        "frames": len(extracted.values),
        "seconds": len(extracted.values) * FRAME_SIZE / SAMPLING_RATE,
        "samples_left": extracted.samples_left,
        "voiced_frames": voiced,
        "median_pitch_hz": float(np.median(extracted.fundamentals_hz[is_voiced])) if voiced else None,
        "pitch": method.name,
        "profile": method.profile or None,
        "model": method.model or None,
        "model_sha256": method.model_sha256 or None,
        "output": None if output is None else str(output),
        "plot": None if plot is None else str(plot),
    }


def _text(document: dict[str, Any]) -> str:
    median = document["median_pitch_hz"]
    voice = "no voiced frame" if median is None else f"median pitch of voiced frames {median:.1f} Hz"
    source = document["pitch"]
    if document["model"] is not None:
        source += f" of {document['model']} ({document['model_sha256'][:12]}, {document['profile']})"
    lines = [
        f"{document['frames']} frames of 10 ms, {document['voiced_frames']} voiced, {voice}",
        f"pitch by the {source}",
        *(f"written: {document[name]}" for name in ("output", "plot") if document[name] is not None),
    ]
    return "\n".join(lines)
