"""A run of one adapter over a list of cases, in one process or several of this machine."""

import concurrent.futures
import functools
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from dred_conformance.runner.adapter_log import AdapterLog
from dred_conformance.runner.faults import RunStoppedError
from dred_conformance.runner.restarts import MAX_RESTARTS, Restarts
from dred_conformance.runner.results import Campaign, CaseResult, results_of
from dred_conformance.runner.session import AdapterStartError, Session
from dred_conformance.runner.stopping import STOPPED, Stop
from dred_conformance.runner.verdict import BAD, CaseOutcome
from dred_conformance.vectors.case import Case

__all__ = ["BAD", "Campaign", "CaseResult", "dealt", "run_campaign"]

_LARGEST_CHUNK = 64
_CHUNKS_PER_PROCESS = 8


def run_campaign(
    command: Sequence[str],
    cases: Sequence[Case],
    *,
    jobs: int = 1,
    timeout_s: float = 10.0,
    fail_fast: bool = False,
    progress: Callable[[CaseResult], Any] = lambda _: None,
    stop: Stop | None = None,
    known: Collection[str] = (),
    max_restarts: int = MAX_RESTARTS,
    log: AdapterLog | None = None,
) -> Campaign:
    """Run an adapter over cases.

    The processes are asked by threads: judging takes a fraction of the time that all but the fastest adapters
    need for an answer, and that time they need outside of this process.

    Parameters
    ----------
    command
        The executable and its arguments.
    cases
        The cases; every process is given neighbours, in their order.
    jobs
        How many adapter processes run at once.
    timeout_s
        The longest wait for one answer, in seconds.
    fail_fast
        Stop asking after the first bad verdict of a case that is not known to fail.
    progress
        Called after every case, from any thread, one call at a time.
    stop
        Ends the run early when it is set; what was judged so far stays.
    known
        Ids of the cases that are known to fail.
    max_restarts
        How often an adapter that dies or falls silent is started again, all processes together.
    log
        Receives what the adapter writes to its standard error.

    Raises
    ------
    AdapterStartError
        The adapter does not start.
    RunStoppedError
        The run was stopped before the adapter said who it is.
    """
    stop = Stop() if stop is None else stop
    restarts = Restarts(max_restarts)

    def start(number: int) -> Session:
        heard = _unheard if log is None else functools.partial(log.write, number)
        return Session(command, timeout_s, stop=stop, restarts=restarts, log=heard)

    started = time.perf_counter()
    chunks = dealt(len(cases), jobs)
    first = start(1)
    run = _Run(cases, iter(chunks), frozenset(known), stop, fail_fast, progress)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        work = [pool.submit(run.work, lambda: first)]
        work += [
            pool.submit(run.work, functools.partial(start, n)) for n in range(2, min(jobs, len(chunks)) + 1)
        ]
        for future in work:
            future.result()
    results = results_of(cases, run.outcomes, run.known, stop.reason or run.reason)
    return Campaign(tuple(command), first.declaration, results, time.perf_counter() - started, stop.signal)


def _unheard(_case: str, _text: bytes) -> None:
    """Let what the adapter says pass."""


@dataclass
class _Run:
    """What the threads of a run share."""

    cases: Sequence[Case]
    chunks: Iterator[range]
    known: frozenset[str]
    stop: Stop
    fail_fast: bool
    progress: Callable[[CaseResult], Any]
    outcomes: dict[int, CaseOutcome] = field(default_factory=dict)
    reason: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def work(self, start: Callable[[], Session]) -> None:
        """Put chunks to one process until none is left."""
        try:
            session = start()
        except (AdapterStartError, RunStoppedError) as error:
            self.reason = f"given up: {error}"  # the other processes take the share of this one
            return
        try:
            self.put_chunks_to(session)
        except BaseException:
            self.stop.request("the run was broken off before this case")
            raise
        finally:
            session.close()

    def put_chunks_to(self, session: Session) -> None:
        """Take chunks until none is left, or the adapter is given up."""
        while not session.given_up:
            with self.lock:
                chunk = next(self.chunks, None)
            if chunk is None:
                return
            outcomes = session.run([self.cases[index] for index in chunk])
            for index, outcome in zip(chunk, outcomes, strict=True):
                self.settle(index, outcome)
        self.reason = session.given_up

    def settle(self, index: int, outcome: CaseOutcome) -> None:
        """Keep an outcome, and tell of it."""
        case = self.cases[index]
        result = CaseResult(case, outcome, case.id in self.known)
        with self.lock:
            self.outcomes[index] = outcome
            self.progress(result)
        if self.fail_fast and result.is_new_failure:
            self.stop.request(STOPPED)


def dealt(count: int, processes: int, largest: int = _LARGEST_CHUNK) -> list[range]:
    """Return the indices of ``count`` cases in chunks of neighbours, several chunks for each process."""
    size = max(1, min(largest, count // (_CHUNKS_PER_PROCESS * processes)) if processes > 1 else count)
    return [range(start, min(start + size, count)) for start in range(0, count, size)]
