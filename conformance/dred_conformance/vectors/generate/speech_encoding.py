"""Speech to symbols of the bundled model, for the vectors: clips and instants are chosen by rule."""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dred_conformance.analysis import (
    SPEECH_SUFFIXES,
    AnalysisError,
    choose_pitch,
    extract,
    read_speech_at_16k,
)
from dred_conformance.vectors.canonical import canonical_json
from dred_conformance.vectors.generate.errors import GenerationError
from dred_conformance.vectors.generate.speech_symbols import identity
from dred_model import ModelBundle
from dred_model.model_json import write_text
from dred_reference.encoding import LatentEncoder
from dred_reference.latent import quantise
from dred_reference.network import FRAMES_PER_STEP

__all__ = ["CLIPS", "LATENTS", "chosen_clips", "speech_symbols_text"]

CLIPS = 3
LATENTS = 14
# q0, dQ, qmax, offset: much as encoders send it, and finer.
HEADERS = ((6, 3, 15, 10), (3, 0, 15, 10))
_STEPS_PER_LATENT = 2
_WINDOW = LATENTS * _STEPS_PER_LATENT  # steps of 20 ms
_FREE = "CC0"  # licences that ask for nothing begin so


def chosen_clips(folder: Path) -> list[Path]:
    """Return the first, the middle and the last of the clips of a folder that may be used, by their names.

    Where the folder has a ``manifest.tsv``, only clips count whose ``licence`` there is CC0.

    Raises
    ------
    GenerationError
        There are fewer than three.
    """
    try:
        clips = sorted(path for path in folder.iterdir() if path.suffix.lower() in SPEECH_SUFFIXES)
        table = folder / "manifest.tsv"
        if table.is_file():
            with table.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file, delimiter="\t"))
            free = {row.get("file") for row in rows if (row.get("licence") or "").startswith(_FREE)}
            clips = [path for path in clips if path.name in free]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise GenerationError(f"{folder}: cannot be read ({error})") from error
    if len(clips) < CLIPS:
        raise GenerationError(f"{folder}: {len(clips)} clips of speech that may be used, {CLIPS} are needed")
    return [clips[0], clips[len(clips) // 2], clips[-1]]


def speech_symbols_text(
    folder: Path, bundle: ModelBundle, said: Callable[[str], Any] = lambda _: None
) -> str:
    """Return the file of symbols: what the encoder of a model makes of three clips where they are loudest.

    Parameters
    ----------
    folder
        Of clips; see `chosen_clips`.
    bundle
        The model.
    said
        Called with the name of every clip, before.

    Raises
    ------
    GenerationError
        A clip cannot be read, or is too short.
    """
    payloads = []
    for clip in chosen_clips(folder):
        said(clip.name)
        state, latents = _encoded(clip, bundle)
        payloads += list(_quantised(clip.stem, state, latents, bundle))
    model = identity(json.loads(write_text(bundle)))
    return canonical_json({"format": "dred-speech-symbols/1", "model": model, "payloads": payloads})


def _encoded(clip: Path, bundle: ModelBundle) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the state at the end of the loudest part of a clip, and its latents, newest first."""
    try:
        features = extract(read_speech_at_16k(clip), choose_pitch("tracker", bundle.name)).values
    except AnalysisError as error:
        raise GenerationError(str(error)) from error
    steps = features[: len(features) // FRAMES_PER_STEP * FRAMES_PER_STEP].reshape(
        -1, FRAMES_PER_STEP * features.shape[1]
    )
    if len(steps) < _WINDOW:
        raise GenerationError(f"{clip}: {len(steps)} steps of 20 ms of speech, {_WINDOW} are needed")
    loudness = steps[:, 0] + steps[:, features.shape[1]]
    sums = np.convolve(loudness.astype(np.float64), np.ones(_WINDOW), "valid")
    last = int(np.argmax(sums)) + _WINDOW - 1
    encoder = LatentEncoder(bundle.to_reference_encoder())
    encoded = [encoder.step(step) for step in steps[: last + 1]]
    newest_first = [latent for latent, _ in encoded[::-_STEPS_PER_LATENT][:LATENTS]]
    return encoded[-1][1].astype(np.float32), np.array(newest_first, dtype=np.float32)


def _quantised(
    name: str, state: NDArray[np.float32], latents: NDArray[np.float32], bundle: ModelBundle
) -> Iterator[dict[str, Any]]:
    tables = bundle.tables.to_reference_tables()
    for header in HEADERS:
        symbols = quantise(state, latents, *header[:3], tables)
        yield {
            "comment": f"speech of {name}",
            "header": list(header),
            "state": list(symbols.state),
            "latents": [list(latent) for latent in symbols.latents],
        }
