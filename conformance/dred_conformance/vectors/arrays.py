"""Large arrays of the vectors: little-endian values in a binary file beside the group that needs them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["ARRAY_TYPES", "ArrayError", "ArrayFile", "StoredArray", "resolved", "unresolved"]

ARRAY_TYPES = {"int32": "<i4", "float64": "<f8"}


class ArrayError(Exception):
    """An array file is missing or damaged."""


@dataclass(frozen=True)
class StoredArray:
    """An array of a case that lies in a binary file.

    Attributes
    ----------
    path
        The file.
    offset, count
        Where the array starts, in bytes, and its number of values.
    type
        ``int32`` or ``float64``.
    sha256
        Hash of its bytes.
    """

    path: Path
    offset: int
    count: int
    type: str
    sha256: str

    def values(self) -> NDArray[Any]:
        """Read the array, shape (count,).

        Raises
        ------
        ArrayError
            If the file does not hold what the hash says.
        """
        dtype = np.dtype(ARRAY_TYPES[self.type])
        try:
            with self.path.open("rb") as file:
                file.seek(self.offset)
                data = file.read(self.count * dtype.itemsize)
        except OSError as error:
            raise ArrayError(
                f"{self.path}: cannot be read ({error.strerror}); fetch the vectors again"
            ) from error
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise ArrayError(f"{self.path}: the array at byte {self.offset} is not the published one")
        return np.frombuffer(data, dtype)

    def reference(self) -> dict[str, Any]:
        """Return what stands for the array in JSON."""
        return {
            "file": self.path.name,
            "offset": self.offset,
            "count": self.count,
            "type": self.type,
            "sha256": self.sha256,
        }


@dataclass
class ArrayFile:
    """The arrays of a group while it is generated."""

    name: str
    data: bytearray = field(default_factory=bytearray)

    def add(self, values: NDArray[Any], kind: str) -> dict[str, Any]:
        """Append an array and return what stands for it in JSON."""
        content = np.ascontiguousarray(values, dtype=ARRAY_TYPES[kind]).tobytes()
        reference = StoredArray(
            Path(self.name), len(self.data), int(values.size), kind, hashlib.sha256(content).hexdigest()
        ).reference()
        self.data += content
        return reference


def resolved(expected: Any, folder: Path) -> Any:
    """Return an expected result with the references to arrays of ``folder`` made into `StoredArray`."""
    if not isinstance(expected, Mapping):
        return expected
    return {
        name: StoredArray(
            folder / value["file"], *(value[key] for key in ("offset", "count", "type", "sha256"))
        )
        if isinstance(value, Mapping) and "file" in value
        else value
        for name, value in expected.items()
    }


def unresolved(expected: Any) -> Any:
    """Return an expected result as JSON can hold it: arrays as references."""
    if not isinstance(expected, Mapping):
        return expected
    return {
        name: value.reference() if isinstance(value, StoredArray) else value
        for name, value in expected.items()
    }
