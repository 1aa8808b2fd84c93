"""The comparison of acoustic features, as the working group's tool does it.

Frame `i` of the candidate is compared with frame `i` of the reference; no alignment is searched. Of 20
features, 18 cepstral coefficients and the correlation make up ``total`` and ``max``; the pitch has a figure
of its own, over the voiced frames of the reference.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from dred_conformance.comparison.errors import SignalError, TruncatedError
from dred_conformance.comparison.feature_result import (
    CORRELATION,
    FEATURE_NAMES,
    FEATURES,
    PITCH,
    VOICED_ABOVE,
    FeatureComparison,
    FeatureThresholds,
)
from dred_conformance.comparison.measure import FloatArray, Measure
from dred_reference.clauses import clause

__all__ = ["compare_features"]

_COUNTED = [index for index in range(FEATURES) if index != PITCH]


@clause("DRED-net-tolerance")
def compare_features(
    reference: ArrayLike, candidate: ArrayLike, thresholds: FeatureThresholds | None = None
) -> FeatureComparison:
    """Compare features frame by frame.

    Parameters
    ----------
    reference, candidate : array_like of float, shape (frames, 20)
        Chronological, 10 ms per frame.
    thresholds : FeatureThresholds, optional
        The working group's unless given.

    Returns
    -------
    FeatureComparison
        A candidate with NaN or infinity anywhere fails, and so does any pair without a voiced frame. A longer
        candidate is compared as far as the reference goes.

    Raises
    ------
    SignalError
        Another shape, or a reference that is empty or not all numbers.
    TruncatedError
        The candidate is shorter.
    """
    limits = thresholds or FeatureThresholds()
    left, right = _frames(reference, "reference"), _frames(candidate, "candidate")
    if not len(left):
        raise SignalError("the reference holds no frame")
    if not np.isfinite(left).all():
        frame, feature = np.argwhere(~np.isfinite(left))[0]
        where = f"frame {frame}, {FEATURE_NAMES[feature]}"
        raise SignalError(f"the reference is no reference: {where} is {left[frame, feature]}")
    if len(right) < len(left):
        raise TruncatedError("frames", len(left), len(right))
    compared = right[: len(left)]
    is_number = np.isfinite(compared)
    with np.errstate(over="ignore", invalid="ignore"):
        differences = compared - left
        squares = np.where(is_number, differences**2, np.inf)
        measures = _measures(squares, np.abs(differences), left[:, CORRELATION] > VOICED_ABOVE, limits)
        rms = np.sqrt(np.where(is_number.all(axis=0), squares.mean(axis=0), np.nan))
    voiced = int(np.count_nonzero(left[:, CORRELATION] > VOICED_ABOVE))
    return FeatureComparison(
        limits,
        len(left),
        voiced,
        len(right) - len(left),
        measures,
        rms,
        np.argmax(squares, axis=0),
        differences,
        tuple(_reasons(is_number, voiced, measures)),
    )


def _frames(values: ArrayLike, role: str) -> FloatArray:
    try:
        frames = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise SignalError(f"the {role} is no array of numbers: {error}") from error
    if frames.ndim != 2 or frames.shape[1] != FEATURES:
        raise SignalError(f"the {role} has shape {frames.shape}, not (frames, {FEATURES})")
    return frames


def _number(value: np.floating) -> float:
    """Return the value of a figure; what became infinite because of a value that is no number becomes NaN."""
    return float(value) if np.isfinite(value) else float("nan")


def _measures(
    squares: FloatArray, absolute: FloatArray, is_voiced: np.ndarray, limits: FeatureThresholds
) -> tuple[Measure, Measure, Measure]:
    counted = squares[:, _COUNTED]
    mean = counted.mean(axis=0)
    pitch = np.where(np.isfinite(squares[:, PITCH]), absolute[:, PITCH], np.inf)
    mean_pitch = pitch[is_voiced].mean() if is_voiced.any() else np.float64("nan")
    return (
        Measure("total", _number(np.sqrt(mean.sum())), limits.total, np.sqrt(counted.sum(axis=1))),
        Measure("max", _number(np.sqrt(mean.max())), limits.maximum, np.sqrt(counted.max(axis=1))),
        Measure("pitch", _number(mean_pitch), limits.pitch, np.where(is_voiced, pitch, np.nan)),
    )


def _reasons(is_number: np.ndarray, voiced: int, measures: Sequence[Measure]) -> list[str]:
    reasons = []
    bad = np.argwhere(~is_number)
    if len(bad):
        where = f"the first in frame {bad[0][0]}, {FEATURE_NAMES[bad[0][1]]}"
        reasons.append(f"values of the candidate that are no numbers (NaN, infinity): {len(bad)}, {where}")
    if not voiced:
        reasons.append(
            f"no voiced frame: no correlation of the reference is above {VOICED_ABOVE}, so pitch is 0/0"
        )
    judged = measures if voiced else measures[:2]
    return reasons + [complaint for each in judged if (complaint := each.complaint())]
