"""
Plain files only.

What a folder of a model holds must be regular files: a link could lead anywhere, and a pipe or device never
ends.
"""

from __future__ import annotations

import stat
from pathlib import Path

from .errors import ModelError
from .limits import check_limit


def plain_size(path: Path) -> int:
    """
    Return the size of a regular file.

    Raises
    ------
    ModelError
        M4 when there is none, M3 for a link or special file.
    """
    try:
        status = path.lstat()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ModelError("M4", f"there is no such file ({reason})", subject=str(path)) from None
    if not stat.S_ISREG(status.st_mode):
        raise ModelError(
            "M3", "not a regular file", subject=str(path), advice="Links are not followed inside a model."
        )
    return status.st_size


def read_plain(path: Path, limit: int) -> bytes:
    """
    Read a regular file of at most `limit` bytes.

    Raises
    ------
    ModelError
        M1 when it cannot be read, M2 when it is too large, else as `plain_size`.
    """
    check_limit(plain_size(path), limit, "the file size", str(path))
    try:
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except OSError as error:
        raise ModelError("M1", f"cannot be read: {error.strerror or error}", subject=str(path)) from error
    check_limit(len(data), limit, "the file size", str(path))
    return data
