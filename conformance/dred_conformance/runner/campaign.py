"""A run of one adapter over a list of cases, in one process or several."""

import concurrent.futures
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dred_conformance.runner.declaration import Declaration
from dred_conformance.runner.session import Session
from dred_conformance.runner.verdict import CaseOutcome, Verdict
from dred_conformance.vectors.case import Case

__all__ = ["Campaign", "CaseResult", "run_campaign"]

BAD = frozenset({Verdict.FAIL, Verdict.ERROR, Verdict.TIMEOUT, Verdict.NOT_RUN})
_CHUNK = 64


@dataclass(frozen=True)
class CaseResult:
    """A case with its outcome."""

    case: Case
    outcome: CaseOutcome


@dataclass(frozen=True)
class Campaign:
    """All results of a run, in the order of the vectors."""

    command: tuple[str, ...]
    declaration: Declaration
    results: tuple[CaseResult, ...]
    seconds: float

    @property
    def counts(self) -> Counter[Verdict]:
        """How many cases ended with each verdict."""
        return Counter(result.outcome.verdict for result in self.results)

    @property
    def executed(self) -> int:
        """How many cases the adapter was really judged on."""
        counts = self.counts
        return sum(counts.values()) - counts[Verdict.UNSUPPORTED] - counts[Verdict.NOT_RUN]

    @property
    def exit_code(self) -> int:
        """0: every MUST passed; 1: something failed; 2: nothing was judged."""
        if any(result.outcome.verdict in BAD for result in self.results):
            return 1
        return 0 if self.executed else 2


def run_campaign(
    command: Sequence[str],
    cases: Sequence[Case],
    *,
    jobs: int = 1,
    timeout_s: float = 10.0,
    fail_fast: bool = False,
    progress: Callable[[CaseResult], Any] = lambda _: None,
) -> Campaign:
    """Run an adapter over cases.

    Parameters
    ----------
    command
        The executable and its arguments.
    cases
        The cases; their order is kept inside every process.
    jobs
        How many adapter processes run at once.
    timeout_s
        The longest wait for one answer, in seconds.
    fail_fast
        Stop asking after the first bad verdict.
    progress
        Called after every case, from any thread, one call at a time.

    Raises
    ------
    AdapterStartError
        If the adapter does not start.
    """
    started = time.perf_counter()
    first = Session(command, timeout_s)
    outcomes: dict[int, CaseOutcome] = {}
    lock = threading.Lock()
    failed = threading.Event()
    shares = _shares(len(cases), jobs)

    def work(share: Sequence[int], session: Session | None) -> None:
        own = session or Session(command, timeout_s)
        try:
            for index, outcome in zip(share, own.run([cases[i] for i in share], _stop), strict=True):
                with lock:
                    outcomes[index] = outcome
                    progress(CaseResult(cases[index], outcome))
                if outcome.verdict in BAD:
                    failed.set()
        finally:
            own.close()

    def _stop() -> bool:
        return fail_fast and failed.is_set()

    with concurrent.futures.ThreadPoolExecutor(max(1, len(shares))) as pool:
        futures = [pool.submit(work, share, first if n == 0 else None) for n, share in enumerate(shares)]
        for future in futures:
            future.result()
    if not shares:
        first.close()
    results = tuple(CaseResult(case, outcomes[index]) for index, case in enumerate(cases))
    return Campaign(tuple(command), first.declaration, results, time.perf_counter() - started)


def _shares(count: int, jobs: int) -> list[list[int]]:
    """Deal the cases out in chunks, so that neighbours stay together in one process."""
    jobs = max(1, min(jobs, -(-count // _CHUNK)))
    shares: list[list[int]] = [[] for _ in range(jobs)] if count else []
    for start in range(0, count, _CHUNK):
        shares[(start // _CHUNK) % jobs].extend(range(start, min(start + _CHUNK, count)))
    return shares
