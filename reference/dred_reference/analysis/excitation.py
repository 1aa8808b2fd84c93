"""The residual of the linear prediction in two forms: for the pitch, and for the correlation at the pitch."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from dred_reference.analysis.sizes import FRAME_SIZE, LPC_ORDER, PITCH_MAX, FloatArray
from dred_reference.clauses import clause

__all__ = ["HISTORY_SIZE", "Excitation"]

HISTORY_SIZE = PITCH_MAX + FRAME_SIZE  # samples: the longest lag and a frame
EXCITATION_TILT = 0.7
LOW_PASS_ZEROS = (-0.84946, 1.0)  # b
LOW_PASS_POLES = (-1.54220, 0.70781)  # a
TINY = 1e-30  # keeps float32 filters from denormal numbers


class Excitation:
    """The residual of the frames so far.

    Attributes
    ----------
    excitation : array of float64, shape (416,)
        The residual, tilted towards low frequencies; the last 160 belong to the last frame  # exc_buf
    low_passed : array of float64, shape (416,)
        The residual after a low-pass  # lp_buf
    """

    def __init__(self) -> None:
        self.excitation = np.zeros(HISTORY_SIZE)
        self.low_passed = np.zeros(HISTORY_SIZE)
        self._aligned = np.zeros(LPC_ORDER)
        self._last_residual = 0.0
        self._memory = (0.0, 0.0)

    @clause("FEAT-residual", "FEAT-excitation")
    def frame(self, aligned: FloatArray, taps: FloatArray) -> None:
        """Append a frame.

        Parameters
        ----------
        aligned : array of float64, shape (160,)
            Pre-emphasised samples under the middle of the window.
        taps : array of float64, shape (16,)
            Prediction-error filter of the window.
        """
        history = np.concatenate([self._aligned, aligned])
        self._aligned = aligned[-LPC_ORDER:]
        past = sliding_window_view(history[:-1], LPC_ORDER)  # the newest sample last
        residual = aligned + past @ taps[::-1]  # r
        before = np.concatenate([[self._last_residual], residual[:-1]])
        self._last_residual = float(residual[-1])
        tilted = residual + EXCITATION_TILT * before
        self.excitation = np.concatenate([self.excitation[FRAME_SIZE:], tilted])
        self.low_passed = np.concatenate([self.low_passed[FRAME_SIZE:], self._low_pass(residual)])

    @clause("FEAT-low-pass")
    def _low_pass(self, residual: FloatArray) -> FloatArray:
        """Filter by (1 + b0 z^-1 + b1 z^-2) / (1 + a0 z^-1 + a1 z^-2)."""
        (b0, b1), (a0, a1) = LOW_PASS_ZEROS, LOW_PASS_POLES
        m0, m1 = self._memory
        filtered = []
        for x in residual.tolist():
            y = x + m0
            m0, m1 = (b0 - a0) * x + m1 - a0 * m0, (b1 - a1) * x + TINY - a1 * m0
            filtered.append(y)
        self._memory = (m0, m1)
        return np.array(filtered)
