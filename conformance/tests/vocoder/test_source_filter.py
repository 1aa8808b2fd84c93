"""The vocoder without a model: its output has the level, the spectrum and the pitch of its features."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from dred_reference.analysis import PitchTracker, extract_features
from dred_reference.errors import FeatureError
from dred_reference.vocoder import SourceFilterVocoder, speak
from dred_reference.vocoder.envelope import speech_filter
from dred_reference.vocoder.excitation import MixedExcitation, periodic_share

Features = NDArray[np.float64]


def again(features: Features) -> Features:
    """Return the features of what the vocoder makes of features."""
    samples = speak(features, SourceFilterVocoder()).astype(np.float64)
    return extract_features(samples, PitchTracker())[:, :20]


def vowel(count: int, period: float, correlation: float, level: float = 2.0) -> Features:
    """Return features of a steady sound with three formants."""
    features = np.zeros((count, 20))
    features[:, :8] = [level, 2.0, -0.6, 0.7, 0.3, 0.4, 0.2, 0.2]
    features[:, 18] = np.log2(256 / period) - 1.5
    features[:, 19] = correlation
    return features


@pytest.mark.clause("VOC-source-filter")
@pytest.mark.parametrize("correlation", [0.45, 0.2, -0.4])
@pytest.mark.parametrize("level", [-3.0, 2.0])
@pytest.mark.parametrize("period", [40.0, 71.3, 120.0, 201.7])
def test_steady_sounds(correlation: float, level: float, period: float) -> None:
    is_sparse = period < 50 and correlation > 0  # harmonics 400 Hz apart leave bands of 200 Hz without any
    features = vowel(120, period, correlation, level)
    found = again(features)[6:-3]
    difference = found[:, :18] - features[6:-3, :18]
    assert np.sqrt(np.mean(difference**2)) < (0.45 if is_sparse else 0.25)
    assert abs(difference[:, 0].mean()) < (0.5 if is_sparse else 0.25)  # 1.2 and 0.6 dB
    if correlation > 0.4:
        assert np.abs(found[:, 18] - features[0, 18]).mean() < 0.02
        assert np.abs(found[:, 19] - correlation).mean() < 0.2
    if correlation < 0:
        assert found[:, 19].mean() < 0


@pytest.mark.clause("VOC-source-filter")
def test_a_gliding_pitch_is_followed() -> None:
    features = vowel(120, 100.0, 0.45)
    features[:, 18] = np.linspace(-1.0, 0.6, 120)
    found = again(features)
    assert np.abs(found[6:-3, 18] - features[6:-3, 18]).mean() < 0.03


@pytest.mark.clause("VOC-source-filter")
def test_silence_stays_silent() -> None:
    """Features say no more of silence than that a band has 0.01 at most: some units of int16."""
    features = np.zeros((30, 20))
    features[:, 0] = -2 * np.sqrt(18) - 4
    features[:, 19] = -0.4987
    assert np.abs(speak(features, SourceFilterVocoder())).max() <= 10


@pytest.mark.interop
@pytest.mark.clause("VOC-source-filter")
@pytest.mark.parametrize("name", ["ls_en_1688_0", "ls_en_2033_0"])
def test_features_of_real_speech(interop_dir: Path, name: str) -> None:
    path = interop_dir / "compare" / f"{name}.features.f32"
    features = np.fromfile(path, "<f4").reshape(-1, 20).astype(np.float64)[:500]
    found = again(features)
    is_speech, is_voiced = features[:, 0] > -4, features[:, 19] > 0.2
    difference = found - features
    assert np.sqrt(np.mean(difference[is_speech, :18] ** 2)) < 0.35
    assert abs(difference[is_speech, 0].mean()) < 0.3  # 0.7 dB
    assert np.median(np.abs(difference[is_voiced, 18])) < 0.04
    assert np.sqrt(np.mean(difference[is_speech, 19] ** 2)) < 0.25


@pytest.mark.clause("VOC-source-filter")
def test_it_goes_on_without_a_jump_and_in_step() -> None:
    """What it said is the past of another one, with the same features: pulses come where they would have."""
    features = vowel(40, 100.0, 0.49)
    one = SourceFilterVocoder()
    speech = np.concatenate([one.frame(row) for row in features])
    other = SourceFilterVocoder()
    other.start(speech[-320:], features[:5])
    further = other.frame(features[0])
    wanted = one.frame(features[0])
    steps = np.abs(np.diff(np.concatenate([speech[-320:], further])))
    assert steps[319] <= steps[:319].max()
    assert np.corrcoef(further, wanted)[0, 1] > 0.9
    assert 0.8 < np.std(further) / np.std(wanted) < 1.25


@pytest.mark.clause("VOC-source-filter")
def test_the_first_sample_goes_on_from_the_filters_of_the_past() -> None:
    """With silent features what is heard is the past that rings on and fades."""
    silent = np.zeros((5, 20))
    silent[:, 0] = -30
    past = 0.1 * np.cos(2 * np.pi * 300 / 16000 * np.arange(320))
    vocoder = SourceFilterVocoder()
    vocoder.start(past, silent)
    heard = vocoder.frame(silent[0])
    assert abs(heard[0] - 0.85 * past[-1]) < 0.05 * 0.1  # nothing but the de-emphasis
    assert np.abs(heard[-20:]).max() < 1e-3


@pytest.mark.clause("VOC-source-filter")
def test_noise_is_the_same_in_every_run() -> None:
    features = vowel(5, 100.0, 0.0)
    assert np.array_equal(speak(features, SourceFilterVocoder()), speak(features, SourceFilterVocoder()))


@pytest.mark.clause("VOC-source-filter")
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("period", [32.0, 77.7])
def test_the_excitation_is_flat_and_of_power_1(share: float, period: float) -> None:
    excitation = MixedExcitation()
    signal = np.concatenate([excitation.subframe(period, share) for _ in range(1600)])[6400:]
    assert np.mean(signal**2) == pytest.approx(1, rel=0.05)
    power = np.mean(np.abs(np.fft.rfft(signal.reshape(-1, 1600))) ** 2, axis=0)[1:801] / 1600
    bands = power.reshape(8, 100).mean(axis=1)  # 1 kHz each
    np.testing.assert_allclose(bands, 1, atol=0.2)


@pytest.mark.clause("VOC-source-filter")
def test_pulses_come_when_they_are_due() -> None:
    excitation = MixedExcitation()
    excitation.restart(50.0, -1.0)
    signal = np.concatenate([excitation.subframe(100.0, 1.0) for _ in range(20)])
    assert signal.reshape(8, 100).argmin(axis=1).tolist() == [50] * 8


@pytest.mark.clause("VOC-source-filter")
@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.8, 1.0])
def test_the_share_is_the_inverse_of_the_correlation_feature(correlation: float) -> None:
    feature = np.log(1 + np.exp(5 * correlation)) / np.log(1 + np.exp(5)) - 0.5
    assert periodic_share(feature) == pytest.approx(correlation, abs=1e-9)


def test_shares_beyond_all_features() -> None:
    assert [periodic_share(value) for value in (-9.0, -0.5, 9.0)] == [0, 0, 1]


@pytest.mark.clause("VOC-source-filter")
def test_the_filter_of_a_flat_cepstrum_is_a_gain() -> None:
    cepstral = np.zeros(18)
    cepstral[0] = np.sqrt(18) * 4 - 4  # 10^4 in every band: 4 bins of 2500, or samples of 1.6e6
    shape = speech_filter(cepstral)
    response = shape.gain * np.abs(
        np.fft.rfft(shape.correction, 320) / np.fft.rfft(np.concatenate([[1.0], shape.taps]), 320)
    )
    np.testing.assert_allclose(response[4:29], np.sqrt(1.6e6), rtol=0.03)  # bands of 200 Hz


@pytest.mark.clause("VOC-source-filter")
def test_bad_input_is_refused_and_any_finite_feature_is_not() -> None:
    vocoder = SourceFilterVocoder()
    for wrong in (np.zeros(19), np.full(20, np.nan), np.full(20, 1e4)):
        with pytest.raises(FeatureError, match=r"^N3"):
            vocoder.frame(wrong)
    with pytest.raises(FeatureError, match=r"^N3"):
        vocoder.start(np.zeros(319), np.zeros((5, 20)))
    for value in (1024.0, -1024.0, 0.0):
        vocoder.start(np.full(320, 0.5), np.full((5, 20), value))
        assert np.isfinite(vocoder.frame(np.full(20, value))).all()
    random = np.random.default_rng(3).uniform(-1024, 1024, (20, 20))
    assert all(np.isfinite(vocoder.frame(row)).all() for row in random)
