"""From excitation to loudness, and the error of loudness in 17 bands."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from dred_conformance.comparison.excitation import BIN_HZ, BINS
from dred_conformance.comparison.measure import FloatArray

__all__ = ["BANDS", "BAND_EDGES", "BAND_HZ", "BandErrors", "band_errors"]

BAND_EDGES = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 272, 320)
BANDS = len(BAND_EDGES) - 1
BAND_HZ = tuple((round(BIN_HZ * low), round(BIN_HZ * high)) for low, high in pairwise(BAND_EDGES))
EXPONENT = 0.2
THRESHOLD = 0.1 / (0.15**2 + (np.pi * np.arange(BINS) / 960) ** 2)
COARSE = 10  # err16 has its threshold of hearing this much higher
_BLOCK = 2048
_WIDTHS = np.diff(BAND_EDGES)


@dataclass(frozen=True, eq=False)
class BandErrors:
    """What the figures are made of, all of shape (frames, 17) but the last.

    Attributes
    ----------
    fine, coarse : array of float64
        Mean squared error of loudness, over once more the width of the band; `coarse` is what err16 uses.
    difference : array of float64
        Mean difference of loudness, candidate less reference: positive where the candidate is louder.
    loudness : array of float64, shape (frames,)
        Mean over the bands of the squared loudness of the reference, weighted as the errors are.
    """

    fine: FloatArray
    coarse: FloatArray
    difference: FloatArray
    loudness: FloatArray


def _sums(values: FloatArray) -> FloatArray:
    sums: FloatArray = np.add.reduceat(values, BAND_EDGES[:-1], axis=1)
    return sums


def band_errors(reference: FloatArray, candidate: FloatArray) -> BandErrors:
    """Compare the loudness of two excitations, both of shape (frames, 320)."""
    frames = len(reference)
    fine, coarse, difference = (np.empty((frames, BANDS)) for _ in range(3))
    loudness = np.empty(frames)
    for start in range(0, frames, _BLOCK):
        part = slice(start, start + _BLOCK)
        loud = (reference[part] + THRESHOLD) ** EXPONENT
        error = (candidate[part] + THRESHOLD) ** EXPONENT - loud
        coarse_error = (candidate[part] + COARSE * THRESHOLD) ** EXPONENT
        coarse_error -= (reference[part] + COARSE * THRESHOLD) ** EXPONENT
        # the width divides twice: once as a weight of each bin, once for the mean
        fine[part] = _sums(error**2) / _WIDTHS**2
        coarse[part] = _sums(coarse_error**2) / _WIDTHS**2
        difference[part] = _sums(error) / _WIDTHS
        loudness[part] = (_sums(loud**2) / _WIDTHS**2).mean(axis=1)
    return BandErrors(fine, coarse, difference, loudness)
