"""How often an adapter that dies is started again."""

import threading

__all__ = ["MAX_RESTARTS", "Restarts"]

MAX_RESTARTS = 20


class Restarts:
    """The starts that are left, shared by all processes of a run.

    Parameters
    ----------
    limit
        How many there are.
    """

    def __init__(self, limit: int = MAX_RESTARTS) -> None:
        self.limit = limit
        self.used = 0
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Use one and return ``True``, or ``False`` if none is left."""
        with self._lock:
            if self.used >= self.limit:
                return False
            self.used += 1
            return True
