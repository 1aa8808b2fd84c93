"""A figure of a comparison, its threshold, and the share that every frame has in it.

The *own error* of a frame is the figure that the whole file would have if every frame were like this one. It
points at the place of a fault; only the figure of the whole file decides.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dred_conformance.comparison.errors import ThresholdError

__all__ = ["FloatArray", "FrameError", "IntArray", "Measure", "check_thresholds", "first_above"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FrameError:
    """The own error of one frame.

    Attributes
    ----------
    measure : str
        Name of the figure.
    frame : int
        Number of the frame; 10 ms each.
    value, threshold : float
        The own error, infinite where the candidate holds no number; and what it is held against.
    """

    measure: str
    frame: int
    value: float
    threshold: float


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """One of the three figures of a comparison.

    Attributes
    ----------
    name : str
        ``total``, ``max``, ``err4``, ``err16`` or ``pitch``.
    value : float
        The figure; NaN where it has no value.
    threshold : float
        The largest value that passes.
    frame_errors : array of float64, shape (frames,)
        The own error of each frame; NaN for frames that have no part in the figure.
    """

    name: str
    value: float
    threshold: float
    frame_errors: FloatArray

    @property
    def passed(self) -> bool:
        """Whether the figure passes; NaN never does."""
        return self.value <= self.threshold

    @property
    def worst(self) -> FrameError | None:
        """The frame with the largest own error, the first of equals; ``None`` if no frame has part."""
        if np.isnan(self.frame_errors).all():
            return None
        return self._frame(int(np.nanargmax(self.frame_errors)))

    @property
    def first_above(self) -> FrameError | None:
        """The first frame with an own error above the threshold."""
        above = np.flatnonzero(self.frame_errors > self.threshold)
        return self._frame(int(above[0])) if above.size else None

    def _frame(self, frame: int) -> FrameError:
        return FrameError(self.name, frame, float(self.frame_errors[frame]), self.threshold)

    def complaint(self) -> str | None:
        """Return why this figure fails, or ``None``."""
        if self.passed:
            return None
        if math.isnan(self.value):
            return f"{self.name} is no number (NaN), which no threshold passes"
        return f"{self.name} {self.value:.6f} exceeds {self.threshold:g}"


def first_above(measures: Sequence[Measure]) -> FrameError | None:
    """Return the first frame that is above the threshold of any figure; of equals the first figure's."""
    found = [each.first_above for each in measures]
    return min((each for each in found if each is not None), key=lambda each: each.frame, default=None)


def check_thresholds(**values: float) -> None:
    """Refuse thresholds that cannot be meant.

    Raises
    ------
    ThresholdError
        One is negative or NaN. Infinity is allowed: it switches a figure off.
    """
    for name, value in values.items():
        if not value >= 0:
            raise ThresholdError(f"the threshold {name} is {value}; it must be 0 or more")
