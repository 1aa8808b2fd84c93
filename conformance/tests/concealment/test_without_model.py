"""Concealment on a fresh machine: no network of any kind."""

import numpy as np
import pytest

from dred_reference.analysis import FeatureExtractor, PitchTracker
from dred_reference.concealment import Concealer, PredictionWithoutModel
from dred_reference.vocoder import SourceFilterVocoder


@pytest.mark.clause("PLC-without-model")
def test_features_are_held_and_fade() -> None:
    prediction = PredictionWithoutModel()
    heard = np.concatenate([np.full(36, 9.0), np.linspace(-1, 1, 20), [1]])
    np.testing.assert_array_equal(prediction.step(heard), heard[36:56])
    kept = prediction.state
    frames = np.array([prediction.step(np.zeros(57)) for _ in range(400)])
    assert (frames[:, 18] == heard[54]).all()
    assert (np.diff(frames[:100, 0]) < 0).all()
    assert (np.diff(frames[:100, 19]) < 0).all()
    np.testing.assert_allclose(frames[-1, 1:18], 0, atol=1e-6)
    assert frames[-1, 0] == pytest.approx(-2 * np.sqrt(18) - 4, abs=1e-3)  # silence
    assert frames[-1, 19] == pytest.approx(np.log1p(np.exp(-5)) / np.log1p(np.exp(5)) - 0.5, abs=1e-4)
    prediction.state = kept
    np.testing.assert_array_equal(prediction.step(np.zeros(57)), frames[0])


@pytest.mark.clause("PLC-without-model")
def test_known_features_are_taken_as_they_are() -> None:
    prediction = PredictionWithoutModel()
    known = np.concatenate([np.zeros(36), np.arange(20.0), [-1]])
    np.testing.assert_array_equal(prediction.step(known), np.arange(20.0))
    assert known[36] == 0


@pytest.mark.clause("PLC-without-model", "PLC-conceal")
def test_a_tone_goes_on_and_falls_silent() -> None:
    times = np.arange(160 * 40) / 16000
    voice = sum(np.sin(2 * np.pi * 125 * k * times) / k for k in range(1, 60)) / 10
    concealer = Concealer(PredictionWithoutModel(), FeatureExtractor(PitchTracker()), SourceFilterVocoder())
    for frame in voice.reshape(-1, 160):
        concealer.update(frame)
    made = np.array([concealer.conceal() for _ in range(40)])
    levels = 10 * np.log10(1e-10 + (made**2).mean(axis=1) / (voice**2).mean())
    assert abs(levels[:4].mean()) < 4
    assert levels[12:16].mean() < levels[:4].mean() - 6
    assert levels[-4:].max() < -50
    joined = made[:4].ravel()
    joined = joined - joined.mean()
    correlation = joined[128:] @ joined[:-128] / (joined @ joined)
    assert correlation > 0.5  # still a voice of 125 Hz
