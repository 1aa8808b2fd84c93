"""Randomness that is the same on every machine: SHA-256 in counter mode."""

import hashlib

__all__ = ["RandomSource"]


class RandomSource:
    """A stream of bytes and integers from a seed and a label.

    Parameters
    ----------
    seed
        Any integer.
    label
        Keeps the streams of different groups apart.
    """

    def __init__(self, seed: int, label: str) -> None:
        self._key = f"{seed}/{label}".encode()
        self._counter = 0
        self._pool = b""

    def bytes(self, count: int) -> bytes:
        """Return ``count`` random bytes."""
        while len(self._pool) < count:
            self._pool += hashlib.sha256(self._key + self._counter.to_bytes(8, "big")).digest()
            self._counter += 1
        taken, self._pool = self._pool[:count], self._pool[count:]
        return taken

    def below(self, bound: int) -> int:
        """Return an integer in ``0 .. bound-1`` (the bias of 2^-64 is of no consequence here)."""
        return int.from_bytes(self.bytes(8), "big") % bound

    def between(self, low: int, high: int) -> int:
        """Return an integer in ``low .. high``, both included."""
        return low + self.below(high - low + 1)
