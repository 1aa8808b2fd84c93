"""The high-pass in front of the analysis: no constant, nothing below 3 Hz (as in deployed encoders)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["DcRemoval"]

_CUTOFF_HZ = 3.0


class DcRemoval:
    """Takes a slow mean off: ``mean += c * (x - mean)`` after ``y = x - mean``, with c = 6.3 * 3 Hz / rate.

    Parameters
    ----------
    sampling_rate
        In Hz.
    channels
        1 or 2.
    """

    def __init__(self, sampling_rate: int, channels: int) -> None:
        self._keep = 1.0 - 6.3 * _CUTOFF_HZ / sampling_rate
        self._mean = np.zeros(channels)

    def process(self, pcm: ArrayLike) -> NDArray[np.float64]:
        """Filter the next samples, shape (samples, channels), at most 120 ms: the powers stay small."""
        samples = np.asarray(pcm, dtype=np.float64)
        # Closed form of the recursion: mean[n] = keep^n * (mean[0] + c * sum of x[i] / keep^(i + 1), i < n).
        powers = self._keep ** np.arange(len(samples) + 1)[:, None]
        sums = np.cumsum(samples / powers[1:], axis=0) * (1.0 - self._keep)
        means = powers[1:] * (self._mean + sums)
        filtered = samples - np.vstack([self._mean, means[:-1]])
        self._mean = means[-1]
        return np.asarray(filtered, dtype=np.float64)
