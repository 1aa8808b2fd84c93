"""How good speech is: figures of well-kept packages, and the working group's audio metric.

Every judge gets two signals of 16 kHz, float64, full scale 1, equally long and aligned: the clip, and what
was heard. A figure is ``None`` where a judge has no opinion, as PESQ where nobody speaks.
"""

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dred_conformance.comparison import compare_audio
from dred_conformance.simulation.errors import SimulationError
from dred_conformance.simulation.packages import needed_package
from dred_conformance.simulation.plcmos import plcmos_judge

__all__ = ["FIGURES", "JUDGED_RATE", "METRICS", "Figure", "Judge", "figures_of", "judge_all", "loaded_judges"]

JUDGED_RATE = 16000  # Hz
FULL_SCALE = 32768
EXTRA = "quality"

Signal = NDArray[np.float64]
Judge = Callable[[Signal, Signal], tuple[float | None, ...]]


@dataclass(frozen=True)
class Figure:
    """A number that says how good speech is.

    Attributes
    ----------
    name, label
        In files, and for people.
    is_higher_better
        Which way is better.
    digits
        Behind the point, in tables.
    """

    name: str
    label: str
    is_higher_better: bool
    digits: int


def _pesq() -> Judge:
    package = needed_package("pesq", EXTRA, "PESQ")

    def judge(reference: Signal, heard: Signal) -> tuple[float | None]:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                return (float(package.pesq(JUDGED_RATE, reference, heard, "wb")),)
            except (package.PesqError, RuntimeWarning):  # no utterance, too short, silence
                return (None,)

    return judge


def _stoi() -> Judge:
    package = needed_package("pystoi", EXTRA, "STOI")

    def judge(reference: Signal, heard: Signal) -> tuple[float | None]:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                value = float(package.stoi(reference, heard, JUDGED_RATE))
            except (RuntimeWarning, ValueError):  # too little speech
                return (None,)
        return (value,)

    return judge


def _working_group() -> Judge:
    def judge(reference: Signal, heard: Signal) -> tuple[float | None, ...]:
        found = compare_audio(FULL_SCALE * reference, FULL_SCALE * heard)
        return found.err4, found.err16, found.pitch

    return judge


@dataclass(frozen=True)
class Metric:
    """Figures that are computed together."""

    figures: tuple[Figure, ...]
    load: Callable[[], Judge]


METRICS: Mapping[str, Metric] = {
    "plcmos": Metric((Figure("plcmos", "PLCMOS v2", True, 2),), lambda: plcmos_judge(EXTRA)),
    "pesq": Metric((Figure("pesq", "PESQ wideband", True, 2),), _pesq),
    "stoi": Metric((Figure("stoi", "STOI", True, 3),), _stoi),
    "wg": Metric(
        (
            Figure("err4", "WG err4", False, 3),
            Figure("err16", "WG err16", False, 3),
            Figure("pitch", "WG pitch", False, 3),
        ),
        _working_group,
    ),
}
FIGURES = {figure.name: figure for metric in METRICS.values() for figure in metric.figures}


def figures_of(metrics: Sequence[str]) -> list[Figure]:
    """Return the figures of metrics, in their order."""
    return [figure for name in metrics for figure in METRICS[name].figures]


def loaded_judges(
    names: Sequence[str] | None, on_missing: Callable[[str], None] = lambda _: None
) -> dict[str, Judge]:
    """Load metrics.

    Parameters
    ----------
    names
        Keys of `METRICS`; unless given, all that can be loaded.
    on_missing
        Told why one of all metrics is left out.

    Raises
    ------
    SimulationError
        L3: there is no such metric. L1: one that was asked for needs a package that is not here.
    """
    if unknown := [name for name in names or () if name not in METRICS]:
        raise SimulationError("L3", f"there is no metric {unknown[0]!r}", f"there are {', '.join(METRICS)}")
    judges = {}
    for name in METRICS if names is None else dict.fromkeys(names):
        try:
            judges[name] = METRICS[name].load()
        except SimulationError as error:
            if names is not None:
                raise
            on_missing(str(error))
    return judges


def judge_all(judges: Mapping[str, Judge], reference: Signal, heard: Signal) -> dict[str, float | None]:
    """Return all figures by name; ``None`` for those without a finite value."""
    found: dict[str, float | None] = {}
    for name, judge in judges.items():
        for figure, value in zip(METRICS[name].figures, judge(reference, heard), strict=True):
            found[figure.name] = value if value is not None and math.isfinite(value) else None
    return found
