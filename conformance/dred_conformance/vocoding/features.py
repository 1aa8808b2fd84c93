"""Files of features: raw ``.f32`` or the ``.npz`` of ``dred features``."""

import io
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dred_conformance.comparison.errors import SignalError
from dred_conformance.comparison.feature_files import read_features
from dred_conformance.comparison.raw_files import read_bytes
from dred_conformance.vocoding.errors import VocodingError
from dred_reference.analysis import FEATURES

__all__ = ["LONGEST_FRAMES", "read_feature_file"]

LONGEST_FRAMES = 100 * 3600  # an hour
_LARGEST_ARCHIVE = 200 * LONGEST_FRAMES  # bytes
_ARRAY = "features"


def read_feature_file(path: Path) -> NDArray[np.float64]:
    """Return the features of a file, one row per 10 ms.

    Parameters
    ----------
    path : Path
        ``.npz``: the array ``features``; ``.npy``; everything else is raw float32, little-endian, 20 per row.

    Returns
    -------
    array of float64, shape (frames, 20)

    Raises
    ------
    VocodingError
        There is no such file, or it cannot be read, or holds no frame, or more than an hour.
    """
    if not path.is_file():
        raise VocodingError(f"{path}: there is no such file", is_usage=True)
    try:
        features = _archive(path) if path.suffix.lower() == ".npz" else read_features(path)
    except SignalError as error:
        raise VocodingError(str(error)) from error
    if not len(features):
        raise VocodingError(f"{path}: there is no frame in it")
    if len(features) > LONGEST_FRAMES:
        raise VocodingError(f"{path}: {len(features)} frames are more than an hour; cut the file")
    return features


def _archive(path: Path) -> NDArray[np.float64]:
    """Read the array of an archive; its header is looked at before anything of its size is allocated."""
    member = f"{_ARRAY}.npy"
    try:
        with zipfile.ZipFile(io.BytesIO(read_bytes(path, _LARGEST_ARCHIVE))) as archive:
            if member not in archive.namelist():
                raise VocodingError(f"{path}: there is no array {_ARRAY!r} in it")
            with archive.open(member) as file:
                content = file.read(_LARGEST_ARCHIVE + 1)
        if len(content) > _LARGEST_ARCHIVE:
            raise VocodingError(f"{path}: {_ARRAY} are more than an hour; cut the file")
        values = np.load(io.BytesIO(content), allow_pickle=False)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError) as error:
        raise VocodingError(f"{path}: no .npz file: {error}") from error
    if values.dtype.kind != "f" or values.ndim != 2 or values.shape[1] != FEATURES:
        raise VocodingError(
            f"{path}: {_ARRAY} are {values.dtype} {values.shape}, not floats (frames, {FEATURES})"
        )
    with np.errstate(over="ignore", invalid="ignore"):
        features: NDArray[np.float64] = values.astype(np.float64)
    return features
