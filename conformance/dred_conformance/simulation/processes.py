"""Tasks on several processes of this machine.

A process takes a clip at a time, with all that is to be done with it: analysis and streams are shared, and
each result comes back when it is there.
"""

import multiprocessing
import queue
import signal
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from dred_conformance.runner.stopping import Stop
from dred_conformance.simulation.cases import Task
from dred_conformance.simulation.errors import SimulationError
from dred_conformance.simulation.running import Take
from dred_conformance.simulation.settings import RunSettings
from dred_conformance.simulation.workbench import Workbench

__all__ = ["run_in_processes"]

_LOOK_S = 0.2
_END_S = 5.0


def run_in_processes(tasks: Iterable[Task], settings: RunSettings, jobs: int, stop: Stop, take: Take) -> None:
    """Run tasks; parameters as for `dred_conformance.simulation.running.run_tasks`.

    Raises
    ------
    SimulationError
        L5: a process ended, or a case failed; what was done before is kept.
    """
    context = multiprocessing.get_context("spawn")
    per_clip = [list(group) for _, group in groupby(tasks, key=lambda task: task.clip)]
    wanted, answers = context.Queue(), context.Queue()
    is_over = context.Event()
    for group in per_clip:
        wanted.put(group)
    workers = [
        context.Process(target=_work, args=(settings, wanted, answers, is_over), daemon=True)
        for _ in range(min(jobs, len(per_clip)))
    ]
    for worker in workers:
        wanted.put(None)
        worker.start()
    try:
        _collect(workers, answers, stop, take)
    finally:
        is_over.set()
        wanted.cancel_join_thread()
        for worker in workers:
            worker.join(_END_S)
            if worker.is_alive():
                worker.terminate()


def _collect(workers: list[Any], answers: Any, stop: Stop, take: Take) -> None:
    at_work = len(workers)
    while at_work and not stop.is_wanted():
        try:
            answer = answers.get(timeout=_LOOK_S)
        except queue.Empty:
            dead = [worker for worker in workers if worker.exitcode not in {None, 0}]
            if dead:
                raise SimulationError(
                    "L5",
                    f"a process ended ({dead[0].exitcode})",
                    "the same command goes on where this one stopped",
                ) from None
            continue
        if answer is None:
            at_work -= 1
        elif isinstance(answer, SimulationError):
            raise answer
        else:
            take(answer)


def _work(settings: RunSettings, wanted: Any, answers: Any, is_over: Any) -> None:
    """Take clips until there is none: in the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the first one decides
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        bench = Workbench(settings)
        while (group := wanted.get()) is not None:
            for task in group:
                for outcome in bench.outcomes(task):
                    answers.put(outcome)
                    if is_over.is_set():
                        return
    except Exception as error:  # whatever it is, the first process has to know
        answers.put(as_simulation_error(error))
        return
    answers.put(None)


def as_simulation_error(error: Exception) -> SimulationError:
    """Return an error that says what went wrong elsewhere, and survives the way here."""
    return (
        error
        if isinstance(error, SimulationError)
        else SimulationError("L5", f"{type(error).__name__}: {error}")
    )
