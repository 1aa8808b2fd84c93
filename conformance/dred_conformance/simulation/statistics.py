"""Means over clips, and how sure they are: percentile bootstrap over clips, with one seed for everything.

Clips are what is drawn: another set of clips would give other means. Schemes meet the same losses with the
same clips, so differences are taken clip by clip, and their intervals are those of the differences.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["CONFIDENCE", "RESAMPLES", "Estimate", "mean_estimate", "ratio_estimate"]

CONFIDENCE = 0.95
RESAMPLES = 4000
_LEAST_CLIPS = 2  # one clip says nothing about another

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval.

    Attributes
    ----------
    value
        Of the clips that there are; NaN without any.
    low, high
        Ends of the interval; NaN for fewer than two clips.
    clips
        How many it rests on.
    """

    value: float
    low: float
    high: float
    clips: int

    @property
    def excludes_zero(self) -> bool:
        """Whether the whole interval lies on one side of 0."""
        return self.low > 0 or self.high < 0


def _draws(clips: int, seed: int, resamples: int) -> NDArray[np.intp]:
    return np.random.default_rng([seed, clips]).integers(clips, size=(resamples, clips))


def _ends(resampled: FloatArray) -> tuple[float, float]:
    edge = (1 - CONFIDENCE) / 2
    low, high = np.quantile(resampled, (edge, 1 - edge))
    return float(low), float(high)


def mean_estimate(values: FloatArray, seed: int = 0, resamples: int = RESAMPLES) -> Estimate:
    """Return the mean of values of clips.

    Parameters
    ----------
    values : array of float64, shape (clips,)
        NaN where a clip has none; such clips have no part.
    seed, resamples
        Of the bootstrap.
    """
    known = values[~np.isnan(values)]
    count = len(known)
    if count < _LEAST_CLIPS:
        return Estimate(float(known[0]) if count else np.nan, np.nan, np.nan, count)
    return Estimate(float(known.mean()), *_ends(known[_draws(count, seed, resamples)].mean(axis=1)), count)


def ratio_estimate(
    numerators: FloatArray, denominators: FloatArray, seed: int = 0, resamples: int = RESAMPLES
) -> Estimate:
    """Return the ratio of two means of the same clips, such as the share of a damage that is repaired.

    Parameters
    ----------
    numerators, denominators : array of float64, shape (clips,)
        Clips that lack one of them have no part.

    Returns
    -------
    Estimate
        NaN throughout where the mean of the denominators may be 0: its interval holds it.
    """
    is_known = ~(np.isnan(numerators) | np.isnan(denominators))
    above, below = numerators[is_known], denominators[is_known]
    count = len(above)
    if not mean_estimate(below, seed, resamples).excludes_zero:
        return Estimate(np.nan, np.nan, np.nan, count)
    draws = _draws(count, seed, resamples)
    means = below[draws].mean(axis=1)
    ratios = above[draws].mean(axis=1)[means != 0] / means[means != 0]
    return Estimate(float(above.mean() / below.mean()), *_ends(ratios), count)
