"""Runs tasks here, in processes, or on a cluster."""

from collections.abc import Callable, Iterable
from typing import Any

from dred_conformance.runner.stopping import Stop
from dred_conformance.simulation.cases import CaseOutcome, Task
from dred_conformance.simulation.settings import RunSettings
from dred_conformance.simulation.workbench import Workbench

__all__ = ["Take", "run_tasks"]

Take = Callable[[CaseOutcome], Any]


def run_tasks(
    tasks: Iterable[Task],
    settings: RunSettings,
    stop: Stop,
    take: Take,
    *,
    jobs: int = 1,
    scheduler: str = "",
) -> None:
    """Run tasks until all are done or the run shall stop.

    Parameters
    ----------
    tasks
        Clip by clip.
    settings
        Of the run.
    stop
        Looked at between cases.
    take
        Called with every outcome, in this process.
    jobs
        Processes on this machine.
    scheduler
        Address of a Dask scheduler whose workers run the tasks; empty for this machine.

    Raises
    ------
    SimulationError
        L1, L5: a metric or model is missing, a case failed.
    ClusterError
        The cluster cannot be used.
    """
    if scheduler:
        from dred_conformance.simulation.cluster import run_on_cluster  # noqa: PLC0415  an optional extra

        run_on_cluster(scheduler, tasks, settings, stop, take)
    elif jobs > 1:
        from dred_conformance.simulation.processes import run_in_processes  # noqa: PLC0415  it needs `Take`

        run_in_processes(tasks, settings, jobs, stop, take)
    else:
        _run_here(tasks, settings, stop, take)


def _run_here(tasks: Iterable[Task], settings: RunSettings, stop: Stop, take: Take) -> None:
    bench = Workbench(settings)
    for task in tasks:
        for outcome in bench.outcomes(task):
            take(outcome)
            if stop.is_wanted():
                return
