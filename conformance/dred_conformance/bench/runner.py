"""Times the runner itself: how many cases a second it judges, and what it adds to an adapter's own time.

All figures come from one process and from rounds that take turns, so that a busy machine slows all alike; of
each the best round counts.

- The adapter alone: all requests lie in a file that is its standard input, and its answers go nowhere. No
  pipe, no change of process, nobody who judges. Of that time the time for ``hello`` alone is taken off.
- The runner with one process: the whole campaign over the same cases, less the same start.
- The overhead in wall-clock time is the difference of the two per case. It holds the writing of the request,
  both changes of process, the reading and the judging, as far as the adapter does not work meanwhile.
- The overhead in CPU time is what this process used per case; other load on the machine hardly changes it.
"""

import json
import resource
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import IO

from dred_conformance.runner.campaign import Campaign, run_campaign
from dred_conformance.runner.verdict import Verdict
from dred_conformance.vectors.case import Case

__all__ = ["NothingToTimeError", "RunnerBench", "bench_runner"]

_LONGEST_S = 600.0
_HELLO = b'{"seq":0,"op":"hello","protocol":1}\n'


class NothingToTimeError(Exception):
    """The adapter answers none of the cases, or not as it should."""


@dataclass(frozen=True)
class RunnerBench:
    """Times per case in microseconds; see the module for what they mean.

    Attributes
    ----------
    adapter
        Its name and version.
    cases
        How many cases it answered in each round.
    jobs
        How many processes the second figure is for.
    cases_per_second, cases_per_second_jobs
        With one process, and with ``jobs``.
    adapter_alone_us, overhead_us
        Wall-clock time of the adapter alone, and what the runner adds with one process.
    runner_cpu_us, adapter_cpu_us
        CPU time of this process and of the adapter (less that of its start), with one process.
    start_ms
        From the start of the adapter to its end after ``hello``; the cases per second include it.
    """

    adapter: str
    cases: int
    jobs: int
    cases_per_second: float
    cases_per_second_jobs: float
    adapter_alone_us: float
    overhead_us: float
    runner_cpu_us: float
    adapter_cpu_us: float
    start_ms: float


@dataclass(frozen=True)
class _Round:
    wall_s: float
    runner_cpu_s: float
    adapter_cpu_s: float


def _best(rounds: Sequence[_Round]) -> _Round:
    columns = zip(*(astuple(each) for each in rounds), strict=True)
    return _Round(*map(min, columns))


def bench_runner(command: Sequence[str], cases: Sequence[Case], jobs: int, rounds: int) -> RunnerBench:
    """Time the runner over the cases that an adapter declares.

    Parameters
    ----------
    command
        The adapter.
    cases
        The cases; what is beyond its declaration is left out.
    jobs
        How many processes are compared with one.
    rounds
        How often everything is timed.

    Raises
    ------
    NothingToTimeError
        A case fails, or none is answered: the time of a failure is not the time of an answer.
    AdapterStartError
        The adapter does not start.
    """
    answered, name = _answered(run_campaign(command, cases))
    starts: list[_Round] = []
    alone: list[_Round] = []
    one: list[_Round] = []
    several: list[_Round] = []
    with tempfile.TemporaryFile() as hello, tempfile.TemporaryFile() as requests:
        hello.write(_HELLO)
        requests.write(_HELLO + b"".join(_request(n, case) for n, case in enumerate(answered, 1)))
        for _ in range(rounds):
            starts.append(_piped(command, hello))
            alone.append(_piped(command, requests))
            one.append(_judged(command, answered, 1))
            several.append(_judged(command, answered, jobs))
    count, per_case = len(answered), 1e6 / len(answered)
    start, single = _best(starts), _best(one)
    alone_us = per_case * max(0.0, _best(alone).wall_s - start.wall_s)
    return RunnerBench(
        adapter=name,
        cases=count,
        jobs=jobs,
        cases_per_second=count / single.wall_s,
        cases_per_second_jobs=count / _best(several).wall_s,
        adapter_alone_us=alone_us,
        overhead_us=per_case * (single.wall_s - start.wall_s) - alone_us,
        runner_cpu_us=per_case * single.runner_cpu_s,
        adapter_cpu_us=per_case * max(0.0, single.adapter_cpu_s - start.adapter_cpu_s),
        start_ms=1e3 * start.wall_s,
    )


def _answered(campaign: Campaign) -> tuple[list[Case], str]:
    counts = campaign.counts
    wrong = len(campaign.results) - counts[Verdict.PASS] - counts[Verdict.UNSUPPORTED]
    if wrong or not campaign.executed:
        raise NothingToTimeError(
            f"{wrong} of {len(campaign.results)} cases did not pass, {campaign.executed} were judged; "
            "an adapter is only timed where it is right ('dred conform' shows more)"
        )
    passed = [result.case for result in campaign.results if result.outcome.verdict == Verdict.PASS]
    return passed, f"{campaign.declaration.name} {campaign.declaration.version}"


def _request(seq: int, case: Case) -> bytes:
    return json.dumps(case.request(seq), separators=(",", ":")).encode() + b"\n"


def _piped(command: Sequence[str], requests: IO[bytes]) -> _Round:
    requests.seek(0)
    used_before, started = _children_s(), time.perf_counter()
    subprocess.run(  # noqa: S603 - running the user's adapter is the purpose
        list(command),
        stdin=requests,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=_LONGEST_S,
        check=False,
    )
    return _Round(time.perf_counter() - started, 0.0, _children_s() - used_before)


def _judged(command: Sequence[str], cases: Sequence[Case], jobs: int) -> _Round:
    runner, children = time.process_time(), _children_s()
    campaign = run_campaign(command, cases, jobs=jobs)
    used = _Round(campaign.seconds, time.process_time() - runner, _children_s() - children)
    if campaign.counts[Verdict.PASS] != len(cases):
        raise NothingToTimeError("a case that passed before did not pass again")
    return used


def _children_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
