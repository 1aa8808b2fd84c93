"""Pre-emphasis, window and spectrum: the 20 ms that end with a frame."""

import numpy as np

from dred_reference.analysis.sizes import FRAME_SIZE, WINDOW_SIZE, ComplexArray, FloatArray
from dred_reference.clauses import clause

__all__ = ["PRE_EMPHASIS", "ShortTimeSpectrum", "window"]

PRE_EMPHASIS = 0.85
CENTRE = FRAME_SIZE // 2


@clause("FEAT-window")
def window() -> FloatArray:
    """Return the 320 weights: sin(pi/2 sin^2(pi/2 (i + 1/2) / 160)) over one frame, then mirrored.

    Squares of the rising and of the falling half add up to 1.
    """
    phase = (np.arange(FRAME_SIZE) + 0.5) / FRAME_SIZE
    rising = np.sin(np.pi / 2 * np.sin(np.pi / 2 * phase) ** 2)
    return np.concatenate([rising, rising[::-1]])


_WINDOW = window()


class ShortTimeSpectrum:
    """Pre-emphasises frames and transforms each together with the frame before it.

    Attributes
    ----------
    aligned : array of float64, shape (160,)
        The pre-emphasised samples under the middle of the last window: the frame, 5 ms late.
    """

    def __init__(self) -> None:
        self._last_sample = 0.0
        self._previous = np.zeros(FRAME_SIZE)
        self.aligned = np.zeros(FRAME_SIZE)

    @clause("FEAT-pre-emphasis", "FEAT-aligned", "FEAT-spectrum")
    def frame(self, samples: FloatArray) -> ComplexArray:
        """Return the spectrum of the window that ends with a frame.

        Parameters
        ----------
        samples : array of float64, shape (160,)

        Returns
        -------
        array of complex128, shape (161,)
            The Fourier transform divided by 320, bins of 50 Hz  # X
        """
        before = np.concatenate([[self._last_sample], samples[:-1]])
        emphasised = samples - PRE_EMPHASIS * before  # p
        self._last_sample = float(samples[-1])
        self.aligned = np.concatenate([self._previous[CENTRE:], emphasised[:CENTRE]])
        windowed = np.concatenate([self._previous, emphasised]) * _WINDOW
        self._previous = emphasised
        spectrum: ComplexArray = np.fft.rfft(windowed) / WINDOW_SIZE
        return spectrum
