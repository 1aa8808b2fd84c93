"""A linear predictor from the cepstrum, so that a decoder can have the same one."""

import numpy as np

from dred_reference.analysis.bands import interpolated
from dred_reference.analysis.cepstrum import CEPSTRUM_OFFSET, inverse_cosine_transform
from dred_reference.analysis.sizes import BANDS, BINS, LPC_ORDER, WINDOW_SIZE, FloatArray
from dred_reference.clauses import clause

__all__ = ["autocorrelation", "levinson_durbin", "lpc_from_cepstrum"]

BAND_COMPENSATION = (
    *(0.8, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.666667, 0.5, 0.5, 0.5),
    *(0.333333, 0.25, 0.25, 0.2, 0.166667, 0.173913),
)
"""What makes a band energy the power of a bin: about 1 over the width of the band."""

NOISE_FLOOR = 26 / 38  # the deployed expression is 320/12/38 with an integer division
NOISE_RATIO = 1e-4  # -40 dB
LAG_WINDOW = 6e-5
SMALLEST_ERROR = 0.001  # of the energy: where the recursion stops


def _autocorrelation_matrix() -> FloatArray:
    """Return the cosines that take a power spectrum of 161 bins, mirrored to 320, to lags 0 to 16."""
    cosines = np.cos(2 * np.pi / WINDOW_SIZE * np.outer(np.arange(LPC_ORDER + 1), np.arange(BINS)))
    is_single = np.isin(np.arange(BINS), (0, BINS - 1))
    matrix: FloatArray = cosines * np.where(is_single, 1.0, 2.0)
    return matrix


_AUTOCORRELATION = _autocorrelation_matrix()
_COMPENSATION = np.array(BAND_COMPENSATION)
_LAGS = 1 - LAG_WINDOW * np.arange(LPC_ORDER + 1) ** 2


@clause("FEAT-lpc-spectrum", "FEAT-autocorrelation")
def autocorrelation(cepstral: FloatArray) -> FloatArray:
    """Return the autocorrelation of the spectral envelope of a cepstrum, with noise floor and lag window.

    Parameters
    ----------
    cepstral : array of float64, shape (18,)
        Cepstral features.

    Returns
    -------
    array of float64, shape (17,)
        Lags 0 to 16  # ac
    """
    coefficients = cepstral.copy()
    coefficients[0] += CEPSTRUM_OFFSET
    powers = 10 ** inverse_cosine_transform(coefficients) * _COMPENSATION  # B
    correlation = _AUTOCORRELATION @ interpolated(powers)
    correlation[0] += correlation[0] * NOISE_RATIO + NOISE_FLOOR
    correlation *= _LAGS
    return correlation


@clause("FEAT-levinson")
def levinson_durbin(correlation: FloatArray) -> FloatArray:
    """Return the prediction-error filter of an autocorrelation.

    Parameters
    ----------
    correlation : array of float64, shape (order + 1,)

    Returns
    -------
    array of float64, shape (order,)
        Taps a(1) to a(order) of A(z) = 1 + sum a(k) z^-k. Where the error falls under 0.001 of the energy the
        recursion stops, with the taps it has; the others are 0. All are 0 without energy.
    """
    order = len(correlation) - 1
    taps = np.zeros(order)
    error = energy = float(correlation[0])
    if energy == 0:
        return taps
    for count in range(order):
        residue = float(taps[:count] @ correlation[count:0:-1] + correlation[count + 1])  # rr
        reflection = -residue / error
        taps[:count] += reflection * taps[:count][::-1]
        taps[count] = reflection
        error -= reflection * reflection * error
        if error < SMALLEST_ERROR * energy:
            break
    return taps


@clause("FEAT-levinson")
def lpc_from_cepstrum(cepstral: FloatArray) -> FloatArray:
    """Return the 16 taps of the prediction-error filter of a cepstrum.

    Parameters
    ----------
    cepstral : array of float64, shape (18,)

    Returns
    -------
    array of float64, shape (16,)
    """
    return levinson_durbin(autocorrelation(cepstral[:BANDS]))
