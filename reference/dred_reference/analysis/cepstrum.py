"""From band energies to the cepstrum: a logarithm that falls slowly, and a cosine transform."""

import math

import numpy as np

from dred_reference.analysis.sizes import BANDS, FloatArray
from dred_reference.clauses import clause

__all__ = ["CEPSTRUM_OFFSET", "cepstrum", "cosine_transform", "inverse_cosine_transform", "log_energies"]

CEPSTRUM_OFFSET = 4.0  # taken from coefficient 0
SMALLEST_ENERGY = 0.01
LARGEST_FALL = 2.5  # from one band to the next, in log10
LARGEST_RANGE = 8.0  # under the largest band before, in log10


@clause("FEAT-log")
def log_energies(energies: FloatArray) -> FloatArray:
    """Return log10 of band energies, kept from falling too deep.

    From one band to the next the value falls by 2.5 at most, and never by more than 8 under the largest one
    before it. Both count from -2, the logarithm of silence.

    Parameters
    ----------
    energies : array of float64, shape (18,)

    Returns
    -------
    array of float64, shape (18,)  # L
    """
    logs = np.log10(SMALLEST_ENERGY + energies)
    largest = follower = -2.0  # logMax, follow
    for band, log in enumerate(logs.tolist()):
        value = max(largest - LARGEST_RANGE, follower - LARGEST_FALL, log)
        largest = max(largest, value)
        follower = max(follower - LARGEST_FALL, value)
        logs[band] = value
    return logs


def _cosines() -> FloatArray:
    """Return the orthonormal cosine transform, row = coefficient."""
    index = np.arange(BANDS)
    rows = math.sqrt(2 / BANDS) * np.cos((index + 0.5) * index[:, None] * np.pi / BANDS)
    rows[0] *= math.sqrt(0.5)
    return rows


_COSINES = _cosines()


@clause("FEAT-dct")
def cosine_transform(values: FloatArray) -> FloatArray:
    """Return the 18 coefficients of 18 values (orthonormal DCT-II)."""
    return _COSINES @ values


@clause("FEAT-lpc-spectrum")
def inverse_cosine_transform(coefficients: FloatArray) -> FloatArray:
    """Return the 18 values of 18 coefficients."""
    return coefficients @ _COSINES


@clause("FEAT-dct")
def cepstrum(energies: FloatArray) -> FloatArray:
    """Return the cepstral features of band energies: the transform of their logarithms, 4 less in the first.

    Parameters
    ----------
    energies : array of float64, shape (18,)

    Returns
    -------
    array of float64, shape (18,)  # c
    """
    coefficients = cosine_transform(log_energies(energies))
    coefficients[0] -= CEPSTRUM_OFFSET
    return coefficients
