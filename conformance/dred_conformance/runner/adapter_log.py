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
        The file; what was in it is lost.

    Raises
    ------
    OSError
        It cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._lock = threading.Lock()
        self._heading = ""
        self._size = 0
        self._ends_line = True

    def write(self, process: int, case: str, text: bytes) -> None:
        """Append what an adapter said; beyond 64 MiB nothing is kept any more."""
        heading = f"== process {process}, {case} ==\n"
        with self._lock:
            if self._size > _LARGEST_LOG:
                return
            if heading != self._heading:
                self._append(("" if self._ends_line else "\n").encode() + heading.encode())
                self._heading = heading
            self._append(text)
            if self._size > _LARGEST_LOG:
                self._append(f"\n== more than {_LARGEST_LOG >> 20} MiB; the rest is not kept ==\n".encode())
            self._file.flush()

    def _append(self, data: bytes) -> None:
        self._file.write(data)
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
        self._file.close()
