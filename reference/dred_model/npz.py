"""
Arrays from ``.npz`` files.

An ``.npz`` is a zip of ``.npy`` files. The sizes that both of them announce are checked before anything of
that size is held in memory, and no pickled object is ever loaded.
"""

from __future__ import annotations

import io
import math
import re
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np

from .errors import ModelError
from .limits import Limits, check_limit
from .network import Array
from .plain_files import plain_size

NPY_HEADER_BYTES = 4096
MEMBER = re.compile(r"([A-Za-z_][A-Za-z0-9_]{0,63})\.npy")
# What zipfile raises for damaged, encrypted and foreign files.
DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError, OverflowError)
DTYPES = tuple(np.dtype(code) for code in ("<f4", "<i4", "i1", "u1"))


def read_npz(path: Path, limits: Limits) -> dict[str, Array]:
    """
    Read all arrays of an ``.npz`` file.

    Parameters
    ----------
    path : Path
        The file.
    limits : Limits
        Bounds for it.

    Returns
    -------
    arrays : dict
        One-dimensional arrays by name, in the order of the file.

    Raises
    ------
    ModelError
        M1, M2, M3, M4, M5 or M7.
    """
    arrays: dict[str, Array] = {}
    try:
        check_limit(plain_size(path), limits.download_bytes, "the file size", str(path))
        with zipfile.ZipFile(path) as archive:
            check_limit(len(archive.infolist()), limits.members, "the number of members", str(path))
            for info in archive.infolist():
                subject = f"{path}: {info.filename[:200]}"
                match = MEMBER.fullmatch(info.filename)
                if match is None:
                    raise ModelError("M3", "not the name of an array", subject=subject)
                if match[1] in arrays:
                    raise ModelError("M7", "the array occurs twice", subject=subject)
                if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise ModelError("M7", f"compression method {info.compress_type}", subject=subject)
                check_limit(info.file_size, limits.member_bytes, "the member", subject)
                with archive.open(info) as stream:
                    data = stream.read(limits.member_bytes + 1)
                check_limit(len(data), limits.member_bytes, "the member", subject)
                arrays[match[1]] = _parse_npy(data, subject, limits)
    except (OSError, *DAMAGED) as error:
        raise ModelError("M1", f"cannot be read ({error})", subject=str(path)) from error
    return arrays


def _parse_npy(data: bytes, subject: str, limits: Limits) -> Array:
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        if version != (1, 0):
            raise ValueError(f"format version {version}")
        shape, _, dtype = np.lib.format.read_array_header_1_0(stream, max_header_size=NPY_HEADER_BYTES)
    except Exception as error:  # NumPy evaluates the header; what hostile text raises there is not documented
        raise ModelError("M7", f"not an .npy array ({error})"[:300], subject=subject) from error
    if dtype not in DTYPES:
        raise ModelError("M7", f"element type {dtype} does not occur in models", subject=subject)
    if len(shape) != 1 or shape[0] < 0:
        raise ModelError("M5", f"shape {shape}, expected one dimension", subject=subject)
    check_limit(math.prod(shape), limits.array_values, "the length", subject)
    body = data[stream.tell() :]
    if len(body) != shape[0] * dtype.itemsize:
        raise ModelError(
            "M1", f"{len(body)} bytes for {shape[0]} values of {dtype.itemsize} bytes", subject=subject
        )
    return np.frombuffer(body, dtype=dtype)
