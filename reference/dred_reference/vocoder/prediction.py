"""The long-term prediction of a subframe: what was one pitch period ago."""

import numpy as np

from dred_reference.analysis.sizes import PITCH_MAX
from dred_reference.clauses import clause
from dred_reference.feature.arithmetic import Vector
from dred_reference.network.vocoder import PREDICTION_SIZE

__all__ = ["periodic_extension"]

_EARLIER = 2  # samples before the period


@clause("VOC-prediction")
def periodic_extension(history: Vector, period: int) -> Vector:
    """Return 44 samples, from two before the last period on; where the history ends it repeats the period.

    Parameters
    ----------
    history : Vector, shape (256,)
        The last one is the newest. What a period asks for before the first sample is the first sample.
    period : int
        In samples, at least 1.

    Returns
    -------
    Vector, shape (44,)
    """
    positions = []
    position = PITCH_MAX - period - _EARLIER
    for _ in range(PREDICTION_SIZE):
        positions.append(max(0, position))
        position += 1
        if position == PITCH_MAX:
            position -= period
    extension: Vector = history[np.array(positions)]
    return extension
