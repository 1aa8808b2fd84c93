"""Files of speech that was synthesised: ``.wav``, and raw int16."""

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dred_conformance.comparison.errors import MissingPackageError
from dred_conformance.comparison.packages import optional_package
from dred_conformance.vocoding.errors import VocodingError
from dred_reference.analysis import SAMPLING_RATE

__all__ = ["SPOKEN_SUFFIXES", "speech_bytes"]

SPOKEN_SUFFIXES = (".wav", ".sw")


def speech_bytes(path: Path, samples: NDArray[np.int16]) -> bytes:
    """Return what to write to a file, by its suffix: one channel of 16 kHz, 16 bits per sample.

    Raises
    ------
    VocodingError
        ``.wav``, and soundfile is not installed.
    """
    if path.suffix.lower() == ".sw":
        return samples.astype("<i2").tobytes()
    try:
        soundfile = optional_package("soundfile", "audio", f"{path}: writing WAV (not .sw)")
    except MissingPackageError as error:
        raise VocodingError(str(error), is_usage=True) from error
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, SAMPLING_RATE, format="WAV", subtype="PCM_16")
    return buffer.getvalue()
