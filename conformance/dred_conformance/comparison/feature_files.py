"""Files of features: raw float32, little-endian, 20 per frame of 10 ms; or ``.npy``."""

import io
import math
import tokenize
from pathlib import Path

import numpy as np

from dred_conformance.comparison.errors import SignalError
from dred_conformance.comparison.feature_result import FEATURES
from dred_conformance.comparison.measure import FloatArray
from dred_conformance.comparison.raw_files import read_bytes

__all__ = ["LARGEST_FEATURE_FILE", "read_features"]

LARGEST_FEATURE_FILE = 1 << 28  # bytes: nine hours
FRAME_BYTES = 4 * FEATURES


def read_features(path: Path) -> FloatArray:
    """Return the features of a file.

    Parameters
    ----------
    path : Path
        ``.npy`` is read as such: floats of shape (frames, 20) or (20 * frames,). Everything else is raw.

    Returns
    -------
    array of float64, shape (frames, 20)
        Empty for an empty raw file.

    Raises
    ------
    SignalError
        The file cannot be read, or is not a whole number of frames.
    """
    data = read_bytes(path, LARGEST_FEATURE_FILE)
    if path.suffix.lower() == ".npy":
        values = _npy(data, path)
    else:
        if len(data) % FRAME_BYTES:
            raise SignalError(
                f"{path}: {len(data)} bytes are {len(data) // FRAME_BYTES} frames of {FRAME_BYTES} bytes and "
                f"{len(data) % FRAME_BYTES} more; the file is cut, or has not {FEATURES} float32 per frame"
            )
        values = np.frombuffer(data, dtype="<f4")
    with np.errstate(invalid="ignore"):
        return values.reshape(-1, FEATURES).astype(np.float64)


def _npy(data: bytes, path: Path) -> FloatArray:
    """Read the format by its header, so that neither a huge shape nor pickled objects get anywhere."""
    file = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(file)
        read = (
            np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        )
        shape, is_fortran, dtype = read(file)
    except (ValueError, TypeError, SyntaxError, KeyError, RecursionError, tokenize.TokenError) as error:
        raise SignalError(f"{path}: no .npy file: {error}") from error
    if dtype.kind != "f":
        raise SignalError(f"{path}: holds {dtype}, not floats")
    if not (len(shape) == 2 and shape[1] == FEATURES) and not (len(shape) == 1 and shape[0] % FEATURES == 0):
        raise SignalError(f"{path}: has shape {shape}, not (frames, {FEATURES})")
    contents = data[file.tell() :]
    if len(contents) != math.prod(shape) * dtype.itemsize:
        raise SignalError(f"{path}: {len(contents)} bytes of data do not fill the shape {shape} of {dtype}")
    values = np.frombuffer(contents, dtype=dtype).reshape(shape, order="F" if is_fortran else "C")
    with np.errstate(over="ignore", invalid="ignore"):
        return values.astype(np.float64)
