"""Burg's method against the sums that it minimises, and the cepstrum of signals that are known."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from dred_reference.analysis import FeatureExtractor, PitchTracker
from dred_reference.concealment.burg import burg_analysis, burg_features

Floats = NDArray[np.float64]

SILENCE = -2 * math.sqrt(18) - 4
TEN_TIMES = 2 * math.sqrt(18)  # in coefficient 0: 2 in the logarithm of all bands


def autoregressive(taps: tuple[float, ...], count: int, seed: int) -> Floats:
    """Return noise through 1 / (1 + sum taps z^-k), after it has settled."""
    noise = np.random.default_rng(seed).normal(0, 1, count + 500)
    samples = [0.0] * len(taps)
    for value in noise.tolist():
        past = zip(taps, reversed(samples), strict=False)
        samples.append(value - sum(tap * sample for tap, sample in past))
    return np.array(samples[-count:])


def both_energies(error_filter: Floats, samples: Floats, noise: float) -> float:
    """Return what Burg's method minimises, without any recursion."""
    forward = np.convolve(samples, error_filter, "valid")
    backward = np.convolve(samples, error_filter[::-1], "valid")
    return float(forward @ forward + backward @ backward + 2 * noise * error_filter @ error_filter)


def by_parabolas(samples: Floats, order: int) -> Floats:
    """Return the filter whose reflections each minimise the sums, from three values of a parabola."""
    noise = 1e-5 * float(samples @ samples) + 1e-9
    filter_so_far = np.ones(1)
    for _ in range(order):
        longer = np.append(filter_so_far, 0.0)
        at = [both_energies(longer + k * longer[::-1], samples, noise) for k in (-1, 0, 1)]
        best = (at[0] - at[2]) / (at[0] - 2 * at[1] + at[2]) / 2
        filter_so_far = longer + best * longer[::-1]
    return filter_so_far


def reflections(taps: Floats) -> Floats:
    """Return the reflections of a filter by stepping it down."""
    found = []
    error_filter = np.append(1.0, taps)
    while len(error_filter) > 1:
        k = error_filter[-1]
        found.append(k)
        error_filter = ((error_filter - k * error_filter[::-1]) / (1 - k * k))[:-1]
    return np.array(found[::-1])


@pytest.mark.clause("PLC-burg")
@pytest.mark.parametrize("order", [1, 2, 5, 16])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_reflection_minimises_both_residuals(order: int, seed: int) -> None:
    samples = 1000 * autoregressive((-0.9, 0.4), 79, seed)
    found = burg_analysis(samples, order)
    expected = by_parabolas(samples, order)
    np.testing.assert_allclose(found.taps, expected[1:], atol=1e-8)
    residual = np.convolve(samples, expected, "valid")
    assert len(residual) == 79 - order
    assert found.energy == pytest.approx(float(residual @ residual), rel=1e-8)


@pytest.mark.clause("PLC-burg")
@pytest.mark.parametrize("taps", [(-0.95,), (-1.6, 0.9), (0.5, 0.2, -0.3)])
def test_known_processes(taps: tuple[float, ...]) -> None:
    found = burg_analysis(autoregressive(taps, 20000, 7), len(taps), 0.0)
    np.testing.assert_allclose(found.taps, taps, atol=0.02)
    assert found.energy / 20000 == pytest.approx(1, rel=0.03)


@pytest.mark.clause("PLC-burg")
def test_the_gain_is_limited() -> None:
    samples = 10000 * np.sin(0.3 * np.arange(79))
    found = burg_analysis(samples)
    ks = reflections(found.taps[:2])
    assert not found.taps[2:].any()
    assert np.prod(1 - ks**2) == pytest.approx(1e-3, rel=1e-9)
    assert found.energy == pytest.approx(1e-3 * float(samples[16:] @ samples[16:]))
    free = burg_analysis(samples, smallest=0.0)
    assert np.count_nonzero(free.taps) == 16
    assert free.energy < found.energy


@pytest.mark.clause("PLC-burg")
@pytest.mark.parametrize("value", [0.0, 1.0, 32767.0, 2.0**25])
def test_constants_do_no_harm(value: float) -> None:
    found = burg_analysis(np.full(79, value))
    assert np.isfinite(found.taps).all()
    assert 0 < found.energy < 1e16


@pytest.mark.clause("PLC-burg-cepstrum")
def test_silence() -> None:
    features = burg_features(np.zeros(160))
    assert features[0] == pytest.approx(SILENCE)
    assert np.abs(features[1:]).max() < 1e-9


@pytest.mark.clause("PLC-burg-cepstrum")
def test_level() -> None:
    noise = 1000 * np.random.default_rng(8).normal(0, 1, 160)
    change = burg_features(10 * noise) - burg_features(noise)
    assert change[0] == pytest.approx(TEN_TIMES, abs=1e-3)
    assert np.abs(change[1:]).max() < 1e-3


@pytest.mark.clause("PLC-burg-cepstrum")
def test_halves() -> None:
    half = 1000 * np.random.default_rng(9).normal(0, 1, 80)
    alike, falling = burg_features(np.tile(half, 2)), burg_features(np.append(10 * half, half))
    assert np.abs(alike[18:]).max() < 1e-9
    assert falling[18] == pytest.approx(TEN_TIMES, abs=1e-3)
    assert falling[0] - alike[0] == pytest.approx(TEN_TIMES / 2, abs=1e-3)
    np.testing.assert_allclose(falling[1:18], alike[1:18], atol=1e-3)


@pytest.mark.clause("PLC-burg-cepstrum")
@pytest.mark.parametrize("taps", [(0.0,), (-0.9,), (-1.2, 0.8)])
def test_it_speaks_of_the_same_spectrum_as_the_features(taps: tuple[float, ...]) -> None:
    samples = 500 * autoregressive(taps, 160 * 120, 10)
    extractor = FeatureExtractor(PitchTracker())
    frames = samples.reshape(-1, 160)
    usual = np.mean([extractor.frame(frame)[:18] for frame in frames][2:], axis=0)
    burg = np.mean([burg_features(frame)[:18] for frame in frames], axis=0)
    assert np.abs(burg - usual)[1:].max() < 0.35
    assert abs(burg[0] - usual[0]) < 1.5  # 3 dB: a logarithm is taken of what fluctuates more or less
