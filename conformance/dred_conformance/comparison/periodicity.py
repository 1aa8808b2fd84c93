"""How periodic both signals are at the pitch of the reference."""

from dataclasses import dataclass

import numpy as np

from dred_conformance.comparison.filtering import STEP_SAMPLES
from dred_conformance.comparison.measure import FloatArray

__all__ = ["VOICED_CORRELATION", "Periodicity", "periodicity"]

SHORTEST_LAG, LONGEST_LAG = 32, 256
CORRELATED_SAMPLES = 320
VOICED_CORRELATION = 0.7
FIRST_FRAME, FRAMES_AFTER = 2, 2  # frames at either end that are left out
PRE_EMPHASIS = 0.8


@dataclass(frozen=True, eq=False)
class Periodicity:
    """Normalised correlations at the lag of the reference.

    Attributes
    ----------
    lags : array of float64, shape (frames,)
        The lag in samples; NaN in unvoiced frames, here and below.
    reference, candidate : array of float64, shape (frames,)
        The correlation at that lag.
    """

    lags: FloatArray
    reference: FloatArray
    candidate: FloatArray


def _correlations(signal: FloatArray, frame: int) -> FloatArray:
    """Return the normalised correlation of a frame for the lags 0 to 256."""
    start = STEP_SAMPLES * frame
    segment = signal[start - LONGEST_LAG : start + CORRELATED_SAMPLES]
    delayed = np.lib.stride_tricks.sliding_window_view(segment, CORRELATED_SAMPLES)[::-1]
    current = delayed[0]
    energies = np.einsum("ij,ij->i", delayed, delayed)  # yy
    result: FloatArray = delayed @ current / np.sqrt(energies[0] * energies + CORRELATED_SAMPLES)
    return result


def periodicity(reference: FloatArray, candidate: FloatArray, frames: int) -> Periodicity:
    """Correlate each voiced frame of two high-passed signals with what lies one pitch period before it.

    A frame is voiced if the largest correlation of the reference, over lags of 32 to 256 samples, is above
    0.7. The lag is the reference's for both, the shortest of equals.
    """
    left, right = reference.copy(), candidate.copy()
    left[1:] -= PRE_EMPHASIS * reference[:-1]
    right[1:] -= PRE_EMPHASIS * candidate[:-1]
    lags, of_left, of_right = (np.full(frames, np.nan) for _ in range(3))
    for frame in range(FIRST_FRAME, frames - FRAMES_AFTER):
        correlations = _correlations(left, frame)
        lag = SHORTEST_LAG + int(np.argmax(correlations[SHORTEST_LAG:]))
        if correlations[lag] > VOICED_CORRELATION:
            lags[frame] = lag
            of_left[frame] = correlations[lag]
            of_right[frame] = _correlations(right, frame)[lag]
    return Periodicity(lags, of_left, of_right)
