"""The cases of a run: which there are, what is asked of a worker, what it answers."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dred_conformance.encoding import Speech
from dred_conformance.simulation.clips import Clip
from dred_conformance.simulation.conditions import Condition
from dred_conformance.simulation.schemes import Scheme
from dred_conformance.simulation.settings import RunSettings
from dred_conformance.simulation.trace import LossTrace

__all__ = ["SOURCES", "CaseKey", "CaseOutcome", "Task", "key_of", "tasks_of"]

SOURCES = ("regular", "lbrr", "dred", "concealment")  # of what is played

CaseKey = tuple[str, str, str]  # clip, condition, scheme


def key_of(result: dict[str, Any]) -> CaseKey:
    """Return which case a result is of."""
    return result["clip"], result["condition"], result["scheme"]


@dataclass(frozen=True)
class Task:
    """A clip over a network, with every scheme that is still to be tried.

    Attributes
    ----------
    condition
        Name of the network.
    told_percent
        The loss that encoders are told.
    trace
        What happens to each packet; of more packets than any scheme has.
    """

    clip: str
    speech: Speech
    condition: str
    told_percent: int
    trace: LossTrace
    schemes: tuple[Scheme, ...]


@dataclass(frozen=True)
class CaseOutcome:
    """What came of a case.

    Attributes
    ----------
    result
        The line of the journal.
    audio
        The file of what was heard, empty where none is wanted.
    """

    result: dict[str, Any]
    audio: bytes


def tasks_of(
    clips: Sequence[Clip],
    conditions: Sequence[Condition],
    schemes: Sequence[Scheme],
    settings: RunSettings,
    done: Collection[CaseKey],
) -> Iterator[Task]:
    """Yield what is to be done, clip by clip; all schemes meet the same losses, every clip has its own."""
    for clip in clips:
        speech = None
        for condition in conditions:
            open_schemes = tuple(s for s in schemes if (clip.name, condition.name, s.name) not in done)
            if not open_schemes:
                continue
            speech = clip.speech() if speech is None else speech
            packets = clip.packets(settings.frame_ms)
            trace = condition.losses(settings.seed, clip.number, packets)
            yield Task(clip.name, speech, condition.name, condition.told_percent, trace, open_schemes)
