"""A child process in a group of its own, of which nothing is left at the end."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from typing import IO

__all__ = ["Child"]

_KILLED_S = 5.0


class Child:
    """A process with pipes to its three standard streams, none of which blocks.

    It leads a session and a process group of its own: Ctrl-C on the terminal does not reach it, and killing
    the group takes its children along, unless one of them has left the group.

    Parameters
    ----------
    command
        The executable and its arguments.

    Raises
    ------
    OSError
        It cannot be started.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - running the user's adapter is the purpose
            list(command),
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self.stdin = self._descriptor(self._process.stdin)
        self.stdout = self._descriptor(self._process.stdout)
        self.stderr = self._descriptor(self._process.stderr)

    @staticmethod
    def _descriptor(stream: IO[bytes] | None) -> int:
        assert stream is not None
        os.set_blocking(stream.fileno(), False)
        return stream.fileno()

    @property
    def pid(self) -> int:
        """The process id, which is also the id of its group."""
        return self._process.pid

    @property
    def is_buried(self) -> bool:
        """Whether it and its group are gone for good."""
        return self._process.returncode is not None

    @property
    def end(self) -> str:
        """How it ended, in words; only for one that is buried."""
        code = self._process.returncode
        if code < 0:
            return f"was ended by {_signal_name(-code)}"
        return f"ended with exit code {code}"

    def has_ended(self) -> bool:
        """Return whether the process itself (not necessarily its children) has ended."""
        if self.is_buried:
            return True
        # Not reaped yet: as long as the kernel remembers the process, nobody else gets its group id.
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def ends_within(self, seconds: float) -> bool:
        """Wait for its end, and return whether it came."""
        deadline = time.monotonic() + seconds
        pause = 0.0005
        while not self.has_ended():
            if time.monotonic() > deadline:
                return False
            time.sleep(pause)
            pause = min(2 * pause, 0.02)
        return True

    def bury(self) -> None:
        """Kill what is left of the group, then take the exit code."""
        if self.is_buried:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):  # one that the kernel cannot end is left to it
            self._process.wait(timeout=_KILLED_S)

    def close_stdin(self) -> None:
        """Tell it that no more requests come."""
        self._close(self._process.stdin)

    def close(self) -> None:
        """Close all pipes."""
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            self._close(stream)

    @staticmethod
    def _close(stream: IO[bytes] | None) -> None:
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
