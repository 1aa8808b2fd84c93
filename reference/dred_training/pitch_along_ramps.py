"""
Whether pitch survives levels that change inside a packet.

A network that was trained with one level per sequence takes the zero of a dimension that is no longer coded
for a pitch: behind that level, all older speech has a wrong one. So errors along every rising ramp are set
against those of the same level at the same age, held constant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .configuration import LEVELS
from .outcomes import LATENT_S, Outcome

MARK = 0.06  # octaves


@dataclass(frozen=True)
class Place:
    """An error and where it is: ramp, age in seconds, level."""

    error: float
    ramp: str
    age_s: float
    level: int


@dataclass(frozen=True)
class PitchAlongRamps:
    """
    Pitch errors of a model, in octaves of voiced frames.

    Parameters
    ----------
    dropped_from : int
        The lowest level that errs by more than the mark even where it is constant: there pitch is dropped
        on purpose; 16 if there is none.
    constant : tuple of float
        By level: the mean error at that level, held constant.
    along : tuple of (float or None)
        By level: the mean error along ramps that came up to it; None where none does.
    worst : Place or None
        The largest error along ramps at levels below `dropped_from`; None where there is no such level.
    jump : Place
        The largest excess of an error along a ramp over the error of its level, held constant, at that age.
    """

    dropped_from: int
    constant: tuple[float, ...]
    along: tuple[float | None, ...]
    worst: Place | None
    jump: Place

    @property
    def holds(self) -> bool:
        """Whether no error below the level of `dropped_from` exceeds the mark."""
        return self.worst is not None and self.worst.error <= MARK


def pitch_along_ramps(constant: Sequence[Outcome], rising: Sequence[Outcome]) -> PitchAlongRamps:
    """
    Judge a model.

    Parameters
    ----------
    constant : sequence of Outcome
        At the levels 0 to 15.
    rising : sequence of Outcome
        Along ramps, at least one that rises; of the same chunks.
    """
    means = tuple(float(each.pitch.mean()) for each in constant)
    dropped_from = next((level for level, error in enumerate(means) if error > MARK), LEVELS)
    errors: list[Place] = []
    jumps: list[Place] = []
    reached: list[list[float]] = [[] for _ in range(LEVELS)]
    for outcome in rising:
        levels = outcome.ramp.levels(len(outcome.pitch))
        for age, (level, error) in enumerate(zip(levels, outcome.pitch.tolist(), strict=True)):
            age_s = round((age + 0.5) * LATENT_S, 2)
            errors.append(Place(error, outcome.ramp.name, age_s, level))
            excess = error - float(constant[level].pitch[age])
            jumps.append(Place(excess, outcome.ramp.name, age_s, level))
            if level > levels[0]:
                reached[level].append(error)
    below = [place for place in errors if place.level < dropped_from]
    return PitchAlongRamps(
        dropped_from,
        means,
        tuple(sum(each) / len(each) if each else None for each in reached),
        max(below, key=lambda place: place.error, default=None),
        max(jumps, key=lambda place: place.error),
    )
