"""The filter that the source-filter vocoder gives its excitation: a predictor, and what it misses."""

import math
from dataclasses import dataclass

import numpy as np

from dred_reference.analysis.bands import BAND_CENTRES, band_energies
from dred_reference.analysis.cepstrum import CEPSTRUM_OFFSET, cosine_transform, inverse_cosine_transform
from dred_reference.analysis.prediction import autocorrelation, levinson_durbin
from dred_reference.analysis.sizes import BINS, WINDOW_SIZE
from dred_reference.clauses import clause
from dred_reference.vocoder.sizes import FloatArray

__all__ = ["CORRECTION_SIZE", "SpeechFilter", "speech_filter"]

CORRECTION_SIZE = 32  # taps
LARGEST_CORRECTION = 1.5  # in log10 of power
POWER_OF_AUTOCORRELATION = 2.0  # autocorrelation 0 of the analysis over the power of a sample
POWER_OF_BIN = 2.0 * WINDOW_SIZE  # power density of a sample over the power of a bin of the analysis
_SMALLEST = 1e-10  # power of a bin or band that any logarithm is taken of
_LARGEST_LOG = 12.0  # of a band in log10: full scale is 9


@dataclass(frozen=True, eq=False)
class SpeechFilter:
    """A filter from white noise of power 1 to pre-emphasised speech in units of int16.

    Attributes
    ----------
    gain : float
        To begin with.
    correction : array of float64, shape (32,)
        Taps without feedback that follow; minimum phase.
    taps : array of float64, shape (16,)
        Prediction-error filter; its inverse comes last.
    """

    gain: float
    correction: FloatArray
    taps: FloatArray


@clause("VOC-source-filter")
def speech_filter(cepstral: FloatArray) -> SpeechFilter:
    """Return the filter of a cepstrum.

    A predictor of order 16 fits peaks and fills valleys, so bands of the filter it makes would be some
    decibels too loud. By what they differ from those of the cepstrum, they are corrected in front of it.

    Parameters
    ----------
    cepstral : array of float64, shape (18,)
    """
    coefficients = cepstral.copy()
    coefficients[0] += CEPSTRUM_OFFSET
    wanted = np.clip(inverse_cosine_transform(coefficients), math.log10(_SMALLEST), _LARGEST_LOG)
    within = cosine_transform(wanted)
    within[0] -= CEPSTRUM_OFFSET
    correlation = autocorrelation(within)
    taps = levinson_durbin(correlation)
    error = max(float(correlation[0] + taps @ correlation[1:]), 0.0)
    gain = math.sqrt(error / POWER_OF_AUTOCORRELATION)
    response = gain / np.fft.rfft(np.concatenate([[1.0], taps]), WINDOW_SIZE)
    predicted = np.log10(_SMALLEST + band_energies(response / math.sqrt(POWER_OF_BIN)))
    return SpeechFilter(gain, _minimum_phase(wanted - predicted), taps)


def _minimum_phase(log_powers: FloatArray) -> FloatArray:
    """Return taps whose power response in each band is 10 to the power of a number."""
    limited = np.clip(log_powers, -LARGEST_CORRECTION, LARGEST_CORRECTION)
    log_amplitude = np.interp(np.arange(BINS), BAND_CENTRES, limited) * math.log(10) / 2
    real_cepstrum = np.fft.irfft(log_amplitude)
    real_cepstrum[1 : WINDOW_SIZE // 2] *= 2  # all phases into what comes late
    real_cepstrum[WINDOW_SIZE // 2 + 1 :] = 0
    taps: FloatArray = np.fft.irfft(np.exp(np.fft.rfft(real_cepstrum)))[:CORRECTION_SIZE]
    return taps
