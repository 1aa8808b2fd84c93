"""The wish to end a run before its last case, which every wait looks at."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["STOPPED", "Stop", "stopped_by_signals"]

STOPPED = "stopped before this case"


class Stop:
    """Says whether to stop, and why.

    It is set by plain assignment, without a lock: a signal handler sets it in the middle of anything.

    Parameters
    ----------
    watched
        Is asked, too, wherever somebody waits.

    Attributes
    ----------
    reason
        Why the run stops; empty while it goes on.
    signal
        The signal that asked for it, if one did.
    """

    def __init__(self, watched: Callable[[], bool] = lambda: False) -> None:
        self.reason = ""
        self.signal: int | None = None
        self._watched = watched

    def is_wanted(self) -> bool:
        """Return whether the run shall stop."""
        if not self.reason and self._watched():
            self.reason = STOPPED
        return bool(self.reason)

    def request(self, reason: str, by_signal: int | None = None) -> None:
        """Ask for the end of the run; the first reason stays."""
        if not self.reason:
            self.signal = by_signal
            self.reason = reason


@contextmanager
def stopped_by_signals(stop: Stop) -> Iterator[Stop]:
    """Let SIGINT (Ctrl-C) and SIGTERM ask for the end of the run; a second one interrupts at once.

    Outside the main thread nothing is changed, because only that one receives signals.
    """

    def on_signal(number: int, _frame: FrameType | None) -> None:
        if stop.signal is not None:
            raise KeyboardInterrupt
        stop.request(f"interrupted by {signal.Signals(number).name} before this case", number)

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
