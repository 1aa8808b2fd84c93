"""The high-pass in front of the analysis, like that in front of the base codec.

Without it, features describe what the base codec does not code: rumble below the voice,
which a vocoder would speak in holes only.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["DcRemoval", "InputHighPass"]

DC_HZ = 3.0
VOICE_HZ = 60.0
VOICE_SECTIONS = 2


class DcRemoval:
    """Takes a slow mean off: ``mean += c * (x - mean)`` after ``y = x - mean``, with c = 6.3 * cutoff / rate.

    Parameters
    ----------
    sampling_rate
        In Hz.
    channels
        1 or 2.
    cutoff_hz
        Where half the power is left.
    """

    def __init__(self, sampling_rate: int, channels: int, cutoff_hz: float = DC_HZ) -> None:
        self._keep = 1.0 - 6.3 * cutoff_hz / sampling_rate
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


class InputHighPass:
    """What deployed encoders do to their input: 3 Hz, and with the application voip a steeper one near 60 Hz.

    Deployed encoders let the second follow the pitch, between 60 and 100 Hz.

    Parameters
    ----------
    sampling_rate, channels
        Of the input.
    application
        As in `BaseSettings`.
    """

    def __init__(self, sampling_rate: int, channels: int, application: str) -> None:
        is_voice = application == "voip"
        cutoffs = [VOICE_HZ] * VOICE_SECTIONS if is_voice else [DC_HZ]
        self._sections = [DcRemoval(sampling_rate, channels, cutoff) for cutoff in cutoffs]

    def process(self, pcm: ArrayLike) -> NDArray[np.float64]:
        """Filter the next samples, shape (samples, channels), at most 120 ms."""
        filtered = np.asarray(pcm, dtype=np.float64)
        for section in self._sections:
            filtered = section.process(filtered)
        return filtered
