"""What every comparison says: its figures, its verdict, and where to look first."""

import numpy as np

from dred_conformance.comparison.measure import FrameError, Measure, first_above

__all__ = ["Judged"]


class Judged:
    """The part that comparisons of features and of speech share; the records name the fields.

    Attributes
    ----------
    measures : tuple of Measure
        The three figures, the main one first.
    reasons : tuple of str
        Why it fails; empty if it passes.
    """

    measures: tuple[Measure, Measure, Measure]
    reasons: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether every figure is a number within its threshold, and the candidate all numbers."""
        return not self.reasons

    @property
    def worst_frame(self) -> int:
        """The frame with the largest own share in the main figure, the first of equals."""
        return int(np.argmax(self.measures[0].frame_errors))

    @property
    def first_frame_above(self) -> FrameError | None:
        """The first frame whose own error is above a threshold."""
        return first_above(self.measures)
