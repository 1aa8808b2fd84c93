"""What the adapters of a run write to their standard error, in one file."""

import threading
from pathlib import Path
from types import TracebackType

__all__ = ["AdapterLog"]

_LARGEST_LOG = 64 << 20


class AdapterLog:
    """A file with a heading wherever another process or another case speaks.

    Parameters
    ----------
    path
        The file; what was in it is lost. None for a log that keeps nothing.

    Raises
    ------
    OSError
        It cannot be written.
    """

    def __init__(self, path: Path | None) -> None:
        self._file = None if path is None else path.open("wb")
        self._lock = threading.Lock()
        self._heading = ""
        self._size = 0
        self._ends_line = True

    def write(self, process: int, case: str, text: bytes) -> None:
        """Append what an adapter said; beyond 64 MiB nothing is kept any more."""
        if self._file is None:
            return
        heading = f"== process {process}, {case} ==\n"
        with self._lock:
            if self._size > _LARGEST_LOG:
                return
            if heading != self._heading:
                self._append(heading.encode() if self._ends_line else f"\n{heading}".encode())
                self._heading = heading
            self._append(text)
            if self._size > _LARGEST_LOG:
                self._append(f"\n== more than {_LARGEST_LOG >> 20} MiB; the rest is not kept ==\n".encode())

    def _append(self, data: bytes) -> None:
        assert self._file is not None
        self._file.write(data)
        self._file.flush()  # somebody may be reading along
        self._size += len(data)
        self._ends_line = data.endswith(b"\n")

    def __enter__(self) -> "AdapterLog":
        """Return the log itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
