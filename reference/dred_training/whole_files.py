"""Files that appear whole or not at all, however the program ends."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

INCOMPLETE = ".incomplete-"


def write_whole(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """
    Let a function write a file beside its destination, flush it to the disk, and rename it.

    Parameters
    ----------
    path : Path
        The destination; its folder must exist.
    write : callable
        Called with the open file.

    Raises
    ------
    OSError
        The disk refuses; what was there stays. Commands tell it and end with exit code 2.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=INCOMPLETE)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
