"""FARGAN against loops over scalars; its period, its prediction, its integers; what it refuses."""

import numpy as np
import pytest

from dred_reference.errors import FeatureError
from dred_reference.vocoder import VOCODER_PROFILES, Vocoder, as_int16, synthesise
from dred_reference.vocoder.period import LONGEST_PERIOD, synthesis_period
from dred_reference.vocoder.prediction import periodic_extension

from .scalar_fargan import ScalarFargan
from .vocoder_networks import random_arrays, random_features, random_network

PAST = np.random.default_rng(5).uniform(-0.4, 0.4, 320)


@pytest.mark.clause(
    "VOC-conditioning", "VOC-gain", "VOC-hidden", "VOC-gru", "VOC-skip", "VOC-output", "VOC-frame"
)
def test_frames_from_silence_are_what_loops_over_scalars_say() -> None:
    vocoder, scalar = Vocoder(random_network()), ScalarFargan(random_arrays(1))
    features = random_features(3)
    scalar.period = 1
    for row in features:
        found = vocoder.frame(row)
        assert found.shape == (160,)
        np.testing.assert_allclose(found, scalar.frame(row.tolist()), atol=1e-6)


@pytest.mark.clause("VOC-continuation", "VOC-frame")
def test_going_on_from_past_audio_twice_is_what_loops_over_scalars_say() -> None:
    vocoder, scalar = Vocoder(random_network()), ScalarFargan(random_arrays(1))
    features = random_features(12)
    for first in (0, 6):  # the second time states are what the first one left
        vectors = features[first : first + 5]
        vocoder.start(PAST[:: 1 - first // 3], vectors)
        scalar.start(PAST[:: 1 - first // 3].tolist(), vectors.tolist())
        found = vocoder.frame(features[first + 5])
        np.testing.assert_allclose(found, scalar.frame(features[first + 5].tolist()), atol=1e-6)


@pytest.mark.clause("VOC-continuation")
def test_the_period_of_the_fifth_vector_is_not_predicted_from() -> None:
    vectors = random_features(6)
    vectors[:, 18] = -1.0
    changed = vectors.copy()
    changed[3, 18] = 0.2  # reaches the frame by the prediction, too

    def heard(rows: np.ndarray) -> tuple[int, np.ndarray]:
        vocoder = Vocoder(random_network())
        vocoder.start(PAST, rows[:5])
        return vocoder._last_period, vocoder.frame(rows[5])

    assert heard(vectors)[0] == synthesis_period(-1.0)
    assert heard(changed)[0] == synthesis_period(0.2)
    changed = vectors.copy()
    changed[4, 18] = 0.2
    assert heard(changed)[0] == synthesis_period(-1.0)


@pytest.mark.clause("VOC-frame")
def test_int8_arithmetic_is_near() -> None:
    assert VOCODER_PROFILES == ("float64", "int8", "reproducible")
    exact, rounded = (Vocoder(random_network(), profile) for profile in ("float64", "int8"))
    features = random_features(7)
    for vocoder in (exact, rounded):
        vocoder.start(PAST, features[:5])
    for row in features[5:]:
        wanted = exact.frame(row)
        difference = np.abs(wanted - rounded.frame(row)).max()
        assert 0 < difference < 0.1 * np.ptp(wanted)


def test_a_profile_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="float64"):
        Vocoder(random_network(), "int8-c")


@pytest.mark.clause("VOC-period")
def test_periods() -> None:
    assert [synthesis_period(pitch) for pitch in (-1.5, -0.5, 0.5, 1.5)] == [256, 128, 64, 32]
    assert synthesis_period(-1.5 + np.log2(256 / 100.5)) == 101  # one half goes up
    assert synthesis_period(-1.6) == 274
    assert (synthesis_period(1000), synthesis_period(-1000)) == (1, LONGEST_PERIOD)


@pytest.mark.clause("VOC-prediction")
@pytest.mark.parametrize(
    ("period", "wanted"),
    [
        (100, range(154, 198)),
        (44, [*range(210, 254), *range(254, 256)][:44]),
        (42, [*range(212, 256)]),
        (40, [*range(214, 256), 216, 217]),
        (1, [253, 254, *[255] * 42]),
        (256, [0, 0, *range(42)]),
        (270, [*[0] * 16, *range(28)]),
        (4096, [0] * 44),
    ],
)
def test_the_periodic_extension(period: int, wanted: list[int]) -> None:
    found = periodic_extension(np.arange(256.0), period)
    assert found.tolist() == [float(place) for place in wanted]


@pytest.mark.clause("VOC-integer")
def test_integers() -> None:
    samples = np.array([0.0, 0.49, 0.5, -0.5, -0.51, 40000.0, -40000.0, 32767.4, np.inf]) / 32768
    assert as_int16(samples).tolist() == [0, 0, 1, 0, -1, 32767, -32767, 32767, 32767]


@pytest.mark.clause("VOC-flow")
@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_flow_of_a_file(count: int) -> None:
    features = random_features(count)
    vocoder = Vocoder(random_network())
    vocoder.start(np.zeros(320), np.array([features[0]] * 5))
    calls = [*range(1, count), count - 1, count - 1]
    samples = np.concatenate([vocoder.frame(features[t]) for t in calls])
    wanted = as_int16(samples[80 : 80 + 160 * count])
    found = synthesise(features, random_network())
    assert found.dtype == np.int16
    assert np.array_equal(found, wanted)


def test_no_features_are_no_speech() -> None:
    assert synthesise(np.zeros((0, 20)), random_network()).shape == (0,)


@pytest.mark.clause("VOC-frame", "VOC-continuation", "VOC-flow")
def test_what_is_refused_changes_nothing() -> None:
    features = random_features(6)
    network = random_network()
    vocoder, undisturbed = Vocoder(network), Vocoder(network)
    bad = features.copy()
    bad[2, 7] = np.nan
    for wrong in (features[0, :19], features[:1], bad[2], np.full(20, np.inf), np.full(20, 2e3)):
        with pytest.raises(FeatureError, match=r"^N3"):
            vocoder.frame(wrong)
    for past, vectors in (
        *((PAST[:-1], features[:5]), (PAST, features[:4]), (PAST, bad[:5])),
        *((np.where(PAST > 0.3, np.nan, PAST), features[:5]), (PAST * 1e5, features[:5])),
    ):
        with pytest.raises(FeatureError, match=r"^N3"):
            vocoder.start(past, vectors)
    for wrong in (features[0], features[:, :19], bad):
        with pytest.raises(FeatureError, match=r"^N3"):
            synthesise(wrong, network)
    for each in (vocoder, undisturbed):
        each.start(PAST, features[:5])
    assert np.array_equal(vocoder.frame(features[5]), undisturbed.frame(features[5]))


@pytest.mark.clause("VOC-frame", "VOC-period")
@pytest.mark.parametrize("profile", VOCODER_PROFILES)
def test_features_of_no_speech_at_all_do_no_harm(profile: str) -> None:
    vocoder = Vocoder(random_network(), profile)
    for value in (-1024.0, 1024.0, 0.0):
        vocoder.start(PAST, np.full((5, 20), value))
        assert np.isfinite(vocoder.frame(np.full(20, value))).all()
