"""The clips that an encoder is run over: files of speech, or test signals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dred_conformance.comparison.errors import SignalError
from dred_conformance.encoder_conformance.reading import plain_name
from dred_conformance.encoder_conformance.signals import SIGNALS, made_signal
from dred_conformance.encoder_conformance.sound import Sound, read_sound, resampled

__all__ = ["Clip", "clips_of", "signal_clips", "speech_files"]

_SUFFIXES = {".wav", ".flac", ".raw", ".pcm", ".sw", ".s16"}


@dataclass(frozen=True, eq=False)
class Clip:
    """What an encoder is given.

    Attributes
    ----------
    name
        First part of the case ids.
    origin
        The file, or the name of the test signal.
    samples : array of int16, shape (n, channels)
    rate
        In Hz.
    """

    name: str
    origin: str
    samples: NDArray[np.int16]
    rate: int

    @property
    def sound(self) -> Sound:
        """The samples as the checks take them: exactly what the encoder got."""
        return Sound(self.samples / 32768, self.rate)

    @classmethod
    def of(cls, name: str, origin: str, sound: Sound, rate: int, channels: int) -> "Clip":
        """Bring speech to the rate and channels of a run, in int16.

        Digital silence beside speech may get samples of a step or two, where the resampler rings.
        """
        mono = resampled(sound.mono, sound.rate, rate)
        scaled = np.clip(np.round(32768 * mono), -32768, 32767).astype(np.int16)
        return cls(name, origin, np.repeat(scaled[:, None], channels, axis=1), rate)


def speech_files(sources: Sequence[Path]) -> list[Path]:
    """Return the files of speech in folders and among names.

    Raises
    ------
    SignalError
        A source does not exist, or there is no speech at all.
    """
    found: list[Path] = []
    for source in sources:
        if source.is_dir():
            found += sorted(path for path in source.iterdir() if path.suffix.lower() in _SUFFIXES)
        elif source.is_file():
            found.append(source)
        else:
            raise SignalError(f"{source}: there is no such file or folder")
    if not found:
        raise SignalError(f"there is no speech ({', '.join(sorted(_SUFFIXES))}) in what --speech names")
    return found


def clips_of(paths: Sequence[Path], rate: int, channels: int) -> Iterator[Clip]:
    """Read files of speech one by one.

    Raises
    ------
    SignalError, MissingPackageError
        As `read_sound`.
    """
    for path in paths:
        yield Clip.of(plain_name(path.stem), str(path), read_sound(path, rate, channels), rate, channels)


def signal_clips(rate: int, channels: int) -> Iterator[Clip]:
    """Return the test signals."""
    for name in SIGNALS:
        yield Clip.of(name, f"test signal {name}", made_signal(name, rate, channels), rate, channels)
