"""What a pitch estimator gets and gives, and the unit of the pitch feature."""

import math
from typing import Protocol

from dred_reference.analysis.sizes import PITCH_MAX, FloatArray
from dred_reference.clauses import clause

__all__ = ["CLASSES_PER_OCTAVE", "PITCH_OFFSET", "PitchEstimator", "pitch_feature", "pitch_period"]

CLASSES_PER_OCTAVE = 60  # 20 cents each
PITCH_OFFSET = 1.5  # octaves: the feature is 0 at 1.5 octaves over 62.5 Hz, 177 Hz


class PitchEstimator(Protocol):
    """Follows the pitch frame by frame. It may keep a state, but sees no future."""

    def estimate(self, correlations: FloatArray, phases: FloatArray) -> float:
        """Return the pitch feature of the next frame, finite and within -1.5 .. 1.5.

        Parameters
        ----------
        correlations : array of float64, shape (224,)
            Of the excitation with itself, lags 256 down to 33, within -1 .. 1.
        phases : array of float64, shape (88,)
            Levels and phase advances of the lowest 30 bins, see `InstantaneousFrequency`.
        """
        ...


@clause("FEAT-pitch")
def pitch_feature(pitch_class: float) -> float:
    """Return the pitch feature of a pitch class: octaves over 177 Hz.

    Class i stands for a period of 256 / 2^(i / 60) samples.
    """
    return pitch_class / CLASSES_PER_OCTAVE - PITCH_OFFSET


@clause("FEAT-period")
def pitch_period(pitch: float) -> int:
    """Return the period of a pitch feature, in samples: 256 (feature -1.5) to 32 (feature 1.5)."""
    return math.floor(0.5 + PITCH_MAX / 2 ** (pitch + PITCH_OFFSET))
