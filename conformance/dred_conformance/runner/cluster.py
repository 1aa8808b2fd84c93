"""A run of one adapter over a list of cases on a Dask cluster."""

import contextlib
import socket
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from dred_conformance import __version__
from dred_conformance.runner.builtin import AdapterNotFoundError
from dred_conformance.runner.campaign import dealt
from dred_conformance.runner.cluster_task import ChunkOutcome, ChunkTask, carried, run_task
from dred_conformance.runner.faults import RunStoppedError
from dred_conformance.runner.restarts import MAX_RESTARTS
from dred_conformance.runner.results import Campaign, CaseResult, results_of
from dred_conformance.runner.session import AdapterStartError
from dred_conformance.runner.stopping import STOPPED, Stop
from dred_conformance.runner.verdict import CaseOutcome, Verdict
from dred_conformance.vectors.case import Case

__all__ = ["ClusterError", "awaited_threads", "connected", "run_on_cluster"]

_LARGEST_CHUNK = 256  # its adapter has to start first
_CONNECT_S = 10.0
_FETCH_S = 60.0
_PATIENCE_S = 60.0
_LOOK_S = 0.02
_ASK_WORKERS_S = 1.0


class ClusterError(Exception):
    """The cluster cannot be used as it is."""


def run_on_cluster(
    address: str,
    adapter: str,
    cases: Sequence[Case],
    *,
    timeout_s: float = 10.0,
    fail_fast: bool = False,
    progress: Callable[[CaseResult], Any] = lambda _: None,
    stop: Stop | None = None,
    known: Collection[str] = (),
    max_restarts: int = MAX_RESTARTS,
    patience_s: float = _PATIENCE_S,
) -> Campaign:
    """Run an adapter over cases, in chunks that the workers of a cluster take.

    Each chunk has an adapter process of its own on the worker, where the answers are judged, too. A worker
    needs this package in the same version and the adapter's executable; the cases travel with the chunk.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://host:8786``.
    adapter
        A built-in name or a command line, both meant on the worker.
    cases, timeout_s, fail_fast, progress, stop, known, max_restarts
        As for :func:`dred_conformance.runner.campaign.run_campaign`.
    patience_s
        How long there may be no worker at all.

    Raises
    ------
    ClusterError
        The cluster cannot be reached, has no worker, or its workers differ from each other or from here.
    AdapterStartError
        The adapter does not start on a worker.
    RunStoppedError
        The run was stopped before any adapter said who it is.
    """
    stop = Stop() if stop is None else stop
    started = time.perf_counter()
    with connected(address) as client:
        threads = awaited_threads(client, address, stop, patience_s)
        chunks = dealt(len(cases), max(2, threads), _LARGEST_CHUNK)
        run = _ClusterRun(client, cases, frozenset(known), stop, progress, max_restarts, patience_s)
        run.fail_fast = fail_fast
        with contextlib.closing(run):
            for chunk in chunks:
                chosen = tuple(carried(cases[index]) for index in chunk)
                run.submit(ChunkTask(adapter, chosen, timeout_s, max_restarts, fail_fast, run.known), chunk)
            run.collect(longest_s=2 * timeout_s * max(map(len, chunks)) + patience_s)
    first = run.first
    if first is None:
        raise RunStoppedError(stop.reason) if stop.reason else ClusterError(run.reason)
    results = results_of(cases, run.outcomes, known, stop.reason or run.reason)
    return Campaign(first.command, first.declaration, results, time.perf_counter() - started, stop.signal)


@contextlib.contextmanager
def connected(address: str) -> Iterator[Any]:
    """Give a Dask client of the scheduler at an address, or raise ClusterError."""
    try:
        import distributed  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise ClusterError(
            "--scheduler needs Dask; 'pip install \"opus-dred-reference[scale]\"' brings it"
        ) from error
    _check_reachable(address)
    connect: Any = distributed.Client  # which has no types
    try:
        client = connect(address, timeout=_CONNECT_S, set_as_default=False, name="dred-conform")
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise ClusterError(f"no Dask scheduler at {address}: {error}") from error
    try:
        yield client
    finally:
        client.close(timeout=_CONNECT_S)


def _check_reachable(address: str) -> None:
    """Try the connection before Dask does, whose own attempts end late and in several messages."""
    scheme, separator, place = address.rpartition("://")
    if separator and scheme not in ("tcp", "tls"):
        return
    try:
        parts = urlsplit(f"//{place}")
        if parts.hostname is None or parts.port is None:
            raise ClusterError(f"'{address}' is no address of a scheduler, such as tcp://host:8786")
        with socket.create_connection((parts.hostname, parts.port), timeout=_CONNECT_S) as connection:
            if scheme != "tls" and not connection.recv(1):  # a scheduler speaks first
                raise ClusterError(f"what listens at {address} is no Dask scheduler")
    except (OSError, ValueError) as error:
        raise ClusterError(f"no Dask scheduler at {address}: {error}") from error


