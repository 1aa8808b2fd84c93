"""Reading the bytes of a file, no more than asked for, or saying why not."""

from pathlib import Path

from dred_conformance.comparison.errors import SignalError

__all__ = ["read_bytes"]


def read_bytes(path: Path, limit: int) -> bytes:
    """Return the contents of a file.

    Raises
    ------
    SignalError
        The system refuses, or it has more than `limit` bytes.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise SignalError(f"{path}: cannot be read: {error.strerror}") from error
    if len(data) > limit:
        raise SignalError(f"{path}: larger than the {limit} bytes that this command compares; cut it")
    return data
