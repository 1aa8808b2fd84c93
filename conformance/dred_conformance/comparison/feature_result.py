"""The result of a comparison of features."""

from dataclasses import dataclass

from dred_conformance.comparison.judged import Judged
from dred_conformance.comparison.measure import FloatArray, IntArray, Measure, check_thresholds

__all__ = [
    "CORRELATION",
    "FEATURES",
    "FEATURE_NAMES",
    "PITCH",
    "VOICED_ABOVE",
    "FeatureComparison",
    "FeatureThresholds",
]

FEATURES = 20
PITCH = 18
CORRELATION = 19
VOICED_ABOVE = 0.2
FEATURE_NAMES = (*(f"c{index}" for index in range(PITCH)), "pitch", "correlation")


@dataclass(frozen=True, slots=True)
class FeatureThresholds:
    """The largest values that pass; the working group's unless given."""

    total: float = 0.5
    maximum: float = 0.15
    pitch: float = 0.02

    def __post_init__(self) -> None:
        check_thresholds(total=self.total, max=self.maximum, pitch=self.pitch)


@dataclass(frozen=True, eq=False)
class FeatureComparison(Judged):
    """What was found.

    Attributes
    ----------
    thresholds : FeatureThresholds
    frames, voiced_frames : int
        Frames of the reference, all of them and those with a correlation above `VOICED_ABOVE`.
    extra_frames : int
        Frames by which the candidate is longer. They are not compared.
    measures : tuple of Measure
        ``total``, ``max`` and ``pitch``.
    per_feature_rms : array of float64, shape (20,)
        Root of the mean squared error of each feature over all frames; the pitch here over all frames too.
    per_feature_worst_frame : array of int64, shape (20,)
        Where the error of each feature is largest, the first of equals.
    differences : array of float64, shape (frames, 20)
        Candidate less reference.
    reasons : tuple of str
        Why it fails; empty if it passes.
    """

    thresholds: FeatureThresholds
    frames: int
    voiced_frames: int
    extra_frames: int
    measures: tuple[Measure, Measure, Measure]
    per_feature_rms: FloatArray
    per_feature_worst_frame: IntArray
    differences: FloatArray
    reasons: tuple[str, ...]

    @property
    def applicable(self) -> tuple[Measure, ...]:
        """The figures that have a value: all, but without a voiced frame not the pitch."""
        return self.measures if self.voiced_frames else self.measures[:2]

    @property
    def total(self) -> float:
        """Root of the sum, over all features but the pitch, of the mean squared error."""
        return self.measures[0].value

    @property
    def maximum(self) -> float:
        """Root of the largest, over all features but the pitch, of the mean squared errors."""
        return self.measures[1].value

    @property
    def pitch(self) -> float:
        """Mean absolute error of the pitch over the voiced frames; NaN if there is none."""
        return self.measures[2].value
