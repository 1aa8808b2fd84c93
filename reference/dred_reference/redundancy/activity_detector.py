"""A decision about activity from energy alone, for where no analysis of a main codec is at hand."""

import numpy as np
from numpy.typing import ArrayLike

from dred_reference.clauses import clause
from dred_reference.errors import WriteError

__all__ = ["ACTIVE_BELOW_PEAK", "PEAK_DECAY_PER_SECOND", "ActivityDetector"]

ACTIVE_BELOW_PEAK = 316.23  # energies: 25 dB
PEAK_DECAY_PER_SECOND = 0.95  # .999 per 20 ms: 3 dB in 14 seconds
SILENT_AMPLITUDE = 2.0**-16  # what 16 bits round to zero


class ActivityDetector:
    """Compares the energy of each frame with a peak that decays slowly.

    A frame in which no sample exceeds half a step of 16 bits is digital silence and inactive. Any other is
    active if its energy, the mean of its squared samples, times 316.23 (25 dB) exceeds the peak. The peak is
    the energy of the loudest frame so far, the frame itself included, times .95 per second since.

    Steady noise is active, as it is its own peak: deployed encoders tell it from speech by an analysis of
    tonality, which this detector does not have. What it finds is silence, and pauses in clean speech.

    Parameters
    ----------
    sampling_rate : int
        In Hz.
    """

    def __init__(self, sampling_rate: int) -> None:
        if sampling_rate < 1:
            raise WriteError("W1", "audio", f"a sampling rate of {sampling_rate}")
        self._rate = sampling_rate
        self._peak = 0.0

    @clause("ENC-activity-energy")
    def is_active(self, pcm: ArrayLike) -> bool:
        """Decide about the next frame.

        Parameters
        ----------
        pcm : array_like of float, shape (n,) or (n, channels)
            Full scale is 1.

        Returns
        -------
        bool
            False for a frame without samples.

        Raises
        ------
        WriteError
            W1: another shape, or a sample that is no finite number of float32.
        """
        with np.errstate(over="ignore"):  # beyond float32 is infinite, and refused
            samples = np.asarray(pcm, dtype=np.float32).astype(np.float64)
        if samples.ndim not in {1, 2} or not np.isfinite(samples).all():
            raise WriteError("W1", "audio", f"samples of shape {samples.shape}, or not all finite")
        if samples.size == 0:
            return False
        energy = float(np.mean(samples**2))
        decay = PEAK_DECAY_PER_SECOND ** (len(samples) / self._rate)
        self._peak = max(self._peak * decay, energy)
        is_silence = float(np.abs(samples).max()) <= SILENT_AMPLITUDE
        return not is_silence and ACTIVE_BELOW_PEAK * energy > self._peak
