"""An adapter as a child process: one line out, one line back, within a time and a size."""

import contextlib
import os
import select
import time
from collections.abc import Callable, Sequence
from types import TracebackType

from dred_conformance.runner.child import Child
from dred_conformance.runner.faults import (
    AdapterDiedError,
    AdapterTimeoutError,
    LineTooLongError,
    RunStoppedError,
    UnaskedOutputError,
)
from dred_conformance.runner.stopping import Stop
from dred_conformance.runner.wording import plain

__all__ = [
    "MAX_LINE_BYTES",
    "AdapterDiedError",
    "AdapterProcess",
    "AdapterTimeoutError",
    "LineTooLongError",
    "RunStoppedError",
    "UnaskedOutputError",
]

MAX_LINE_BYTES = 16 << 20
_STDERR_KEPT = 4096
_CHUNK = 1 << 16
_LOOK_UP_MS = 100.0  # how often a wait looks whether the run shall stop
_LAST_WORDS_S = 0.5
_CLOSING_S = 0.5


class AdapterProcess:
    """A running adapter.

    Parameters
    ----------
    command
        The executable and its arguments.
    timeout_s
        The longest wait for one answer, in seconds.
    stop
        Ends every wait when it is set.
    log
        Receives all that the adapter writes to its standard error.

    Raises
    ------
    OSError
        It cannot be started.
    """

    def __init__(
        self,
        command: Sequence[str],
        timeout_s: float,
        stop: Stop | None = None,
        log: Callable[[bytes], object] = lambda _: None,
    ) -> None:
        self._timeout_s = timeout_s
        self._stop = Stop() if stop is None else stop
        self._log = log
        self._child = Child(command)
        self._poll = select.poll()
        self._poll.register(self._child.stdout, select.POLLIN)
        self._poll.register(self._child.stderr, select.POLLIN)
        self._unsent = memoryview(b"")
        self._buffer = bytearray()
        self._complaint = bytearray()

    @property
    def pid(self) -> int:
        """The process id, which is also the id of its group."""
        return self._child.pid

    @property
    def complaint(self) -> str:
        """The end of what the adapter wrote to its standard error."""
        return self._complaint.decode("utf-8", "replace").strip()

    def ask(self, line: bytes) -> bytes:
        """Send one line (without line feed) and return the line that comes back.

        Raises
        ------
        AdapterFaultError
            No answer comes, or not as one line.
        RunStoppedError
            The run shall end.
        """
        self.send(line)
        return self.receive()

    def send(self, line: bytes) -> None:
        """Send one line (without line feed), as far as the adapter takes it at once.

        Raises
        ------
        AdapterDiedError, UnaskedOutputError
            The adapter is not waiting for it.
        """
        for descriptor, _ in self._poll.poll(0):
            self._read(descriptor)
        if self._buffer:
            shown = plain(self._buffer[:80].decode("utf-8", "replace"))
            raise UnaskedOutputError(f"output that nobody had asked for: {shown}")
        unsent = memoryview(line + b"\n")
        self._unsent = unsent[self._write(unsent) :]
        if self._unsent:
            self._poll.register(self._child.stdin, select.POLLOUT)

    def receive(self) -> bytes:
        """Return the line that answers the one that was sent.

        Raises
        ------
        AdapterFaultError
            No answer comes, or not as one line.
        RunStoppedError
            The run shall end.
        """
        deadline = time.monotonic() + self._timeout_s
        scanned = 0
        while True:
            end = self._buffer.find(b"\n", scanned)
            if end >= 0:
                if self._unsent:
                    raise UnaskedOutputError("an answer before the request was read to its end")
                answer = bytes(self._buffer[:end])
                del self._buffer[: end + 1]
                return answer
            scanned = len(self._buffer)
            if scanned > MAX_LINE_BYTES:
                raise LineTooLongError(f"more than {MAX_LINE_BYTES} bytes without a line feed")
            for descriptor, _ in self._events(deadline):
                if descriptor == self._child.stdin:
                    self._write_on()
                else:
                    self._read(descriptor)

    def _events(self, deadline: float) -> list[tuple[int, int]]:
        while True:
            if self._stop.is_wanted():
                raise RunStoppedError(self._stop.reason)
            remaining_ms = 1000.0 * (deadline - time.monotonic())
            if remaining_ms <= 0:
                raise AdapterTimeoutError(self._lateness())
            events = self._poll.poll(min(remaining_ms, _LOOK_UP_MS))
            if not events and self._child.has_ended():  # a child of the adapter may still hold its pipes
                events = self._poll.poll(0)
                if not events:
                    raise AdapterDiedError(self._obituary())
            if events:
                return events

    def _lateness(self) -> str:
        begun = f", {len(self._buffer)} bytes of an unfinished line" if self._buffer else ""
        unread = ", and the request was not read to its end" if self._unsent else ""
        return f"no answer within {self._timeout_s:g} s{begun}{unread}{self._last_words()}"

    def _write_on(self) -> None:
        self._unsent = self._unsent[self._write(self._unsent) :]
        if not self._unsent:
            self._poll.unregister(self._child.stdin)

    def _write(self, data: memoryview) -> int:
        try:
            return os.write(self._child.stdin, data)
        except BlockingIOError:
            return 0
        except BrokenPipeError:
            raise AdapterDiedError(self._obituary()) from None

    def _read(self, descriptor: int) -> None:
        chunk = os.read(descriptor, _CHUNK)
        if descriptor == self._child.stderr:
            if chunk:
                self._note(chunk)
            else:
                self._poll.unregister(descriptor)
        elif chunk:
            self._buffer += chunk
        else:
            raise AdapterDiedError(self._obituary())

    def _note(self, chunk: bytes) -> None:
        self._complaint += chunk
        del self._complaint[:-_STDERR_KEPT]
        self._log(chunk)

    def _note_the_rest(self) -> None:
        with contextlib.suppress(OSError):
            for _ in range(16):  # a child of the adapter may go on writing for ever
                chunk = os.read(self._child.stderr, _CHUNK)
                if not chunk:
                    return
                self._note(chunk)

    def _last_words(self) -> str:
        last = self.complaint.splitlines()[-1:]
        return f"; its last words: {plain(last[0])}" if last else ""

    def _obituary(self) -> str:
        end = "closed its pipes while running"
        if self._child.ends_within(_LAST_WORDS_S):
            self._child.bury()
            end = self._child.end
        self._note_the_rest()
        return f"the adapter {end}{self._last_words()}"

    def close(self) -> None:
        """End the adapter: first by closing its input, then by force."""
        if self._unsent:
            self._poll.unregister(self._child.stdin)
        self._child.close_stdin()
        deadline = time.monotonic() + _CLOSING_S
        while not self._child.has_ended() and time.monotonic() < deadline:
            self._take_what_still_comes()
        self.kill()

    def _take_what_still_comes(self) -> None:
        """Empty the pipes: an adapter that finds them full cannot end."""
        for descriptor, _ in self._poll.poll(5.0):
            chunk = os.read(descriptor, _CHUNK)
            if not chunk:
                self._poll.unregister(descriptor)
            elif descriptor == self._child.stderr:
                self._note(chunk)

    def kill(self) -> None:
        """End the adapter and its children at once."""
        if not self._child.is_buried:
            self._child.bury()
            self._note_the_rest()
        self._child.close()

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
