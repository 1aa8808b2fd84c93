"""What a worker of a cluster does: it puts one chunk of cases to an adapter of its own."""

import atexit
import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dred_conformance import __version__
from dred_conformance.data import data_folder
from dred_conformance.runner.builtin import adapter_command
from dred_conformance.runner.declaration import Declaration
from dred_conformance.runner.restarts import Restarts
from dred_conformance.runner.session import Session
from dred_conformance.runner.stopping import STOPPED, Stop
from dred_conformance.runner.verdict import BAD, CaseOutcome
from dred_conformance.vectors.arrays import StoredArray
from dred_conformance.vectors.case import Case

__all__ = ["ChunkOutcome", "ChunkTask", "carried", "run_task"]


_commands: dict[str, list[str]] = {}
_commands_lock = threading.Lock()
_until_exit = contextlib.ExitStack()
atexit.register(_until_exit.close)


def _lasting_command(adapter: str) -> list[str]:
    """Return the command line of an adapter; writing the models anew would cost more than a chunk does."""
    with _commands_lock:
        if adapter not in _commands:
            command = adapter_command(adapter, data_folder("vectors"))
            _commands[adapter] = _until_exit.enter_context(command)
        return _commands[adapter]


@dataclass(frozen=True)
class _CarriedArray:
    """An array of a case that travels with it, because a worker has not the file."""

    content: NDArray[Any]

    def values(self) -> NDArray[Any]:
        """Return the array, shape (count,)."""
        return self.content


def carried(case: Case) -> Case:
    """Return the case with its arrays read, so that it can be judged where their files are not."""
    if not isinstance(case.expected, dict):
        return case
    expected = {
        name: _CarriedArray(np.array(value.values())) if isinstance(value, StoredArray) else value
        for name, value in case.expected.items()
    }
    return replace(case, expected=expected)


@dataclass(frozen=True)
class ChunkOutcome:
    """What came of a chunk.

    Attributes
    ----------
    version
        Of the suite that judged it.
    place
        The worker, for messages.
    restarts
        How often the adapter had to be started again.
    """

    version: str
    place: str
    command: tuple[str, ...]
    declaration: Declaration
    outcomes: tuple[CaseOutcome, ...]
    restarts: int


@dataclass(frozen=True)
class ChunkTask:
    """A chunk of cases, and how to run it.

    Attributes
    ----------
    adapter
        A built-in name or a command line, both meant on the worker.
    known
        Ids of cases whose failure does not stop the chunk with ``fail_fast``.
    """

    adapter: str
    cases: tuple[Case, ...]
    timeout_s: float
    max_restarts: int
    fail_fast: bool
    known: frozenset[str]

    def run(self, is_cancelled: Callable[[], bool], place: str) -> ChunkOutcome:
        """Run the chunk, as long as somebody wants it.

        Raises
        ------
        AdapterStartError, AdapterNotFoundError, ModelError, DataNotFoundError
            The adapter does not start here.
        """
        stop, restarts = Stop(is_cancelled), Restarts(self.max_restarts)
        command = _lasting_command(self.adapter)
        session = Session(command, self.timeout_s, stop=stop, restarts=restarts)
        try:
            outcomes = []
            for case, outcome in zip(self.cases, session.run(self.cases), strict=True):
                outcomes.append(outcome)
                if self._ends_the_chunk(case, outcome):
                    stop.request(STOPPED)
        finally:
            session.close()
        return ChunkOutcome(
            __version__, place, tuple(command), session.declaration, tuple(outcomes), restarts.used
        )

    def _ends_the_chunk(self, case: Case, outcome: CaseOutcome) -> bool:
        return self.fail_fast and outcome.verdict in BAD and case.id not in self.known


def run_task(task: ChunkTask) -> ChunkOutcome:
    """Run a chunk in a Dask worker."""
    from distributed import get_worker  # noqa: PLC0415 - an optional extra

    worker = get_worker()
    key = worker.get_current_task()

    def is_cancelled() -> bool:
        state = worker.state.tasks.get(key)
        return state is None or state.state == "cancelled"

    return task.run(is_cancelled, worker.address)
