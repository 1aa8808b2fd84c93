"""Judges acoustic features: by the working group's tolerance, or bit for bit in the fixed-point profile."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dred_conformance.comparison import FEATURES, FeatureThresholds, compare_features
from dred_conformance.protocol.arrays import FLOATS, INTEGERS, from_base64
from dred_conformance.protocol.operations import EXACT_PROFILE
from dred_conformance.runner.compare import first_difference
from dred_conformance.runner.verdict import Difference
from dred_conformance.vectors.case import Case

__all__ = ["FeatureJudgement", "judge_features"]

Figures = Mapping[str, float | None]
FeatureJudgement = tuple[Difference | None, str, Figures]


def judge_features(case: Case, actual: Any, skipped: tuple[str, ...]) -> FeatureJudgement:
    """Compare the features of an answer with those of a case.

    Parameters
    ----------
    case
        A case of operation ``feature`` that must be accepted.
    actual
        The result of the adapter.
    skipped
        Optional members that it leaves out.

    Returns
    -------
    difference
        The first member or value that differs; None if the features are within the tolerance.
    reason
        In words, empty if there is no difference.
    figures
        The distances that were measured; ``pitch`` is None where no frame is voiced.
    """
    if not isinstance(case.expected, Mapping) or not isinstance(actual, Mapping):
        difference = first_difference(case.op, case.expected, actual, skipped)
        return difference, "" if difference is None else "wrong result", {}
    others = ("features", "tolerance", *skipped)
    difference = first_difference(case.op, case.expected, actual, others)
    if difference is not None:
        return difference, f"wrong result at {difference.path}", {}
    wanted: NDArray[Any] = case.expected["features"].values()
    is_exact = case.input.get("profile") == EXACT_PROFILE
    found = _decoded(actual.get("features"), INTEGERS if is_exact else FLOATS)
    if found is None or found.size != wanted.size:
        size = None if found is None else int(found.size)
        return (
            Difference("features (number of values)", int(wanted.size), size),
            "wrong number of features",
            {},
        )
    return _judge_bits(wanted, found) if is_exact else _judge_distance(case, wanted, found)


def _decoded(text: Any, dtype: str) -> NDArray[Any] | None:
    try:
        return from_base64(text, dtype)
    except (TypeError, ValueError):  # binascii.Error is a ValueError
        return None


def _place(index: int) -> str:
    return f"features, frame {index // FEATURES}, feature {index % FEATURES}"


def _judge_bits(wanted: NDArray[Any], found: NDArray[Any]) -> FeatureJudgement:
    wrong = np.flatnonzero(wanted != found)
    figures = {"wrong_values": float(wrong.size)}
    if not wrong.size:
        return None, "", figures
    first = int(wrong[0])
    difference = Difference(_place(first), int(wanted[first]), int(found[first]))
    return (
        difference,
        f"{wrong.size} of {wanted.size} values differ; the profile is defined to the last bit",
        figures,
    )


def _judge_distance(case: Case, wanted: NDArray[Any], found: NDArray[Any]) -> FeatureJudgement:
    if not wanted.size:
        return None, "", {}
    limits = case.expected["tolerance"]
    reference, candidate = wanted.reshape(-1, FEATURES), found.astype(np.float64).reshape(-1, FEATURES)
    bad = np.flatnonzero(~np.isfinite(candidate))
    if bad.size:
        first = int(bad[0])
        difference = Difference(_place(first), float(wanted[first]), str(found[first]))
        return difference, "a feature is not a finite number", {}
    measured = compare_features(reference, candidate, FeatureThresholds(**limits))
    pitch = measured.pitch if measured.voiced_frames else None
    figures = {"total": measured.total, "maximum": measured.maximum, "pitch": pitch}
    over = [measure for measure in measured.applicable if not measure.passed]
    if not over:
        return None, "", figures
    worst = int(np.abs(candidate - reference).argmax())
    difference = Difference(_place(worst), float(wanted[worst]), float(found[worst]))
    said = ", ".join(f"{each.name} {each.value:.4f} (limit {each.threshold:g})" for each in over)
    return difference, f"beyond the tolerance: {said}; the place is that of the largest error", figures
