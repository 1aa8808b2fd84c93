"""The figures for features that a comparison must give, worked out by hand."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from dred_conformance.comparison import (
    FeatureThresholds,
    SignalError,
    ThresholdError,
    TruncatedError,
    compare_features,
)

Array = NDArray[np.float64]


def test_identical_features_pass_with_zero(features: Array) -> None:
    comparison = compare_features(features, features)
    assert (comparison.total, comparison.maximum, comparison.pitch) == (0, 0, 0)
    assert comparison.passed
    assert comparison.reasons == ()
    assert comparison.first_frame_above is None
    assert (comparison.frames, comparison.voiced_frames, comparison.extra_frames) == (100, 50, 0)


@pytest.mark.parametrize("feature", [*range(18), 19])
def test_an_offset_in_one_feature_is_total_and_max(features: Array, feature: int) -> None:
    candidate = features.copy()
    candidate[:, feature] -= 0.25
    comparison = compare_features(features, candidate)
    assert comparison.total == comparison.maximum == 0.25
    assert comparison.pitch == 0
    assert comparison.per_feature_rms[feature] == 0.25
    assert np.count_nonzero(comparison.per_feature_rms) == 1
    assert comparison.reasons == ("max 0.250000 exceeds 0.15",)


def test_offsets_in_four_features_add_up_in_total_only(features: Array) -> None:
    candidate = features.copy()
    candidate[:, [0, 5, 17, 19]] += 0.125
    comparison = compare_features(features, candidate)
    assert comparison.total == 0.25  # 0.125 * sqrt(4)
    assert comparison.maximum == 0.125


def test_the_pitch_has_no_part_in_total_and_max(features: Array) -> None:
    candidate = features.copy()
    candidate[:, 18] += 3
    comparison = compare_features(features, candidate)
    assert (comparison.total, comparison.maximum, comparison.pitch) == (0, 0, 3)
    assert comparison.reasons == ("pitch 3.000000 exceeds 0.02",)


def test_pitch_counts_only_where_the_reference_is_voiced(features: Array) -> None:
    candidate = features.copy()
    candidate[1::2, 18] += 7  # unvoiced
    assert compare_features(features, candidate).pitch == 0
    candidate[0, 18] -= 1  # 1 of 50 voiced frames
    assert compare_features(features, candidate).pitch == pytest.approx(1 / 50, rel=1e-12)


def test_voicing_is_asked_of_the_reference_alone(features: Array) -> None:
    candidate = features.copy()
    candidate[:, 18] += 1
    candidate[:, 19] = -0.5
    assert compare_features(features, candidate).pitch == 1
    candidate[:, 19] = 0.5
    assert compare_features(features, candidate).voiced_frames == 50


def test_a_frame_counts_by_its_share_of_the_mean(features: Array) -> None:
    candidate = features.copy()
    candidate[42, 7] += 2
    comparison = compare_features(features, candidate)
    assert comparison.total == pytest.approx(2 / math.sqrt(100))
    assert comparison.worst_frame == 42
    assert comparison.per_feature_worst_frame[7] == 42
    first = comparison.first_frame_above
    assert first is not None
    assert (first.measure, first.frame, first.value, first.threshold) == ("total", 42, 2, 0.5)


def test_max_is_the_largest_mean_not_the_mean_of_the_largest(features: Array) -> None:
    candidate = features.copy()
    candidate[:50, 1] += 1
    candidate[50:, 2] += 1
    comparison = compare_features(features, candidate)
    assert comparison.maximum == pytest.approx(math.sqrt(0.5))
    assert comparison.total == pytest.approx(1)


def test_own_errors_of_frames_make_up_the_figures(features: Array) -> None:
    candidate = features + np.random.default_rng(3).normal(scale=0.1, size=features.shape)
    comparison = compare_features(features, candidate)
    total, maximum, pitch = comparison.measures
    assert comparison.total == pytest.approx(math.sqrt(np.mean(total.frame_errors**2)))
    assert comparison.pitch == pytest.approx(np.nanmean(pitch.frame_errors))
    assert np.isnan(pitch.frame_errors[1::2]).all()
    assert (maximum.frame_errors <= total.frame_errors).all()


@pytest.mark.parametrize("scale", [-2.0, 0.5, 64.0])
def test_errors_scale_the_figures(features: Array, scale: float) -> None:
    error = np.random.default_rng(4).normal(scale=0.1, size=features.shape)
    once, scaled = (
        compare_features(features, features + error),
        compare_features(features, features + scale * error),
    )
    for left, right in zip(once.measures, scaled.measures, strict=True):
        assert right.value == pytest.approx(abs(scale) * left.value)


def test_a_value_equal_to_the_threshold_passes(features: Array) -> None:
    candidate = features.copy()
    candidate[:, 0] += 0.125
    assert compare_features(features, candidate, FeatureThresholds(0.125, 0.125, 0)).passed
    assert not compare_features(features, candidate, FeatureThresholds(0.124, 0.125, 0)).passed


def test_the_default_thresholds_are_the_working_groups() -> None:
    assert FeatureThresholds() == FeatureThresholds(0.5, 0.15, 0.02)


@pytest.mark.parametrize("value", [-0.1, math.nan])
def test_senseless_thresholds_are_refused(value: float) -> None:
    with pytest.raises(ThresholdError, match="max"):
        FeatureThresholds(maximum=value)


def test_a_shorter_candidate_is_truncated(features: Array) -> None:
    with pytest.raises(TruncatedError, match=r"truncated: 99 frames, the reference has 100") as caught:
        compare_features(features, features[:99])
    assert (caught.value.reference_count, caught.value.candidate_count) == (100, 99)
    with pytest.raises(TruncatedError):
        compare_features(features, features[:0])


def test_a_longer_candidate_is_compared_as_far_as_the_reference_goes(features: Array) -> None:
    longer = np.concatenate([features, np.full((3, 20), np.nan)])
    comparison = compare_features(features, longer)
    assert comparison.passed
    assert comparison.extra_frames == 3


def test_without_a_voiced_frame_it_fails_and_says_so(features: Array) -> None:
    features[:, 19] = 0.125
    comparison = compare_features(features, features)
    assert comparison.total == 0
    assert math.isnan(comparison.pitch)
    assert not comparison.passed
    assert len(comparison.reasons) == 1
    assert comparison.reasons[0].startswith("no voiced frame")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_candidate_with_a_value_that_is_no_number_fails(features: Array, value: float) -> None:
    candidate = features.copy()
    candidate[10, 3] = candidate[11, 3] = value
    comparison = compare_features(features, candidate)
    assert not comparison.passed
    assert comparison.reasons[0].endswith("2, the first in frame 10, c3")
    assert math.isnan(comparison.total)
    assert math.isnan(comparison.maximum)
    assert comparison.pitch == 0
    assert math.isnan(comparison.per_feature_rms[3])
    assert comparison.per_feature_rms[4] == 0
    assert comparison.worst_frame == 10
    first = comparison.first_frame_above
    assert first is not None
    assert first.frame == 10


def test_not_even_a_value_that_no_figure_looks_at_may_be_nan(features: Array) -> None:
    candidate = features.copy()
    candidate[1, 18] = np.nan  # the pitch of an unvoiced frame
    comparison = compare_features(features, candidate)
    assert [each.value for each in comparison.measures] == [0, 0, 0]
    assert not comparison.passed
    assert comparison.reasons[0].endswith("1, the first in frame 1, pitch")


def test_errors_too_large_for_a_double_fail(features: Array) -> None:
    candidate = features.copy()
    candidate[0, 0] = 1e200
    comparison = compare_features(features, candidate)
    assert not comparison.passed


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_reference_that_is_no_number_is_an_error(features: Array, value: float) -> None:
    features[5, 19] = value
    with pytest.raises(SignalError, match="frame 5, correlation"):
        compare_features(features, np.zeros_like(features))


@pytest.mark.parametrize("shape", [(0, 20), (20,), (10, 36), (2, 2, 20)])
def test_references_of_other_shapes_are_errors(shape: tuple[int, ...]) -> None:
    with pytest.raises(SignalError, match=r"shape|no frame"):
        compare_features(np.zeros(shape), np.zeros((10, 20)))


def test_what_is_no_array_is_an_error(features: Array) -> None:
    with pytest.raises(SignalError, match="candidate is no array of numbers"):
        compare_features(features, [["a"] * 20])
