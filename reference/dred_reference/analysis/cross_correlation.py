"""The cross-correlations of the excitation with its past: the first of the two looks of a pitch estimator."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from dred_reference.analysis.sizes import FRAME_SIZE, PITCH_MAX, FloatArray
from dred_reference.clauses import clause
from dred_reference.network.pitch import CROSS_CORRELATIONS

__all__ = ["cross_correlations"]


@clause("FEAT-cross-correlation")
def cross_correlations(excitation: FloatArray) -> FloatArray:
    """Return the cross-correlations at lags 256 down to 33; lag 32 is not among them.

    Parameters
    ----------
    excitation : array of float64, shape (416,)
        The last 160 samples are the frame.

    Returns
    -------
    array of float64, shape (224,)
        2 sum e(n) e(n - lag) / (1 + energy of the frame + energy of the past), so within -1 .. 1.
    """
    frame = excitation[PITCH_MAX:]
    past = sliding_window_view(excitation[: CROSS_CORRELATIONS + FRAME_SIZE - 1], FRAME_SIZE)
    energies = np.einsum("ln,ln->l", past, past)  # e1
    correlations: FloatArray = 2 * (past @ frame) / (1 + frame @ frame + energies)
    return correlations
