"""The whole analysis: state, hostile samples, silence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dred_model import ModelBundle
from dred_reference.analysis import (
    FeatureExtractor,
    NetworkPitch,
    PitchEstimator,
    PitchTracker,
    extract_features,
)
from dred_reference.analysis.sizes import LARGEST_SAMPLE, FloatArray
from dred_reference.errors import FeatureError

from .pitch_networks import random_network

RANDOM = np.random.default_rng(12)


def estimators() -> list[PitchEstimator]:
    return [PitchTracker(), NetworkPitch(random_network()), NetworkPitch(random_network(), "int8")]


class FixedPitch:
    """Always the same pitch, and a record of what it was shown."""

    def __init__(self, pitch: float) -> None:
        self.pitch = pitch
        self.shown: list[tuple[FloatArray, FloatArray]] = []

    def estimate(self, correlations: FloatArray, phases: FloatArray) -> float:
        self.shown.append((correlations, phases))
        return self.pitch


@pytest.mark.clause("FEAT-frame")
@pytest.mark.parametrize("index", range(3))
def test_frame_by_frame_is_all_at_once(index: int) -> None:
    samples = RANDOM.normal(0, 2000, 1700)
    whole = extract_features(samples, estimators()[index])
    extractor = FeatureExtractor(estimators()[index])
    single = [extractor.frame(samples[160 * t : 160 * t + 160]) for t in range(10)]
    assert whole.shape == (10, 36)
    assert np.array_equal(whole, single)


@pytest.mark.clause("FEAT-frame")
def test_the_past_counts() -> None:
    samples = RANDOM.normal(0, 2000, 1600)
    whole = extract_features(samples, FixedPitch(-1.5))  # 256 samples
    later = extract_features(samples[800:], FixedPitch(-1.5))
    assert not np.allclose(whole[5], later[0])
    # The window is two frames; the first sample of frame 5 has another one before it.
    np.testing.assert_allclose(whole[7:, :18], later[2:, :18], atol=1e-12)
    assert not np.allclose(whole[6, 19], later[1, 19])  # the residual goes further back


@pytest.mark.clause("FEAT-frame", "FEAT-period")
def test_the_correlation_is_that_at_the_period_of_the_estimator() -> None:
    period = RANDOM.normal(0, 2000, 128)
    samples = np.resize(period, 3200)
    right = extract_features(samples, FixedPitch(-0.5))  # 128 samples
    wrong = extract_features(samples, FixedPitch(-0.3))
    assert (right[8:, 19] > 0.499).all()
    assert (wrong[8:, 19] < 0.3).all()


@pytest.mark.clause("FEAT-frame")
def test_an_impulse_is_nearest_to_the_centre_of_its_own_frame_and_the_next() -> None:
    """An impulse at the start of frame t is in the middle of its window; at the end, of the next one."""
    for place, loudest in ((160 * 6, 6), (160 * 6 + 159, 7)):
        samples = np.zeros(1600)
        samples[place] = 10000
        assert np.argmax(extract_features(samples, FixedPitch(0))[:, 0]) == loudest


@pytest.mark.clause("FEAT-frame", "FEAT-dct", "FEAT-correlation")
def test_silence_with_a_fixed_pitch() -> None:
    features = extract_features(np.zeros(480), FixedPitch(0.25))
    wanted = [-12.48528, *[0] * 17, 0.25, -0.3615565]
    np.testing.assert_allclose(features[:, :20], [wanted] * 3, atol=5e-6)


@pytest.mark.official_model
@pytest.mark.clause("FEAT-frame", "FEAT-net", "FEAT-pitch")
@pytest.mark.parametrize("profile", ["float64", "int8"])
def test_silence_as_real_code_analyses_it(official_model: ModelBundle, profile: str) -> None:
    network = official_model.to_reference_pitch_network()
    features = extract_features(np.zeros(160 * 30), NetworkPitch(network, profile))
    assert features[0, 0] == pytest.approx(-12.48528, abs=5e-6)
    assert features[0, 18] == pytest.approx(0.40166, abs=5e-4)
    assert features[0, 19] == pytest.approx(-0.3615565, abs=5e-8)
    assert features[29, 18] == pytest.approx(-0.33405, abs=5e-4)


def square(size: int, level: float) -> FloatArray:
    return level * np.where(np.arange(size) // 40 % 2, -1.0, 1.0)


@pytest.mark.clause("FEAT-frame")
@pytest.mark.parametrize("index", range(3))
@pytest.mark.parametrize(
    "samples",
    [
        square(1600, 32768),
        square(1600, 1e6),
        square(1600, LARGEST_SAMPLE),
        np.full(1600, LARGEST_SAMPLE),
        np.concatenate([np.full(160, LARGEST_SAMPLE), np.zeros(1440)]),
        np.resize([LARGEST_SAMPLE, -LARGEST_SAMPLE], 1600),
        np.full(1600, 5e-324),
        1e6 * np.cos(2 * np.pi * np.arange(1600) / 50),
    ],
)
def test_extreme_signals_have_finite_features(index: int, samples: FloatArray) -> None:
    features = extract_features(samples, estimators()[index])
    assert np.isfinite(features).all()
    assert (np.abs(features[:, 18]) <= 1.5).all()
    assert (np.abs(features[:, 19]) <= 0.5 + 1e-9).all()


@pytest.mark.clause("FEAT-frame")
@hypothesis_settings(max_examples=60)
@given(
    arrays(
        np.float64,
        st.integers(0, 960),
        elements=st.one_of(
            st.floats(-LARGEST_SAMPLE, LARGEST_SAMPLE), st.sampled_from([0.0, 32767.0, -32768.0, 1e6, -1e6])
        ),
    ),
    st.integers(0, 2),
)
def test_any_samples_have_finite_features(samples: FloatArray, index: int) -> None:
    features = extract_features(samples, estimators()[index])
    assert features.shape == (len(samples) // 160, 36)
    assert np.isfinite(features).all()
    assert (np.abs(features[:, 18]) <= 1.5).all()


@pytest.mark.clause("FEAT-frame")
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 2 * LARGEST_SAMPLE])
def test_samples_that_are_refused(value: float) -> None:
    samples = np.zeros(400)
    samples[333] = value
    with pytest.raises(FeatureError) as caught:
        extract_features(samples, PitchTracker())
    assert (caught.value.rule, caught.value.position) == ("N3", 333)


@pytest.mark.clause("FEAT-frame")
def test_a_refused_frame_leaves_the_state_as_it_was() -> None:
    samples = RANDOM.normal(0, 2000, 480)
    extractor = FeatureExtractor(PitchTracker())
    extractor.frame(samples[:160])
    bad = np.zeros(160)
    bad[159] = np.nan
    for refused in (bad, samples[:159], samples[:161], samples[:160].reshape(2, 80), np.zeros(0)):
        with pytest.raises(FeatureError, match=r"^N3"):
            extractor.frame(refused)
    rest = [extractor.frame(samples[160:320]), extractor.frame(samples[320:])]
    assert np.array_equal(rest, extract_features(samples, PitchTracker())[1:])


def test_a_caller_may_reuse_the_array_of_a_frame() -> None:
    samples = RANDOM.normal(0, 2000, 480)
    extractor = FeatureExtractor(PitchTracker())
    frame = np.empty(160)
    found = []
    for t in range(3):
        frame[:] = samples[160 * t : 160 * t + 160]
        found.append(extractor.frame(frame))
    assert np.array_equal(found, extract_features(samples, PitchTracker()))
