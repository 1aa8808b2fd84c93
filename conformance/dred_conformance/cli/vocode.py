"""``dred vocode``: acoustic features to speech."""

import json
import time
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from dred_conformance.cli.files import write_bytes_whole
from dred_conformance.cli.model_options import DEFAULT_MODEL
from dred_conformance.cli.progress import shown_frames
from dred_conformance.vocoding import (
    SPOKEN_SUFFIXES,
    VOCODERS,
    VocoderMethod,
    VocodingError,
    choose_vocoder,
    read_feature_file,
    speech_bytes,
)
from dred_reference.analysis import SAMPLING_RATE
from dred_reference.errors import FeatureError
from dred_reference.vocoder import VOCODER_PROFILES, speak

__all__ = ["vocode"]

NO_SPEECH, USAGE_ERROR = 1, 2
FORMAT = "dred-speech/1"


def vocode(
    features: Annotated[Path, typer.Argument(metavar="FEATURES", help="Raw float32 (.f32), .npz or .npy.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Write the speech: .wav or .sw (raw int16).")
    ],
    vocoder: Annotated[str, typer.Option(help=f"Vocoder: {', '.join(VOCODERS)}.")] = "auto",
    model: Annotated[str | None, typer.Option(help=f"Model with a vocoder network; {DEFAULT_MODEL}.")] = None,
    profile: Annotated[
        str, typer.Option(help=f"Arithmetic of the network: {', '.join(VOCODER_PROFILES)}.")
    ] = "float64",
    as_json: Annotated[bool, typer.Option("--json", help=f"Print as JSON (format {FORMAT}).")] = False,
) -> None:
    """Synthesise speech from acoustic features, as a DRED decoder does.

    Features are 20 numbers per 10 ms, oldest first, as 'dred features' and 'dred decode' write them. Speech
    is one channel of 16 kHz; row t of the features belongs to samples 160 t to 160 t + 159.

    --vocoder fargan is the model's own, a neural network; source-filter is signal processing and needs no
    model; auto takes the network where there is one.

    For example:

    dred vocode speech.f32 -o speech.wav

    dred vocode speech.npz -o speech.sw --vocoder source-filter

    Exit code 0: done; 1: the file holds no features that can be spoken; 2: wrong usage, or a file that is
    missing or cannot be written.
    """
    _check_usage(output, vocoder, profile)
    try:
        method = choose_vocoder(vocoder, model, profile)
        rows = read_feature_file(features)
        begun = time.perf_counter()
        with shown_frames("synthesising", len(rows) + 1) as advance:
            samples = speak(rows, method.vocoder(), advance)
        spent = time.perf_counter() - begun
        data = speech_bytes(output, samples)
    except VocodingError as error:
        raise _fail(str(error), USAGE_ERROR if error.is_usage else NO_SPEECH) from error
    except FeatureError as error:
        raise _fail(f"{features}: {error}", NO_SPEECH) from error
    try:
        write_bytes_whole(output, data)
    except OSError as error:
        raise _fail(f"{output}: cannot be written ({error.strerror})") from error
    document = _document(features, output, method, samples, spent)
    typer.echo(json.dumps(document) if as_json else _text(document))


def _fail(message: str, code: int = USAGE_ERROR) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(code)


def _check_usage(output: Path, vocoder: str, profile: str) -> None:
    """Refuse what cannot work before anything is computed."""
    if vocoder not in VOCODERS:
        raise _fail(f"there is no vocoder {vocoder!r}; there are {', '.join(VOCODERS)}")
    if profile not in VOCODER_PROFILES:
        raise _fail(f"there is no profile {profile!r}; there are {', '.join(VOCODER_PROFILES)}")
    if output.suffix.lower() not in SPOKEN_SUFFIXES:
        raise _fail(f"{output}: speech is written to {' or '.join(SPOKEN_SUFFIXES)}")
    if not output.absolute().parent.is_dir():
        raise _fail(f"{output}: the folder is missing; make it first")


def _document(
    features: Path, output: Path, method: VocoderMethod, samples: NDArray[np.int16], spent: float
) -> dict[str, Any]:
    seconds = len(samples) / SAMPLING_RATE
    return {
        "format": FORMAT,
        "features": str(features),
        "output": str(output),
        "seconds": seconds,
        "samples": len(samples),
        "sampling_rate": SAMPLING_RATE,
        "clipped_samples": int(np.count_nonzero(np.abs(samples.astype(np.int32)) >= np.iinfo(np.int16).max)),
        "vocoder": method.name,
        "profile": method.profile or None,
        "model": method.model or None,
        "model_sha256": method.model_sha256 or None,
        "ms_per_second_of_speech": round(1000 * spent / seconds, 1),
    }


def _text(document: dict[str, Any]) -> str:
    source = document["vocoder"]
    if document["model"] is not None:
        source += f" of {document['model']} ({document['model_sha256'][:12]}, {document['profile']})"
    clipped = document["clipped_samples"]
    lines = [
        f"{document['output']}: {document['seconds']:.2f} s of speech by the vocoder {source}",
        f"  {document['ms_per_second_of_speech']:.0f} ms per second of speech"
        + (f"; {clipped} samples are clipped" if clipped else ""),
    ]
    return "\n".join(lines)
