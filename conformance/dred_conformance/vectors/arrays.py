"""Large arrays of the vectors: little-endian values in a binary file beside the group that needs them."""

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "ARRAY_TYPES",
    "ArrayError",
    "ArrayFile",
    "StoredArray",
    "reference_problem",
    "resolved",
    "unresolved",
]

ARRAY_TYPES = {"int16": "<i2", "int32": "<i4", "float64": "<f8"}
_MEMBERS = ("file", "offset", "count", "type", "sha256")
_FILE = re.compile(r"[a-z][a-z0-9-]*\.bin")
_DIGEST = re.compile("[0-9a-f]{64}")


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
        ``int16``, ``int32`` or ``float64``.
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
                size = os.fstat(file.fileno()).st_size  # no more is read than there is
                file.seek(min(self.offset, size))
                data = file.read(min(self.count * dtype.itemsize, size))
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


def reference_problem(reference: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the form of a reference to an array, or ``None``."""
    if set(reference) != set(_MEMBERS):
        return f"a reference to an array has the members {', '.join(_MEMBERS)}"
    if not isinstance(reference["file"], str) or not _FILE.fullmatch(reference["file"]):
        return "the file of an array is GROUP.bin in the folder of the group"
    if not isinstance(reference["type"], str) or reference["type"] not in ARRAY_TYPES:
        return f"the type of an array is one of {', '.join(ARRAY_TYPES)}"
    if any(type(reference[member]) is not int or reference[member] < 0 for member in ("offset", "count")):
        return "offset and count of an array are integers from 0 on"
    if not isinstance(reference["sha256"], str) or not _DIGEST.fullmatch(reference["sha256"]):
        return "the sha256 of an array is 64 hexadecimal digits"
    return None


def resolved(expected: Any, folder: Path) -> Any:
    """Return an expected result with the references to arrays of ``folder`` made into `StoredArray`.

    Raises
    ------
    ValueError
        A reference is malformed.
    """
    if not isinstance(expected, Mapping):
        return expected
    return {
        name: _stored(value, folder) if isinstance(value, Mapping) and "file" in value else value
        for name, value in expected.items()
    }


def _stored(reference: Mapping[str, Any], folder: Path) -> StoredArray:
    problem = reference_problem(reference)
    if problem is not None:
        raise ValueError(problem)
    return StoredArray(folder / reference["file"], *(reference[member] for member in _MEMBERS[1:]))


def unresolved(expected: Any) -> Any:
    """Return an expected result as JSON can hold it: arrays as references."""
    if not isinstance(expected, Mapping):
        return expected
    return {
        name: value.reference() if isinstance(value, StoredArray) else value
        for name, value in expected.items()
    }
