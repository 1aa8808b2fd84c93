"""The result of a comparison of speech."""

from dataclasses import dataclass

from dred_conformance.comparison.judged import Judged
from dred_conformance.comparison.measure import FloatArray, IntArray, Measure, check_thresholds
from dred_conformance.comparison.periodicity import Periodicity

__all__ = ["AudioComparison", "AudioThresholds"]


@dataclass(frozen=True, slots=True)
class AudioThresholds:
    """The largest values that pass; unless given the working group's for the vocoder."""

    err4: float = 0.25
    err16: float = 1.0
    pitch: float = 0.15

    def __post_init__(self) -> None:
        check_thresholds(err4=self.err4, err16=self.err16, pitch=self.pitch)


@dataclass(frozen=True, eq=False)
class AudioComparison(Judged):
    """What was found.

    Attributes
    ----------
    thresholds : AudioThresholds
    samples, frames, voiced_frames : int
        Of the reference.
    extra_samples : int
        Samples by which the candidate is longer. They are not compared.
    measures : tuple of Measure
        ``err4``, ``err16`` and ``pitch``.
    band_err4, band_err16 : array of float64, shape (17,)
        What the figure would be if the error of this band were that of every band.
    band_worst_frame : array of int64, shape (17,)
        Where the error of each band is largest, the first of equals.
    band_difference : array of float64, shape (frames, 17)
        Mean difference of loudness; positive where the candidate is louder.
    periodicity : Periodicity
        Correlations of both at the lag of the reference.
    reasons : tuple of str
        Why it fails; empty if it passes.
    """

    thresholds: AudioThresholds
    samples: int
    frames: int
    voiced_frames: int
    extra_samples: int
    measures: tuple[Measure, Measure, Measure]
    band_err4: FloatArray
    band_err16: FloatArray
    band_worst_frame: IntArray
    band_difference: FloatArray
    periodicity: Periodicity
    reasons: tuple[str, ...]

    @property
    def err4(self) -> float:
        """Error of loudness, the fourth power of it averaged over the frames."""
        return self.measures[0].value

    @property
    def err16(self) -> float:
        """Error of loudness, the sixteenth power of it averaged over the frames."""
        return self.measures[1].value

    @property
    def pitch(self) -> float:
        """Mean absolute difference of the correlations in voiced frames; NaN if there is none."""
        return self.measures[2].value
