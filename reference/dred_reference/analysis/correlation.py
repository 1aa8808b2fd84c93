"""The correlation feature: how periodic the residual is at the pitch."""

import math

from dred_reference.analysis.sizes import FRAME_SIZE, FloatArray
from dred_reference.clauses import clause

__all__ = ["correlation_feature"]

SHARPNESS = 5.0


@clause("FEAT-correlation")
def correlation_feature(low_passed: FloatArray, period: int) -> float:
    """Return the correlation feature, -0.4987 (none at all, or opposite) to 0.5 (a perfect repetition).

    Parameters
    ----------
    low_passed : array of float64, shape (416,)
        Low-passed residual; the last 160 samples are the frame.
    period : int
        32 to 256 samples.
    """
    start = len(low_passed) - FRAME_SIZE
    frame, past = low_passed[start:], low_passed[start - period : start - period + FRAME_SIZE]
    energies = float(frame @ frame) * float(past @ past)
    correlation = float(frame @ past) / math.sqrt(1 + energies)  # c
    return math.log(1 + math.exp(SHARPNESS * correlation)) / math.log(1 + math.exp(SHARPNESS)) - 0.5
