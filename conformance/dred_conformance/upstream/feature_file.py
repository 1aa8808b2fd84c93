"""Files of features: raw float32, little-endian, 20 per frame of 10 ms, chronological."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dred_conformance.comparison import FEATURES, SignalError, read_features
from dred_conformance.upstream.errors import UpstreamError

__all__ = ["read_feature_file", "write_feature_file"]


def read_feature_file(path: Path) -> NDArray[np.float32]:
    """Return the frames of a ``.f32`` file, shape (frames, 20).

    Raises
    ------
    UpstreamError
        It cannot be read, or is no whole number of frames.
    """
    try:
        return read_features(path).astype(np.float32)
    except SignalError as error:
        raise UpstreamError(str(error)) from error


def write_feature_file(path: Path, records: Iterable[NDArray[np.floating]]) -> None:
    """Write the chronological frames of each record, one record after the other.

    Raises
    ------
    UpstreamError
        Another shape than (frames, 20), or the system refuses.
    """
    try:
        with path.open("wb") as file:
            for frames in records:
                if frames.ndim != 2 or frames.shape[1] != FEATURES:
                    raise UpstreamError(f"features of shape {frames.shape}, not (frames, {FEATURES})")
                file.write(np.ascontiguousarray(frames, dtype="<f4").tobytes())
    except OSError as error:
        raise UpstreamError(f"{path} cannot be written: {error.strerror}") from error
