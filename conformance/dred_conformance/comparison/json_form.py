"""The results as JSON; what is no number is null there, and `reasons` says why."""

import math
from collections.abc import Iterable
from typing import Any

from dred_conformance.comparison.audio_result import AudioComparison
from dred_conformance.comparison.errors import TruncatedError
from dred_conformance.comparison.feature_result import FEATURE_NAMES, FeatureComparison
from dred_conformance.comparison.filtering import SAMPLING_RATE, STEP_SAMPLES
from dred_conformance.comparison.loudness import BAND_HZ
from dred_conformance.comparison.measure import FrameError, Measure

__all__ = ["FORMAT", "as_json", "truncation_as_json"]

FORMAT = "dred-compare/1"
FRAME_MS = 1000 * STEP_SAMPLES // SAMPLING_RATE


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _frame(error: FrameError | None) -> dict[str, Any] | None:
    if error is None:
        return None
    return {
        "frame": error.frame,
        "time_ms": FRAME_MS * error.frame,
        "measure": error.measure,
        "value": _number(error.value),
    }


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        "name": measure.name,
        "value": _number(measure.value),
        "threshold": _number(measure.threshold),
        "passed": measure.passed,
        "worst": _frame(measure.worst),
        "first_above": _frame(measure.first_above),
    }


def _document(metric: str, passed: bool, measures: Iterable[Measure]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "metric": metric,
        "verdict": "pass" if passed else "fail",
        "measures": [_measure(each) for each in measures],
    }


def as_json(comparison: FeatureComparison | AudioComparison) -> dict[str, Any]:
    """Return a result as a JSON document."""
    common = {
        "reasons": list(comparison.reasons),
        "frames": comparison.frames,
        "voiced_frames": comparison.voiced_frames,
        "first_frame_above": _frame(comparison.first_frame_above),
    }
    if isinstance(comparison, FeatureComparison):
        features = zip(
            FEATURE_NAMES, comparison.per_feature_rms, comparison.per_feature_worst_frame, strict=True
        )
        return (
            _document("features", comparison.passed, comparison.measures)
            | common
            | {
                "extra_frames": comparison.extra_frames,
                "features": [
                    {"name": name, "rms": _number(rms), "worst_frame": int(frame)}
                    for name, rms, frame in features
                ],
            }
        )
    bands = zip(
        BAND_HZ,
        comparison.band_err4,
        comparison.band_err16,
        comparison.band_worst_frame,
        strict=True,
    )
    return (
        _document("audio", comparison.passed, comparison.measures)
        | common
        | {
            "samples": comparison.samples,
            "extra_samples": comparison.extra_samples,
            "bands": [
                {
                    "from_hz": low,
                    "to_hz": high,
                    "err4": _number(err4),
                    "err16": _number(err16),
                    "worst_frame": int(frame),
                }
                for (low, high), err4, err16, frame in bands
            ],
        }
    )


def truncation_as_json(metric: str, error: TruncatedError) -> dict[str, Any]:
    """Return the verdict on a candidate that is too short."""
    return _document(metric, False, ()) | {
        "reasons": [str(error)],
        "unit": error.unit,
        "reference_count": error.reference_count,
        "candidate_count": error.candidate_count,
    }
