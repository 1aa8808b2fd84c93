"""Speech from WAV and FLAC files, at a rate that Opus takes."""

from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from dred_conformance.encoding.errors import StreamError
from dred_conformance.encoding.optional import optional_package

__all__ = ["MOST_SECONDS", "OPUS_RATES", "Speech", "read_speech"]

OPUS_RATES = (8000, 12000, 16000, 24000, 48000)  # Hz
MOST_SECONDS = 3600
_LARGEST_SAMPLE = 256.0  # full scale is 1: beyond, it is no audio in floating point but something else


@dataclass(frozen=True)
class Speech:
    """A signal to encode.

    Attributes
    ----------
    samples
        float32, shape (samples, channels), full scale 1.
    sampling_rate
        In Hz, one of `OPUS_RATES`.
    file_rate
        Sampling rate of the file, in Hz.
    """

    samples: NDArray[np.float32]
    sampling_rate: int
    file_rate: int

    @property
    def channels(self) -> int:
        """1 or 2."""
        return int(self.samples.shape[1])

    @property
    def seconds(self) -> float:
        """Duration."""
        return len(self.samples) / self.sampling_rate


def read_speech(path: Path, sampling_rate: int | None = None, channels: int | None = None) -> Speech:
    """Read a file that libsndfile knows: WAV, FLAC, AIFF and others, integers or floats.

    Parameters
    ----------
    path
        The file.
    sampling_rate
        Convert to this rate, one of `OPUS_RATES`; unless given, the rate of the file, or 48 kHz where Opus
        does not take that.
    channels
        Mix to 1 or double to 2 channels; unless given, those of the file.

    Raises
    ------
    StreamError
        S1 a package is missing; S2 unreadable; S3 no sample, too many, not finite, or beyond 256 times full
        scale; S4 `sampling_rate` is none of Opus.
    """
    if sampling_rate is not None and sampling_rate not in OPUS_RATES:
        listed = ", ".join(map(str, OPUS_RATES))
        raise StreamError("S4", f"Opus has no sampling rate of {sampling_rate} Hz", f"it has {listed}")
    soundfile = optional_package("soundfile", "audio", "reading speech")
    samples, rate = _read(soundfile, path)
    _check(path, samples)
    samples = _with_channels(path, samples, channels)
    wanted = sampling_rate or (rate if rate in OPUS_RATES else 48000)
    if wanted != rate:
        soxr = optional_package("soxr", "audio", f"converting {rate} Hz to {wanted} Hz")
        samples = np.asarray(soxr.resample(samples, rate, wanted), dtype=np.float32)
        if not len(samples):
            raise StreamError("S3", f"{path}: too short to be converted to {wanted} Hz")
    return Speech(np.ascontiguousarray(samples), wanted, rate)


def _read(soundfile: ModuleType, path: Path) -> tuple[NDArray[np.float32], int]:
    if not path.is_file():
        raise StreamError("S2", f"{path}: there is no such file")
    if path.stat().st_size == 0:
        raise StreamError("S2", f"{path}: the file is empty")
    try:
        with soundfile.SoundFile(str(path)) as file:
            rate = int(file.samplerate)
            if not 1000 <= rate <= 384000:
                raise StreamError("S3", f"{path}: a sampling rate of {rate} Hz; 1000 to 384000 are handled")
            samples = file.read(MOST_SECONDS * rate + 1, dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, OSError) as error:
        raise StreamError("S2", f"{path}: no readable WAV or FLAC file", str(error)) from error
    if len(samples) > MOST_SECONDS * rate:
        raise StreamError("S3", f"{path}: longer than {MOST_SECONDS} s", "cut it into pieces")
    return np.asarray(samples, dtype=np.float32), rate


def _check(path: Path, samples: NDArray[np.float32]) -> None:
    if not len(samples):
        raise StreamError("S3", f"{path}: there is no sample in the file")
    refused = np.argwhere(~(np.abs(samples) <= _LARGEST_SAMPLE))  # the comparison is false for NaN, too
    if len(refused):
        place, channel = (int(index) for index in refused[0])
        raise StreamError(
            "S3", f"{path}: sample {place} of channel {channel + 1} is {samples[place, channel]}",
            "full scale is 1 in files of floats",
        )  # fmt: skip


def _with_channels(path: Path, samples: NDArray[np.float32], channels: int | None) -> NDArray[np.float32]:
    found = samples.shape[1]
    if found > 2 and channels is None:
        raise StreamError("S3", f"{path}: {found} channels", "mix them with --channels 1 or 2")
    if channels in {None, found}:
        return samples
    mixed = samples.mean(axis=1, keepdims=True, dtype=np.float32)
    return np.asarray(np.repeat(mixed, channels or 1, axis=1), dtype=np.float32)
