"""Tasks on a Dask cluster: a clip over a network, with all its schemes, is what travels."""

import threading
import time
from collections.abc import Iterable
from typing import Any

from dred_conformance import __version__
from dred_conformance.runner.cluster import ClusterError, awaited_threads, connected
from dred_conformance.runner.stopping import Stop
from dred_conformance.simulation.cases import CaseOutcome, Task
from dred_conformance.simulation.errors import SimulationError
from dred_conformance.simulation.running import Take
from dred_conformance.simulation.settings import RunSettings
from dred_conformance.simulation.workbench import Workbench

__all__ = ["run_on_cluster"]

_LOOK_S = 0.05
_PATIENCE_S = 60.0


def run_on_cluster(
    address: str,
    tasks: Iterable[Task],
    settings: RunSettings,
    stop: Stop,
    take: Take,
    patience_s: float = _PATIENCE_S,
) -> None:
    """Run tasks on the workers of a cluster; parameters as for `running.run_tasks`.

    A worker needs this package in the same version, with libopus, the metrics and the model; clips and losses
    travel with the tasks, and what was heard travels back.

    Raises
    ------
    ClusterError
        The cluster cannot be reached, has no worker, or its workers have another version.
    SimulationError
        L5: a task failed.
    RunStoppedError
        The run was stopped while waiting for a worker.
    """
    with connected(address) as client:
        awaited_threads(client, address, stop, patience_s)
        pending = [client.submit(_run_task, task, settings, pure=False) for task in tasks]
        try:
            while pending and not stop.is_wanted():
                done = [future for future in pending if future.done()]
                for future in done:
                    pending.remove(future)
                    _take_all(future, take)
                time.sleep(0 if done else _LOOK_S)
        finally:
            client.cancel(pending)


def _take_all(future: Any, take: Take) -> None:
    if future.status != "finished":
        error = future.exception() if future.status == "error" else future.status
        raise SimulationError(
            "L5", f"on a worker: {error}",
            f"it needs opus-dred-reference {__version__} with libopus, metrics and model; "
            "the same command goes on where this one stopped",
        )  # fmt: skip
    version, outcomes = future.result()
    if version != __version__:
        raise ClusterError(f"a worker has version {version} of the suite, here is {__version__}")
    for outcome in outcomes:
        take(outcome)


_of_thread = threading.local()  # a bench is at one clip, and workers may run several tasks at once


def _bench(settings: RunSettings) -> Workbench:
    if getattr(_of_thread, "settings", None) != settings:
        _of_thread.bench, _of_thread.settings = Workbench(settings), settings
    bench: Workbench = _of_thread.bench
    return bench


def _run_task(task: Task, settings: RunSettings) -> tuple[str, list[CaseOutcome]]:
    """Run a task on a worker."""
    return __version__, list(_bench(settings).outcomes(task))
