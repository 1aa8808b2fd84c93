"""Members of a request, checked for their type."""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dred_reference.extension import MOST_FRAMES, Extension

__all__ = ["MalformedRequestError", "Request"]

_HEX = re.compile(r"([0-9a-f]{2})*")
_REQUIRED = object()


class MalformedRequestError(Exception):
    """A request that the protocol does not allow."""


class Request:
    """One request of the protocol.

    Parameters
    ----------
    members : mapping
        The JSON object.
    """

    def __init__(self, members: Mapping[str, Any]) -> None:
        self._members = members

    def __contains__(self, name: str) -> bool:
        return self._members.get(name) is not None

    def _get(self, name: str, kind: type, default: Any = _REQUIRED) -> Any:
        value = self._members.get(name, default)
        if value is _REQUIRED:
            raise MalformedRequestError(f"{name} is missing")
        if value is default:
            return default
        # In Python a bool is an int, in JSON it is not.
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise MalformedRequestError(f"{name} must be of type {kind.__name__}")
        return value

    def integer(self, name: str, low: int = -(2**31), high: int = 2**31 - 1) -> int:
        """Return an integer within bounds."""
        value: int = self._get(name, int)
        if not low <= value <= high:
            raise MalformedRequestError(f"{name} must be {low} to {high}")
        return value

    def optional_integer(self, name: str, default: Any, low: int = -(2**31), high: int = 2**31 - 1) -> Any:
        """Return an integer, or `default` for a missing member or null."""
        return self.integer(name, low, high) if name in self else default

    def boolean(self, name: str, default: Any = _REQUIRED) -> bool:
        """Return a boolean."""
        return bool(self._get(name, bool, default))

    def text(self, name: str) -> str:
        """Return a string."""
        return str(self._get(name, str))

    def octets(self, name: str) -> bytes:
        """Return the bytes of a hexadecimal string."""
        return self._octets(name, self._get(name, str))

    @staticmethod
    def _octets(name: str, value: Any) -> bytes:
        if not isinstance(value, str) or _HEX.fullmatch(value) is None:
            raise MalformedRequestError(f"{name} must be lower-case hexadecimal")
        return bytes.fromhex(value)

    def octets_list(self, name: str) -> list[bytes]:
        """Return a list of hexadecimal strings as bytes."""
        return [self._octets(name, value) for value in self._get(name, list)]

    def integers(self, name: str) -> list[int]:
        """Return a list of integers."""
        return self._integers(name, self._get(name, list))

    @staticmethod
    def _integers(name: str, values: Any) -> list[int]:
        if not isinstance(values, list) or any(type(value) is not int for value in values):
            raise MalformedRequestError(f"{name} must be a list of integers")
        return values

    def integer_lists(self, name: str) -> list[list[int]]:
        """Return a list of lists of integers."""
        return [self._integers(name, values) for values in self._get(name, list)]

    def floats(self, name: str) -> NDArray[np.float32]:
        """Return a base64 string of little-endian float32."""
        return self._array(name, "<f4").astype(np.float32)

    def samples(self, name: str) -> NDArray[np.int16]:
        """Return a base64 string of little-endian int16."""
        return self._array(name, "<i2").astype(np.int16)

    def _array(self, name: str, element: str) -> NDArray[Any]:
        try:
            data = base64.b64decode(self._get(name, str), validate=True)
        except (binascii.Error, ValueError) as error:
            raise MalformedRequestError(f"{name} is not base64") from error
        if len(data) % np.dtype(element).itemsize != 0:
            raise MalformedRequestError(f"{name} is not a whole number of {np.dtype(element).name}")
        return np.frombuffer(data, dtype=element)

    def frame_count(self) -> int:
        """Return the number of frames of a packet to read."""
        return self.integer("frame_count", 1, MOST_FRAMES)

    def extensions(self) -> list[Extension]:
        """Return the extensions to write; their values are for the writer to judge."""
        return [
            Extension(item.integer("id"), item.integer("frame"), item.octets("payload"))
            for item in self.objects("extensions")
        ]

    def objects(self, name: str) -> list["Request"]:
        """Return a list of objects, each to be read as a request is."""
        items: list[Any] = self._get(name, list)
        if any(not isinstance(members, dict) for members in items):
            raise MalformedRequestError(f"{name} must be a list of objects")
        return [Request(members) for members in items]

    def steps(self) -> list[list[Any]]:
        """Return the steps of a range coder operation: lists that start with the name of the step."""
        steps: list[list[Any]] = self._get("steps", list)
        for step in steps:
            if not isinstance(step, list) or not step or not isinstance(step[0], str):
                raise MalformedRequestError("a step must be a list that starts with its name")
        return steps
