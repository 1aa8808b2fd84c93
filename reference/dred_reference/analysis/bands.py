"""Eighteen triangular bands: from the bins of a spectrum to bands, and back to bins."""

import numpy as np

from dred_reference.analysis.sizes import BANDS, BINS, ComplexArray, FloatArray
from dred_reference.clauses import clause

__all__ = ["BAND_CENTRES", "band_energies", "interpolated"]

BAND_CENTRES = tuple(4 * edge for edge in (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 34, 40))
"""Bin at which each band peaks: every 200 Hz up to 1.6 kHz, then wider, to 8 kHz."""


@clause("FEAT-bands")
def _triangles() -> FloatArray:
    """Return the weight of each bin in each band, shape (18, 161).

    Between two centres the weight goes linearly from one band to the next. Bin 160 belongs to no band.
    """
    weights = np.zeros((BANDS, BINS))
    for band in range(BANDS - 1):
        first, end = BAND_CENTRES[band], BAND_CENTRES[band + 1]
        share = np.arange(end - first) / (end - first)  # frac
        weights[band, first:end] = 1 - share
        weights[band + 1, first:end] = share
    return weights


_TRIANGLES = _triangles()
_DOUBLED = np.where(np.isin(np.arange(BANDS), (0, BANDS - 1)), 2.0, 1.0)  # half triangles count twice


@clause("FEAT-bands")
def band_energies(spectrum: ComplexArray) -> FloatArray:
    """Return the energy of each band.

    Parameters
    ----------
    spectrum : array of complex128, shape (161,)

    Returns
    -------
    array of float64, shape (18,)  # E
    """
    power = spectrum.real**2 + spectrum.imag**2
    energies: FloatArray = (_TRIANGLES @ power) * _DOUBLED
    return energies


@clause("FEAT-lpc-spectrum")
def interpolated(values: FloatArray) -> FloatArray:
    """Return values at the centres of the bands interpolated linearly over the bins; bin 160 is 0.

    Parameters
    ----------
    values : array of float64, shape (18,)

    Returns
    -------
    array of float64, shape (161,)
    """
    bins: FloatArray = values @ _TRIANGLES
    return bins
