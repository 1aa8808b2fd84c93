"""One run of an encoder under test: within a time, its output within a size, and nothing left behind."""

import os
import select
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dred_conformance.runner.child import Child
from dred_conformance.runner.stopping import Stop
from dred_conformance.runner.verdict import Verdict

__all__ = ["LARGEST_OUTPUT", "EncoderRun", "run_encoder"]

LARGEST_OUTPUT = 1 << 28  # bytes
_KEPT = 4096  # bytes of the last words
_CHUNK = 1 << 16
_LOOK_UP_S = 0.05


@dataclass(frozen=True)
class EncoderRun:
    """How a run ended.

    Attributes
    ----------
    verdict
        ``pass``: it ended by itself with exit code 0 and wrote a file; ``error``, ``timeout``, or ``not-run``
        if the user stopped it.
    text
        In words.
    stderr
        The last words of the encoder.
    seconds
    """

    verdict: Verdict
    text: str
    stderr: str
    seconds: float


class _LastWords:
    """Reads both outputs of a child so that it never blocks, and keeps the end of what it says."""

    def __init__(self, child: Child) -> None:
        self._poll = select.poll()
        self._open = {child.stdout, child.stderr}
        self._stderr = child.stderr
        for descriptor in self._open:
            self._poll.register(descriptor, select.POLLIN)
        self._said = bytearray()

    def listen(self, seconds: float) -> None:
        """Take what comes within a time."""
        if not self._open:
            time.sleep(min(seconds, 0.005))
            return
        for descriptor, _ in self._poll.poll(1000 * seconds):
            try:
                data = os.read(descriptor, _CHUNK)
            except BlockingIOError:
                continue
            if not data:
                self._poll.unregister(descriptor)
                self._open.discard(descriptor)
            elif descriptor == self._stderr:
                self._said += data
                del self._said[:-_KEPT]

    @property
    def text(self) -> str:
        """What it said on its standard error."""
        return self._said.decode("utf-8", "replace")


def run_encoder(
    command: Sequence[str], output: Path, timeout_s: float, stop: Stop | None = None
) -> EncoderRun:
    """Run an encoder over one clip.

    Parameters
    ----------
    command
        The executable and its arguments.
    output
        The file that it must write.
    timeout_s
        Longest run, in seconds.
    stop
        Ends the run when it is set.
    """
    wanted = Stop() if stop is None else stop
    started = time.monotonic()
    try:
        child = Child(command)
    except (OSError, ValueError) as error:  # ValueError: a null character
        return EncoderRun(Verdict.ERROR, f"the encoder cannot be started: {error}", "", 0.0)
    try:
        child.close_stdin()
        words = _LastWords(child)
        verdict, text = _watch(child, words, output, started + timeout_s, wanted)
        child.bury()
        words.listen(0.0)
        if verdict is Verdict.PASS:
            verdict, text = _ended(child, output)
        elif verdict is Verdict.TIMEOUT:
            text = f"the encoder was ended after {timeout_s:g} s"
        return EncoderRun(verdict, text, words.text, time.monotonic() - started)
    finally:
        child.bury()
        child.close()


def _watch(child: Child, words: _LastWords, output: Path, deadline: float, stop: Stop) -> tuple[Verdict, str]:
    """Wait for the end of the process, or for a reason to end it."""
    while not child.has_ended():
        words.listen(_LOOK_UP_S)
        if stop.is_wanted():
            return Verdict.NOT_RUN, stop.reason
        if time.monotonic() > deadline:
            return Verdict.TIMEOUT, ""
        if _size(output) > LARGEST_OUTPUT:
            return Verdict.ERROR, f"the encoder was ended because it wrote more than {LARGEST_OUTPUT} bytes"
    return Verdict.PASS, ""


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _ended(child: Child, output: Path) -> tuple[Verdict, str]:
    if child.end != "ended with exit code 0":
        return Verdict.ERROR, f"the encoder {child.end}"
    if not output.is_file():
        return Verdict.ERROR, f"the encoder ended well, but there is no {output.name}"
    if not _size(output):
        return Verdict.ERROR, f"the encoder ended well, but {output.name} is empty"
    return Verdict.PASS, "the encoder ran"
