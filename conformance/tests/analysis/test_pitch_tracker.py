"""The pitch tracker on signals whose pitch is known, and beside the pitch network."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from dred_model import ModelBundle
from dred_reference.analysis import NetworkPitch, PitchTracker, extract_features

FloatArray = NDArray[np.float64]
RANDOM = np.random.default_rng(11)


def voice(pitch: Callable[[FloatArray], FloatArray], seconds: float = 0.5, noise: float = 20) -> FloatArray:
    """Return pulses of a pitch (Hz at times), through two resonances, in noise."""
    time = np.arange(int(16000 * seconds)) / 16000
    phase = 2 * np.pi * np.cumsum(pitch(time)) / 16000
    harmonics = np.arange(1, 60)[:, None]
    frequency = harmonics * pitch(time)
    envelope = 1 / (1 + ((frequency - 600) / 250) ** 2) + 0.5 / (1 + ((frequency - 1700) / 400) ** 2) + 0.02
    signal = np.sum(np.where(frequency < 7500, envelope * np.cos(harmonics * phase), 0), axis=0)
    return 2000 * signal + noise * RANDOM.normal(size=len(time))


def tracked(samples: FloatArray) -> FloatArray:
    return extract_features(samples, PitchTracker())[:, 18]


@pytest.mark.parametrize("frequency", [70, 100, 143, 200, 290, 400])
def test_a_steady_voice(frequency: float) -> None:
    found = tracked(voice(lambda time: np.full_like(time, frequency)))
    wanted = np.log2(frequency / 62.5) - 1.5
    assert np.abs(found[5:] - wanted).max() < 0.02


@pytest.mark.parametrize("direction", [1, -1])
def test_a_gliding_voice(direction: float) -> None:
    def pitch(time: FloatArray) -> FloatArray:
        return 140 * 2 ** (direction * 1.5 * time)

    found = tracked(voice(pitch, 0.4))
    centres = np.maximum(np.arange(len(found)) * 160 - 80, 0) / 16000  # between the windows of two frames
    wanted = np.log2(pitch(centres) / 62.5) - 1.5
    assert np.abs(found[5:] - wanted[5:]).max() < 0.05


def test_a_voice_whose_fundamental_is_missing() -> None:
    time = np.arange(8000) / 16000
    signal = sum(1000 * np.cos(2 * np.pi * 120 * k * time + k * k) for k in range(4, 20))
    wanted = np.log2(120 / 62.5) - 1.5
    assert np.abs(tracked(np.asarray(signal))[8:] - wanted).max() < 0.02


@pytest.mark.parametrize("samples", [np.zeros(1600), RANDOM.normal(0, 3000, 4000)])
def test_without_a_voice_it_stays_within_its_range(samples: FloatArray) -> None:
    found = tracked(samples)
    assert (np.abs(found) <= 1.5).all()


def test_it_sees_no_future() -> None:
    samples = voice(lambda time: np.full_like(time, 180.0))
    changed = samples.copy()
    changed[4000:] = RANDOM.normal(0, 3000, len(samples) - 4000)
    first, second = tracked(samples), tracked(changed)
    assert np.array_equal(first[:25], second[:25])
    assert not np.array_equal(first[25:], second[25:])


@pytest.mark.official_model
@pytest.mark.interop
def test_it_agrees_with_the_pitch_network(official_model: ModelBundle, interop_dir: Path) -> None:
    samples = np.fromfile(interop_dir / "compare" / "ls_en_2033_0.sw", "<i2").astype(np.float64)
    network = extract_features(samples, NetworkPitch(official_model.to_reference_pitch_network()))
    differences = np.abs(tracked(samples) - network[:, 18])[network[:, 19] > 0.2]
    assert np.mean(differences <= 0.05) >= 0.98
    assert np.median(differences) < 0.01
