"""A forward-only reader that knows its position, may look ahead, and reads no more than it is asked for."""

import shutil
import tempfile
from types import TracebackType
from typing import BinaryIO, Self

from dred_conformance.inputs.errors import InputError

MAX_READ_BYTES = 1 << 24


class ByteStream:
    """Bytes of a file, of standard input or of memory.

    Reads that fail in the operating system, and reads above `MAX_READ_BYTES` (which only a corrupt length
    field asks for), become :class:`InputError`.
    """

    def __init__(self, file: BinaryIO, name: str) -> None:
        self.name = name
        self._file = file
        self._ahead = b""
        self._position = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close what lies beneath."""
        self._file.close()

    def tell(self) -> int:
        """Return the number of bytes consumed so far."""
        return self._position

    def _fetch(self, count: int) -> bytes:
        parts = []
        try:
            while count > 0:
                part = self._file.read(count)
                if not part:
                    break
                parts.append(part)
                count -= len(part)
        except OSError as error:
            raise InputError(
                "I1", f"reading {self.name!r} failed: {error.strerror}", position=self._position
            ) from error
        return b"".join(parts)

    def peek(self, count: int) -> bytes:
        """Return up to `count` bytes without consuming them; fewer only at the end."""
        if len(self._ahead) < count:
            self._ahead += self._fetch(count - len(self._ahead))
        return self._ahead[:count]

    def read(self, count: int) -> bytes:
        """Return up to `count` bytes; fewer only at the end.

        Raises
        ------
        InputError
            ``I4`` if `count` is beyond what one read may ask for, ``I1`` if the system refuses.
        """
        if not 0 <= count <= MAX_READ_BYTES:
            raise InputError(
                "I4",
                f"a length field asks for {count} bytes at once, more than {MAX_READ_BYTES}",
                position=self._position,
                advice="the file is probably damaged or of another format",
            )
        head, self._ahead = self._ahead[:count], self._ahead[count:]
        data = head + self._fetch(count - len(head))
        self._position += len(data)
        return data

    def read_exact(self, count: int, what: str) -> bytes:
        """Return exactly `count` bytes of `what`, or raise ``I2`` at the position where they should start."""
        start = self._position
        data = self.read(count)
        if len(data) != count:
            raise InputError(
                "I2", f"{what} needs {count} bytes, {len(data)} are left", position=start,
                advice="the file was cut or is still being written",
            )  # fmt: skip
        return data

    def read_line(self, limit: int) -> bytes:
        """Return the next line with its end, empty at the end of the input; ``I4`` beyond `limit` bytes."""
        start = self._position
        line = b""
        while not line.endswith(b"\n"):
            window = self.peek(4096)
            if not window:
                break
            line += self.read(window.find(b"\n") + 1 or len(window))
            if len(line) > limit:
                raise InputError("I4", f"a line is longer than {limit} bytes", position=start)
        return line

    def make_rewindable(self) -> None:
        """Make :meth:`rewind` possible, by a copy on disk if need be; before anything is consumed."""
        if self._file.seekable():
            return
        spool = tempfile.TemporaryFile()  # noqa: SIM115  # owned by the stream, closed with it
        spool.write(self._ahead)
        shutil.copyfileobj(self._file, spool)
        self._file.close()
        self._file = spool
        self.rewind()

    def rewind(self) -> None:
        """Go back to the first byte."""
        self._file.seek(0)
        self._ahead = b""
        self._position = 0
