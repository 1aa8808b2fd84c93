"""
A gzip file as a bounded stream.

Expanded piece by piece against the limits, so that no gzip bomb expands further than it is looked at, and
read to its very end, so that its checksum is seen. The SHA-256 of the compressed bytes is computed on the
way: it is the hash of what was read, not of what lies at the path a moment later.
"""

from __future__ import annotations

import hashlib
import zlib
from typing import BinaryIO

from .errors import ModelError
from .limits import Limits, check_limit

CHUNK = 1 << 16


class Expander:
    """
    Bounded reader of a gzip file; computes the SHA-256 of the compressed bytes on the way.

    Parameters
    ----------
    stream : binary file
        The compressed archive.
    subject : str
        Its name, for errors.
    limits : Limits
        Bounds for compressed and expanded size.
    """

    def __init__(self, stream: BinaryIO, subject: str, limits: Limits) -> None:
        self._stream = stream
        self._subject = subject
        self._limits = limits
        self._inflate = zlib.decompressobj(wbits=31)
        self._digest = hashlib.sha256()
        self._compressed = 0
        self._pending = b""
        self.position = 0  # in the expanded stream

    @property
    def sha256(self) -> str:
        """Hash of the compressed bytes read so far."""
        return self._digest.hexdigest()

    def read(self, size: int) -> bytes:
        """Return up to `size` expanded bytes, none at the end of a complete and correct gzip file."""
        while not self._inflate.eof:
            data = self._pending or self._next()
            try:
                out = self._inflate.decompress(data, size)
            except zlib.error as error:
                raise self._fail(f"damaged gzip data ({error})") from None
            self._pending = self._inflate.unconsumed_tail
            if out:
                self.position += len(out)
                check_limit(self.position, self._limits.expanded_bytes, "the expanded archive", self._subject)
                return out
            if not data and not self._inflate.eof:
                raise self._fail("the gzip data end early")
        rest = self._inflate.unused_data
        while rest or (rest := self._next()):
            if rest.strip(b"\0"):
                raise ModelError("M7", "something follows the end of the gzip data", subject=self._subject)
            rest = b""
        return b""

    def exactly(self, size: int) -> bytes:
        """Return exactly `size` bytes; M1 when the archive ends before."""
        data = b""
        while len(data) < size:
            piece = self.read(size - len(data))
            if not piece:
                raise self._fail("the archive ends early")
            data += piece
        return data

    def skip(self, size: int) -> None:
        """Read past `size` bytes without keeping them."""
        while size:
            size -= len(self.exactly(min(size, CHUNK)))

    def _next(self) -> bytes:
        data = self._stream.read(CHUNK)
        self._digest.update(data)
        self._compressed += len(data)
        check_limit(self._compressed, self._limits.download_bytes, "the archive", self._subject)
        return data

    def _fail(self, message: str) -> ModelError:
        return ModelError(
            "M1",
            message,
            subject=self._subject,
            position=self.position,
            advice="Download it again; its SHA-256 is part of its name.",
        )
