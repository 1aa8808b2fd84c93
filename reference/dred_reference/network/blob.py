"""The form in which deployed software takes weights: a row of named arrays ("DNNw").

Each array is a header of 64 bytes and its content, filled with zeros to a multiple of 64 bytes: magic,
version, element type, content size, size with the fill, name in 44 bytes. All numbers are little-endian.
"""

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dred_reference.errors import FeatureError

__all__ = ["read_blob"]

_HEADER = struct.Struct("<4siiii44s")
_ELEMENTS = {0: "<f4", 1: "<i4", 2: "i1", 3: "i1"}


def read_blob(blob: bytes) -> dict[str, NDArray[Any]]:
    """Return the arrays of a blob by name; of several with the same name the first.

    Parameters
    ----------
    blob : bytes

    Returns
    -------
    dict of str to one-dimensional array
        float32, int32 or int8; uint8 for an element type that is not known.

    Raises
    ------
    FeatureError
        N1: a record does not fit; the message says at which byte.
    """
    arrays: dict[str, NDArray[Any]] = {}
    start = 0
    while start < len(blob):
        content = start + _HEADER.size
        if content > len(blob):
            raise FeatureError("N1", f"weights: the record at byte {start} has no whole header")
        _, _, kind, size, filled, name = _HEADER.unpack_from(blob, start)
        element = np.dtype(_ELEMENTS.get(kind, "u1"))
        if not 0 < size <= filled <= len(blob) - content or name[-1] != 0 or size % element.itemsize:
            raise FeatureError("N1", f"weights: the record at byte {start} is damaged")
        text = name.split(b"\0")[0].decode("ascii", "replace")
        values = np.frombuffer(blob, element, size // element.itemsize, content)
        arrays.setdefault(text, values.astype(element.newbyteorder("=")))
        start = content + filled
    return arrays
