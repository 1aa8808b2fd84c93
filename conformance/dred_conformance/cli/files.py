"""Files that appear whole or not at all."""

import os
import tempfile
from pathlib import Path

__all__ = ["write_bytes_whole", "write_text_whole"]


def write_text_whole(path: Path, text: str) -> None:
    """Write a text file so that no reader, and no interruption, ever sees half of it."""
    write_bytes_whole(path, text.encode("utf-8"))


def write_bytes_whole(path: Path, data: bytes) -> None:
    """Write a file so that no reader, and no interruption, ever sees half of it."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
