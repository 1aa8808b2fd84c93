"""A run from its settings to its results."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dred_conformance.cli.files import write_bytes_whole
from dred_conformance.runner.stopping import Stop
from dred_conformance.simulation.cases import CaseOutcome, tasks_of
from dred_conformance.simulation.clips import Clip
from dred_conformance.simulation.conditions import Condition
from dred_conformance.simulation.errors import SimulationError
from dred_conformance.simulation.journal import Journal
from dred_conformance.simulation.output_folder import OutputFolder
from dred_conformance.simulation.quality import figures_of
from dred_conformance.simulation.running import run_tasks
from dred_conformance.simulation.schemes import Scheme
from dred_conformance.simulation.settings import RunSettings
from dred_conformance.simulation.summary import Campaign
from dred_conformance.simulation.workbench import clip_file

__all__ = ["Plan", "run_plan"]


@dataclass(frozen=True)
class Plan:
    """What shall be run.

    Attributes
    ----------
    model
        Name and hash of the model at hand, empty without one.

    Raises
    ------
    SimulationError
        L3: no network, or two of one name.
    """

    settings: RunSettings
    clips: Sequence[Clip]
    conditions: Sequence[Condition]
    schemes: Sequence[Scheme]
    model: str

    def __post_init__(self) -> None:
        names = [condition.name for condition in self.conditions]
        if not names or len(set(names)) < len(names):
            raise SimulationError(
                "L3", "no network, or two of one name", "--loss, --gilbert and --trace name networks"
            )

    @property
    def cases(self) -> int:
        """How many there are."""
        return len(self.clips) * len(self.conditions) * len(self.schemes)

    def identity(self) -> dict[str, Any]:
        """Return everything that the results depend on."""
        return {
            "settings": self.settings.to_json(),
            "model": self.model,
            "clips": {clip.name: clip.sha256 for clip in self.clips},
            "networks": [
                {
                    "name": each.name,
                    "kind": each.kind,
                    "told_percent": each.told_percent,
                    "identity": each.identity,
                }
                for each in self.conditions
            ],
            "schemes": {each.name: each.receiving.concealment for each in self.schemes},
        }


def run_plan(
    plan: Plan,
    folder: OutputFolder,
    stop: Stop,
    advance: Callable[[int], object],
    *,
    jobs: int = 1,
    scheduler: str = "",
) -> Campaign:
    """Run what the journal of the folder does not have yet.

    Parameters
    ----------
    folder
        Gets the journal and what was heard.
    stop
        Ends the run between two cases.
    advance
        Told how many cases are done, at the start and after each.
    jobs, scheduler
        As for `dred_conformance.simulation.running.run_tasks`.

    Raises
    ------
    SimulationError
        L4: another run is in the folder, or it cannot be written; L1, L5: a case cannot be run.
    ClusterError
        The cluster cannot be used.
    """
    with Journal(folder.root, plan.identity()) as journal:
        advance(len(journal.results))

        def take(outcome: CaseOutcome) -> None:
            result = outcome.result
            if outcome.audio:
                _write(
                    folder, folder.heard(result["clip"], result["condition"], result["scheme"]), outcome.audio
                )
            journal.add(result)
            advance(len(journal.results))

        if folder.has_audio:
            _write_originals(plan, folder)
        tasks = tasks_of(plan.clips, plan.conditions, plan.schemes, plan.settings, journal.results.keys())
        if len(journal.results) < plan.cases:
            run_tasks(tasks, plan.settings, stop, take, jobs=jobs, scheduler=scheduler)
        return Campaign(
            [clip.name for clip in plan.clips],
            [condition.name for condition in plan.conditions],
            [scheme.name for scheme in plan.schemes],
            figures_of(plan.settings.metrics),
            dict(journal.results),
            plan.settings.seed,
        )


def _write_originals(plan: Plan, folder: OutputFolder) -> None:
    for clip in plan.clips:
        if not (folder.root / folder.clip(clip.name)).exists():
            _write(folder, folder.clip(clip.name), clip_file(clip.speech(), plan.settings.audio))


def _write(folder: OutputFolder, name: str, data: bytes) -> None:
    path = folder.root / name
    folder.make(name.rpartition("/")[0])
    try:
        write_bytes_whole(path, data)
    except OSError as error:
        raise SimulationError("L4", f"{path}: cannot be written ({error.strerror})") from error
