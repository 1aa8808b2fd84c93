"""Files of speech as a corpus has them: what ``soundfile`` reads, at any rate that Opus takes."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dred_reference.resampling import Resampler

from .errors import TrainingError

SUFFIXES = (".flac", ".wav", ".opus", ".ogg")
RATES = (8000, 12000, 16000, 24000, 48000)
SAMPLING_RATE = 16000
LONGEST_S = 3600
BLOCK = 1 << 16  # samples of each channel


def corpus_files(sources: list[Path]) -> list[Path]:
    """
    List the speech in files and folders, sorted by name within each source, each file once.

    Raises
    ------
    TrainingError
        T2: a source is missing, or there is no speech.
    """
    found: dict[Path, None] = {}
    for source in sources:
        if source.is_dir():
            paths = sorted(
                path for path in source.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file()
            )
        elif source.is_file():
            paths = [source]
        else:
            raise TrainingError("T2", "there is no such file or folder", subject=str(source))
        found.update(dict.fromkeys(paths))
    if not found:
        raise TrainingError("T2", f"no {', '.join(SUFFIXES)} in what was named")
    return list(found)


def _soundfile() -> ModuleType:
    try:
        return importlib.import_module("soundfile")
    except (ImportError, OSError) as error:  # OSError: a wheel without its shared library
        raise TrainingError(
            "T5", "reading speech needs the package soundfile", advice="pip install '.[audio]'"
        ) from error


def _blocks(stream: Any) -> Iterator[NDArray[np.float64]]:
    """Read a recording block by block: with many channels, the whole would be large."""
    blocks: Iterator[NDArray[np.float64]] = stream.blocks(BLOCK, dtype="float64", always_2d=True)
    return blocks


def read_at_16k(path: Path) -> NDArray[np.float64]:
    """
    Read a file as one channel of 16 kHz.

    Returns
    -------
    samples : array of float64, shape (samples,)
        In units of int16.

    Raises
    ------
    TrainingError
        T2: the file cannot be read, is too long, has a rate that Opus does not take, or a sample that is no
        finite number. T5: soundfile is not installed.
    """
    soundfile = _soundfile()
    try:
        with soundfile.SoundFile(path) as stream:
            rate = int(stream.samplerate)
            if stream.frames > LONGEST_S * rate:
                raise TrainingError("T2", f"longer than {LONGEST_S} s", subject=str(path))
            mixed = [block.mean(axis=1) for block in _blocks(stream)]
    except (OSError, RuntimeError) as error:
        raise TrainingError("T2", f"cannot be read ({error})", subject=str(path)) from error
    if rate not in RATES:
        raise TrainingError(
            "T2",
            f"{rate} Hz is none of {RATES}",
            subject=str(path),
            advice="Resample it (SoX can).",
        )
    mono: NDArray[np.float64] = np.concatenate([np.zeros(0), *mixed])
    if not np.isfinite(mono).all():
        raise TrainingError("T2", "a sample is no finite number", subject=str(path))
    padded = np.pad(mono, (0, -len(mono) % (rate // 400)))  # the resampler takes multiples of 2.5 ms
    samples = Resampler(rate, 1).process(padded)
    return np.asarray(samples, dtype=np.float64)[: len(mono) * SAMPLING_RATE // rate]
