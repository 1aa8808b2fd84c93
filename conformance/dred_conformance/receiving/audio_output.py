"""Speech written piece by piece to a file that appears whole or not at all."""

import errno
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from dred_conformance.encoding.optional import optional_package

__all__ = ["AUDIO_SUFFIXES", "SampleWriter", "audio_output"]

AUDIO_SUFFIXES = (".wav", ".flac", ".sw")


class SampleWriter(Protocol):
    """Takes samples."""

    def write(self, samples: NDArray[np.int16], /) -> object:
        """Append samples of shape (n, channels)."""
        ...


class _RawWriter:
    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def write(self, samples: NDArray[np.int16]) -> None:
        self._file.write(samples.astype("<i2").tobytes())

    def close(self) -> None:
        self._file.close()


class _SoundFileWriter:
    def __init__(self, soundfile: ModuleType, path: Path, *arguments: Any, **form: str) -> None:
        self._error: type[Exception] = soundfile.SoundFileRuntimeError
        self._file = self._called(soundfile.SoundFile, str(path), "w", *arguments, **form)

    def _called(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        try:
            return function(*arguments, **named)
        except self._error as error:  # it does not tell which error of the system it was
            raise OSError(errno.EIO, f"disk full? {error}") from error

    def write(self, samples: NDArray[np.int16]) -> None:
        self._called(self._file.write, samples)

    def close(self) -> None:
        self._called(self._file.close)


@contextmanager
def audio_output(path: Path, sampling_rate: int, channels: int) -> Iterator[SampleWriter]:
    """Give a writer of 16-bit samples; if all goes well the file is there at the end, else nothing is.

    Parameters
    ----------
    path : Path
        ``.wav``, ``.flac``, or ``.sw``: raw little-endian samples.
    sampling_rate, channels : int

    Raises
    ------
    StreamError
        S1: WAV or FLAC, and soundfile is not installed.
    OSError
        The file cannot be written.
    """
    suffix = path.suffix.lower()
    soundfile = None
    if suffix != ".sw":
        soundfile = optional_package("soundfile", "audio", f"writing {path}")
    descriptor, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.", suffix=suffix)
    os.close(descriptor)
    temporary = Path(name)
    try:
        writer: _RawWriter | _SoundFileWriter
        if soundfile is None:
            writer = _RawWriter(temporary)
        else:
            form = {"format": suffix[1:].upper(), "subtype": "PCM_16"}
            writer = _SoundFileWriter(soundfile, temporary, sampling_rate, channels, **form)
        try:
            yield writer
        finally:
            writer.close()
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
