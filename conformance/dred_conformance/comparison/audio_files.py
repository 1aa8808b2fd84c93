"""Files of speech: raw samples, or WAV and FLAC where soundfile is installed."""

import io
from enum import StrEnum
from pathlib import Path

import numpy as np

from dred_conformance.comparison.audio import LONGEST_SECONDS
from dred_conformance.comparison.errors import SignalError
from dred_conformance.comparison.filtering import SAMPLING_RATE
from dred_conformance.comparison.measure import FloatArray
from dred_conformance.comparison.packages import optional_package
from dred_conformance.comparison.raw_files import read_bytes

__all__ = ["LARGEST_AUDIO_FILE", "RawFormat", "read_audio"]

LARGEST_AUDIO_FILE = 8 * SAMPLING_RATE * LONGEST_SECONDS  # bytes
FULL_SCALE = 32768.0


class RawFormat(StrEnum):
    """How raw samples are written; all little-endian, one channel of 16 kHz."""

    S16 = "s16"
    S24 = "s24"
    F32 = "f32"


SAMPLE_BYTES = {RawFormat.S16: 2, RawFormat.S24: 3, RawFormat.F32: 4}


def read_audio(path: Path, raw_format: RawFormat | None = None, *, skip: int = 0) -> FloatArray:
    """Return the samples of a file.

    Parameters
    ----------
    path : Path
        A WAV or FLAC file is known by its first bytes; everything else is raw.
    raw_format : RawFormat, optional
        The file is raw, whatever its first bytes are. Unless given, ``.s24`` and ``.f32`` tell by themselves
        and others are int16.
    skip : int
        Samples to leave out at the beginning.

    Returns
    -------
    array of float64, shape (samples,)
        In units of int16: a float of 1 is 32768.

    Raises
    ------
    SignalError
        The file cannot be read, is no whole number of samples, or is not one channel of 16 kHz.
    MissingPackageError
        It is WAV or FLAC, and soundfile is not installed.
    """
    data = read_bytes(path, LARGEST_AUDIO_FILE)
    if raw_format is None and _has_container(data):
        return _from_container(data, path)[skip:]
    suffix = path.suffix.lower().lstrip(".")
    chosen = raw_format or (RawFormat(suffix) if suffix in set(RawFormat) else RawFormat.S16)
    size = SAMPLE_BYTES[chosen]
    if len(data) % size:
        raise SignalError(
            f"{path}: {len(data)} bytes are no whole number of samples of {size} bytes; "
            f"the file is cut, or is not {chosen.value} (--format says what it is)"
        )
    return _from_raw(data, chosen)[skip:]


def _from_raw(data: bytes, raw_format: RawFormat) -> FloatArray:
    if raw_format is RawFormat.S16:
        return np.frombuffer(data, dtype="<i2").astype(np.float64)
    if raw_format is RawFormat.F32:
        with np.errstate(invalid="ignore"):
            return np.frombuffer(data, dtype="<f4").astype(np.float64) * FULL_SCALE
    triples = np.frombuffer(data, dtype=np.uint8).reshape(-1, 3).astype(np.int64)
    values = triples @ np.array([1, 1 << 8, 1 << 16])
    signed: FloatArray = np.where(values >= 1 << 23, values - (1 << 24), values) / 256.0
    return signed


def _has_container(data: bytes) -> bool:
    return (data[:4] == b"RIFF" and data[8:12] == b"WAVE") or data[:4] == b"fLaC"


def _from_container(data: bytes, path: Path) -> FloatArray:
    soundfile = optional_package("soundfile", "audio", f"{path}: reading WAV and FLAC")
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            if file.samplerate != SAMPLING_RATE or file.channels != 1:
                raise SignalError(
                    f"{path}: {file.samplerate} Hz, {file.channels} channels; the metric is defined for one "
                    f"channel of {SAMPLING_RATE} Hz only: convert it first (sox IN -r 16000 -c 1 OUT)"
                )
            samples = file.read(SAMPLING_RATE * LONGEST_SECONDS + 1, dtype="float64")
    except soundfile.SoundFileError as error:
        raise SignalError(f"{path}: no readable WAV or FLAC file: {error}") from error
    return np.asarray(samples, dtype=np.float64) * FULL_SCALE
