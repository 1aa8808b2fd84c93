"""An adapter as a child process: one line out, one line back, within a time and a size."""

import contextlib
import os
import select
import signal
import subprocess
import time
from collections.abc import Sequence
from types import TracebackType

__all__ = ["AdapterDiedError", "AdapterProcess", "AdapterTimeoutError", "LineTooLongError"]

MAX_LINE_BYTES = 16 << 20
_STDERR_KEPT = 4096
_CHUNK = 1 << 16


class AdapterDiedError(Exception):
    """The adapter ended, or closed its output, instead of answering."""


class AdapterTimeoutError(Exception):
    """The adapter did not answer in time."""


class LineTooLongError(Exception):
    """The adapter sent more than the largest line without a line feed."""


class AdapterProcess:
    """A running adapter.

    Parameters
    ----------
    command
        The executable and its arguments.
    timeout_s
        The longest wait for one answer, in seconds.
    """

    def __init__(self, command: Sequence[str], timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._process = subprocess.Popen(  # noqa: S603 - running the user's adapter is the purpose
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._stdin = self._descriptor(self._process.stdin)
        self._stdout = self._descriptor(self._process.stdout)
        self._stderr = self._descriptor(self._process.stderr)
        self._poll = select.poll()
        self._poll.register(self._stdout, select.POLLIN)
        self._poll.register(self._stderr, select.POLLIN)
        self._buffer = bytearray()
        self._complaint = bytearray()

    @staticmethod
    def _descriptor(stream: object) -> int:
        descriptor: int = stream.fileno()  # type: ignore[attr-defined]
        os.set_blocking(descriptor, False)
        return descriptor

    @property
    def complaint(self) -> str:
        """The end of what the adapter wrote to its standard error."""
        return self._complaint.decode("utf-8", "replace").strip()

    def ask(self, line: bytes) -> bytes:
        """Send one line (without line feed) and return the line that comes back.

        Raises
        ------
        AdapterDiedError, AdapterTimeoutError, LineTooLongError
            If no answer comes.
        """
        deadline = time.monotonic() + self._timeout_s
        unsent = memoryview(line + b"\n")
        unsent = unsent[self._write(unsent) :]
        if unsent:
            self._poll.register(self._stdin, select.POLLOUT)
        scanned = 0
        while True:
            end = self._buffer.find(b"\n", scanned)
            if end >= 0:
                if unsent:
                    self._poll.unregister(self._stdin)
                answer = bytes(self._buffer[:end])
                del self._buffer[: end + 1]
                return answer
            scanned = len(self._buffer)
            if scanned > MAX_LINE_BYTES:
                raise LineTooLongError(f"more than {MAX_LINE_BYTES} bytes without a line feed")
            remaining = deadline - time.monotonic()
            events = self._poll.poll(max(0.0, remaining) * 1000.0) if remaining > 0 else []
            if not events:
                raise AdapterTimeoutError(f"no answer within {self._timeout_s:g} s")
            for descriptor, _ in events:
                if descriptor == self._stdin:
                    unsent = unsent[self._write(unsent) :]
                    if not unsent:
                        self._poll.unregister(self._stdin)
                else:
                    self._read(descriptor)

    def _write(self, data: memoryview) -> int:
        try:
            return os.write(self._stdin, data)
        except BlockingIOError:
            return 0
        except BrokenPipeError:
            raise AdapterDiedError(self._obituary()) from None

    def _read(self, descriptor: int) -> None:
        chunk = os.read(descriptor, _CHUNK)
        if descriptor == self._stderr:
            if chunk:
                self._complaint += chunk
                del self._complaint[:-_STDERR_KEPT]
            else:
                self._poll.unregister(self._stderr)
        elif chunk:
            self._buffer += chunk
        else:
            raise AdapterDiedError(self._obituary())

    def _obituary(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1.0)
        with contextlib.suppress(BlockingIOError, OSError):
            self._complaint += os.read(self._stderr, _CHUNK)
            del self._complaint[:-_STDERR_KEPT]
        code = self._process.returncode
        if code is None:
            how = "closed its output while running"
        elif code < 0:
            how = f"was ended by {signal.Signals(-code).name}"
        else:
            how = f"ended with exit code {code}"
        last = self.complaint.splitlines()[-1:] if self.complaint else []
        return f"the adapter {how}" + (f"; its last words: {last[0][:300]}" if last else "")

    def close(self) -> None:
        """End the adapter: first by closing its input, then by force."""
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        try:
            self._process.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def kill(self) -> None:
        """End the adapter and its children at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self.close()

    def __enter__(self) -> "AdapterProcess":
        """Return the adapter itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the adapter."""
        if kind is None:
            self.close()
        else:
            self.kill()
