"""
C text as lines without comments.

In bounded memory and in time that grows with the length of the text only, whatever the text is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from .errors import ModelError
from .limits import Limits, check_limit

CHUNK = 1 << 16


class Readable(Protocol):
    """Anything with ``read``: a file, or a member of an archive."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, none at the end."""
        ...


def code_lines(stream: Readable, file: str, limits: Limits) -> Iterator[bytes]:
    """
    Yield the lines of a C source, comments replaced by blanks.

    Parameters
    ----------
    stream : readable
        The file; it is read in pieces.
    file : str
        Its name, for errors.
    limits : Limits
        Bounds the length of a line.

    Raises
    ------
    ModelError
        M2 for a line beyond the limit, M1 when the file ends inside a comment.
    """
    return _without_comments(_lines(stream, file, limits), file)


def _lines(stream: Readable, file: str, limits: Limits) -> Iterator[bytes]:
    pending = b""
    while piece := stream.read(CHUNK):
        pieces = (pending + piece).split(b"\n")
        pending = pieces.pop()
        check_limit(len(pending), limits.line_bytes, "a line", file)
        yield from pieces
    if pending:
        yield pending


def _without_comments(lines: Iterable[bytes], file: str) -> Iterator[bytes]:
    inside = False
    for line in lines:
        if not inside and b"/" not in line:
            yield line
            continue
        kept: list[bytes] = []
        at = 0
        to_end = line.find(b"//")
        while True:
            if inside:
                closing = line.find(b"*/", at)
                if closing < 0:
                    break
                at, inside = closing + 2, False
            opening = line.find(b"/*", at)
            if 0 <= to_end < at:
                to_end = line.find(b"//", at)
            end = min((k for k in (opening, to_end) if k >= 0), default=len(line))
            kept.append(line[at:end])
            if end != opening:
                break
            at, inside = opening + 2, True
        yield b" ".join(kept)
    if inside:
        raise ModelError("M1", "the file ends inside a comment", subject=file)
