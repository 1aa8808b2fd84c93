"""
A source of numbers that is the same everywhere.

Synthetic models must have the same bytes on every machine and with every version of NumPy, so their numbers
come from SHA-256 in counter mode: block i is the digest of the ASCII label, a zero byte, and i as eight
little-endian bytes. Blocks are read byte by byte.
"""

from __future__ import annotations

import hashlib


class DeterministicStream:
    """
    An endless stream of bytes that depends on a label only.

    Parameters
    ----------
    label : str
        ASCII text that says what the numbers are for.
    """

    def __init__(self, label: str) -> None:
        self._prefix = label.encode("ascii") + b"\0"
        self._block = b""
        self._counter = 0
        self._at = 0

    def byte(self) -> int:
        """Return the next byte."""
        if self._at == len(self._block):
            self._block = hashlib.sha256(self._prefix + self._counter.to_bytes(8, "little")).digest()
            self._counter += 1
            self._at = 0
        self._at += 1
        return self._block[self._at - 1]

    def below(self, bound: int) -> int:
        """
        Return an integer from 0 to ``bound - 1``, for a bound of at most 2**32.

        Two bytes, four for a bound above 65536, the low one first, modulo the bound; that small values are
        slightly preferred is harmless.
        """
        count = 2 if bound <= 1 << 16 else 4
        return int.from_bytes(bytes(self.byte() for _ in range(count)), "little") % bound

    def between(self, low: int, high: int) -> int:
        """Return an integer from `low` to `high`, both included."""
        return low + self.below(high - low + 1)
