"""Files of speech, brought to 16 kHz as an encoder does it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dred_conformance.analysis.errors import AnalysisError
from dred_conformance.comparison.errors import SignalError
from dred_conformance.comparison.raw_files import read_bytes
from dred_conformance.encoding.errors import StreamError
from dred_conformance.encoding.speech_file import read_speech
from dred_reference.analysis import SAMPLING_RATE
from dred_reference.resampling import Resampler

__all__ = ["SPEECH_SUFFIXES", "SpeechAt16k", "read_speech_at_16k"]

RAW = ".sw"
SPEECH_SUFFIXES = (".wav", ".flac", RAW)
LARGEST_RAW_FILE = 2 * SAMPLING_RATE * 3600  # bytes: an hour
_ABSENT = {"S1"}  # rules of StreamError about what is not installed


@dataclass(frozen=True, eq=False)
class SpeechAt16k:
    """One channel of speech.

    Attributes
    ----------
    samples : array of float64, shape (samples,)
        16 kHz, in units of int16.
    file_rate : int
        Sampling rate of the file, in Hz.
    """

    samples: NDArray[np.float64]
    file_rate: int


def read_speech_at_16k(path: Path) -> SpeechAt16k:
    """Read WAV or FLAC of any rate and one or two channels, or raw int16 (``.sw``: 16 kHz, one channel).

    Rates that Opus takes are converted as its encoder converts them for DRED; others go to 48 kHz before. Two
    channels are mixed.

    Parameters
    ----------
    path : Path

    Returns
    -------
    SpeechAt16k

    Raises
    ------
    AnalysisError
        Another suffix, or no such file, or it cannot be read, or it holds no sample or one that is no finite
        number, or a package is missing.
    """
    suffix = path.suffix.lower()
    if suffix not in SPEECH_SUFFIXES:
        raise AnalysisError(
            f"{path}: speech is read from {', '.join(SPEECH_SUFFIXES)} (raw int16, 16 kHz, one channel)",
            is_usage=True,
        )
    if not path.is_file():
        raise AnalysisError(f"{path}: there is no such file", is_usage=True)
    return _raw(path) if suffix == RAW else _container(path)


def _raw(path: Path) -> SpeechAt16k:
    try:
        data = read_bytes(path, LARGEST_RAW_FILE)
    except SignalError as error:
        raise AnalysisError(str(error)) from error
    if not data:
        raise AnalysisError(f"{path}: the file is empty")
    if len(data) % 2:
        raise AnalysisError(f"{path}: {len(data)} bytes are no whole number of int16 samples; it is cut")
    return SpeechAt16k(np.frombuffer(data, "<i2").astype(np.float64), SAMPLING_RATE)


def _container(path: Path) -> SpeechAt16k:
    try:
        speech = read_speech(path)
    except StreamError as error:
        advice = f" ({error.advice})" if error.advice else ""
        raise AnalysisError(f"{error.message}{advice}", is_usage=error.rule in _ABSENT) from error
    resampler = Resampler(speech.sampling_rate, speech.channels)
    block = speech.sampling_rate // 400  # the resampler takes multiples of 2.5 ms
    missing = -len(speech.samples) % block
    padded = np.pad(speech.samples, ((0, missing), (0, 0)))
    count = len(speech.samples) * SAMPLING_RATE // speech.sampling_rate
    return SpeechAt16k(resampler.process(padded)[:count], speech.file_rate)
