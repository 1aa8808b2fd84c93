"""How the phases of the lowest bins advance: the second of the two looks of a pitch estimator."""

import numpy as np

from dred_reference.analysis.sizes import ComplexArray, FloatArray
from dred_reference.clauses import clause
from dred_reference.network.pitch import PHASE_FEATURES

__all__ = ["InstantaneousFrequency"]

LOW_BINS = 30  # 0 to 1450 Hz
TINY = 1e-15


@clause("FEAT-phase")
def _levels(power: FloatArray) -> FloatArray:
    """Return (10 log10(power) - 6) / 64, limited to -1 .. 1."""
    levels: FloatArray = np.clip((10 * np.log10(TINY + power) - 6) / 64, -1, 1)
    return levels


class InstantaneousFrequency:
    """Compares the spectrum of each frame with the one before it."""

    def __init__(self) -> None:
        self._previous: ComplexArray = np.zeros(LOW_BINS, dtype=np.complex128)

    @clause("FEAT-phase")
    def frame(self, spectrum: ComplexArray) -> FloatArray:
        """Return levels and phase advances.

        Parameters
        ----------
        spectrum : array of complex128, shape (161,)

        Returns
        -------
        array of float64, shape (88,)
            The level of bin 0 (of its real part); then of bins 1 to 29 each the cosine and the sine of the
            advance of its phase, and its level.
        """
        low = spectrum[:LOW_BINS]
        products = low * np.conj(self._previous)
        self._previous = low
        advances = products / np.sqrt(TINY + products.real**2 + products.imag**2)
        levels = _levels(low.real**2 + low.imag**2)
        features = np.empty(PHASE_FEATURES)
        features[0] = _levels(low[:1].real ** 2)[0]
        features[1::3], features[2::3], features[3::3] = advances[1:].real, advances[1:].imag, levels[1:]
        return features