def _threads(client: Any) -> int:
    """Return how many chunks the cluster runs at once; 0 if it does not tell."""
    with contextlib.suppress(OSError, TimeoutError):
        return sum(client.sync(client.scheduler.ncores, callback_timeout=_CONNECT_S).values())
    return 0


def awaited_threads(client: Any, address: str, stop: Stop, patience_s: float) -> int:
    """Return how many tasks the cluster runs at once; wait as long as it has no worker, then ClusterError."""
    deadline = time.monotonic() + patience_s
    while not (threads := _threads(client)):
        if stop.reason:
            raise RunStoppedError(stop.reason)
        if time.monotonic() > deadline:
            raise ClusterError(
                f"no worker came to {address} within {patience_s:g} s; start 'dask worker {address}'"
            )
        time.sleep(_LOOK_S)
    return threads


class _ClusterRun:
    """The chunks of a run, and what has come back of them."""

    fail_fast = False

    def __init__(
        self,
        client: Any,
        cases: Sequence[Case],
        known: frozenset[str],
        stop: Stop,
        progress: Callable[[CaseResult], Any],
        max_restarts: int,
        patience_s: float,
    ) -> None:
        self.known = known
        self.outcomes: dict[int, CaseOutcome] = {}
        self.first: ChunkOutcome | None = None
        self.reason = ""
        self._client = client
        self._cases = cases
        self._stop = stop
        self._progress = progress
        self._patience_s = patience_s
        self._restarts_left = max_restarts
        self._pending: dict[Any, range] = {}

    def submit(self, task: ChunkTask, chunk: range) -> None:
        """Hand a chunk to the scheduler."""
        self._pending[self._client.submit(run_task, task, pure=False)] = chunk

    def collect(self, longest_s: float) -> None:
        """Take the chunks that are done until all are, or there is no hope for the rest.

        Parameters
        ----------
        longest_s
            The longest time in which no chunk at all may be done while there are workers.
        """
        quiet_since = seen_workers = asked = time.monotonic()
        while self._pending and not (self._stop.is_wanted() or self.reason):
            done = [future for future in self._pending if future.done()]
            for future in done:
                self._take(future, self._pending.pop(future))
            now = time.monotonic()
            if done:
                quiet_since = seen_workers = now
                continue
            if now - asked > _ASK_WORKERS_S:
                asked = now
                seen_workers = now if _threads(self._client) else seen_workers
            if now - seen_workers > self._patience_s:
                self.reason = f"given up: the cluster had no worker for {self._patience_s:g} s"
            elif now - quiet_since > longest_s:
                self.reason = f"given up: the workers were silent for {longest_s:g} s"
            time.sleep(_LOOK_S)

    def close(self) -> None:
        """Let the scheduler forget what is still to be done."""
        with contextlib.suppress(OSError, RuntimeError):
            self._client.cancel(list(self._pending))

    def _take(self, future: Any, chunk: range) -> None:
        if future.status == "error":
            self._lose(chunk, self._misfortune(future.exception(timeout=_FETCH_S)))
        elif future.status != "finished":
            self._lose(chunk, f"the scheduler let go of this case ({future.status})")
        else:
            try:
                found = future.result(timeout=_FETCH_S)
            except (OSError, TimeoutError) as error:
                self._lose(chunk, f"the outcome did not arrive from the worker ({error})")
            else:
                self._keep(chunk, found)

    @staticmethod
    def _misfortune(error: BaseException) -> str:
        """Return why a chunk was lost; what is wrong with every chunk is raised."""
        if type(error).__name__ == "KilledWorker":
            return "the workers that ran this chunk died, one after the other"
        if isinstance(error, AdapterStartError | AdapterNotFoundError):
            raise AdapterStartError(f"on a worker: {error}") from error
        raise ClusterError(
            f"a worker failed ({type(error).__name__}: {error}); "
            f"it needs opus-dred-reference {__version__} and what the adapter needs"
        ) from error

    def _keep(self, chunk: range, found: ChunkOutcome) -> None:
        first = self.first = self.first or found
        if found.version != __version__:
            raise ClusterError(
                f"{found.place} has version {found.version} of the suite, here is {__version__}"
            )
        if found.declaration != first.declaration:
            raise ClusterError(
                f"the adapter declares other things on {found.place} than on {first.place}: "
                "the workers need the same adapter and the same models"
            )
        self._settle(chunk, found.outcomes)
        self._restarts_left -= found.restarts
        if self._restarts_left < 0:
            self.reason = "given up: the adapter had to be started again too often, all workers together"

    def _lose(self, chunk: range, reason: str) -> None:
        self._settle(chunk, [CaseOutcome(Verdict.NOT_RUN, reason)] * len(chunk))

    def _settle(self, chunk: range, outcomes: Sequence[CaseOutcome]) -> None:
        for index, outcome in zip(chunk, outcomes, strict=True):
            result = CaseResult(self._cases[index], outcome, self._cases[index].id in self.known)
            self.outcomes[index] = outcome
            self._progress(result)
            if self.fail_fast and result.is_new_failure:
                self._stop.request(STOPPED)
