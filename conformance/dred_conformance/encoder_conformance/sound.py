"""The input of an encoder as a file: reading it, and bringing it to another rate without any delay."""

import io
import wave
from dataclasses import dataclass
from math import gcd
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dred_conformance.comparison.errors import SignalError
from dred_conformance.comparison.packages import optional_package
from dred_conformance.comparison.raw_files import read_bytes

__all__ = ["LARGEST_SOUND_FILE", "RATES", "Sound", "read_sound", "resampled", "wav_bytes"]

RATES = (8000, 12000, 16000, 24000, 48000)
LARGEST_SOUND_FILE = 1 << 28  # bytes
_HIGHEST_RATE = 192_000
_MOST_CHANNELS = 8
_RAW = {".raw", ".pcm", ".sw", ".s16"}

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sound:
    """Samples of an encoder's input.

    Attributes
    ----------
    samples : array of float64, shape (n, channels)
        Full scale is 1.
    rate : int
        In Hz.
    """

    samples: FloatArray
    rate: int

    @property
    def mono(self) -> FloatArray:
        """The mean of the channels, shape (n,)."""
        mixed: FloatArray = self.samples.mean(axis=1)
        return mixed

    @property
    def seconds(self) -> float:
        """Length."""
        return len(self.samples) / self.rate


def read_sound(path: Path, raw_rate: int = 48000, raw_channels: int = 1) -> Sound:
    """Read WAV, FLAC, or raw int16 samples (.raw, .pcm, .sw, .s16).

    Parameters
    ----------
    path
    raw_rate, raw_channels
        What raw samples are; other files tell.

    Raises
    ------
    SignalError
        It cannot be read, holds no sample or one that is no number, or has an odd rate or number of channels.
    MissingPackageError
        soundfile is needed and not installed.
    """
    data = read_bytes(path, LARGEST_SOUND_FILE)
    if path.suffix.lower() in _RAW:
        if len(data) % (2 * raw_channels):
            raise SignalError(
                f"{path}: {len(data)} bytes are no whole number of int16 samples of {raw_channels} channels"
            )
        samples = np.frombuffer(data, dtype="<i2").reshape(-1, raw_channels) / 32768
        rate = raw_rate
    else:
        samples, rate = _from_container(data, path)
    if not len(samples):
        raise SignalError(f"{path}: there is no sample in it")
    if not 1 <= samples.shape[1] <= _MOST_CHANNELS or not 1000 <= rate <= _HIGHEST_RATE:
        raise SignalError(f"{path}: {samples.shape[1]} channels of {rate} Hz are not speech")
    if not np.isfinite(samples).all():
        raise SignalError(f"{path}: a sample is no finite number")
    return Sound(np.clip(samples, -1, 1), rate)


def _from_container(data: bytes, path: Path) -> tuple[FloatArray, int]:
    soundfile = optional_package("soundfile", "audio", f"{path}: reading WAV and FLAC")
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            return np.asarray(file.read(dtype="float64", always_2d=True)), int(file.samplerate)
    except (soundfile.SoundFileError, ValueError) as error:
        raise SignalError(f"{path}: no readable WAV or FLAC file: {error}") from error


def resampled(samples: FloatArray, rate: int, wanted: int) -> FloatArray:
    """Return samples at another rate, by cutting their spectrum: no frequency is delayed.

    Digital silence does not stay exact beside speech, because a cut spectrum rings.

    Parameters
    ----------
    samples : array of float64, shape (n,)
    rate, wanted : int
        In Hz.
    """
    if rate == wanted:
        return samples
    step = rate // gcd(rate, wanted)
    padded = np.concatenate([samples, np.zeros(-len(samples) % step + step)])
    size = len(padded) * wanted // rate
    spectrum = np.fft.rfft(padded)
    cut = np.zeros(size // 2 + 1, dtype=np.complex128)
    kept = min(len(spectrum), len(cut))
    cut[:kept] = spectrum[:kept]
    found: FloatArray = np.fft.irfft(cut, size) * (wanted / rate)
    return found[: -(-len(samples) * wanted // rate)]


def wav_bytes(samples: NDArray[np.int16], rate: int) -> bytes:
    """Return a WAV file of int16 samples, shape (n, channels)."""
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())
    return stream.getvalue()
