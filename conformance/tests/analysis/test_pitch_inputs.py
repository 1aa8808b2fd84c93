"""What a pitch estimator sees, the unit of the pitch, and the correlation at it."""

import math

import numpy as np
import pytest

from dred_reference.analysis.correlation import correlation_feature
from dred_reference.analysis.cross_correlation import cross_correlations
from dred_reference.analysis.instantaneous_frequency import InstantaneousFrequency
from dred_reference.analysis.pitch import pitch_feature, pitch_period
from dred_reference.analysis.spectrum import ShortTimeSpectrum

RANDOM = np.random.default_rng(9)


@pytest.mark.clause("FEAT-cross-correlation")
def test_cross_correlations_are_sums() -> None:
    signal = RANDOM.normal(0, 3, 416)
    wanted = []
    for lag in range(256, 32, -1):
        xy = sum(signal[256 + n] * signal[256 + n - lag] for n in range(160))
        energies = sum(signal[256 + n] ** 2 + signal[256 + n - lag] ** 2 for n in range(160))
        wanted.append(2 * xy / (1 + energies))
    np.testing.assert_allclose(cross_correlations(signal), wanted, atol=1e-12)


@pytest.mark.clause("FEAT-cross-correlation")
@pytest.mark.parametrize("lag", [256, 100, 33])
def test_a_repeated_frame_correlates_at_its_lag(lag: int) -> None:
    period = RANDOM.normal(0, 1000, lag)
    correlations = cross_correlations(np.resize(period, 416))
    assert correlations[256 - lag] == pytest.approx(1, abs=1e-6)


@pytest.mark.clause("FEAT-phase")
@pytest.mark.parametrize("frequency", [130.0, 410.0, 1234.0])
def test_the_phase_advances_with_the_frequency(frequency: float) -> None:
    samples = 10000 * np.cos(2 * np.pi * frequency * np.arange(640) / 16000 + 0.3)
    spectrum, phases = ShortTimeSpectrum(), InstantaneousFrequency()
    for frame in range(4):
        found = phases.frame(spectrum.frame(samples[160 * frame : 160 * frame + 160]))
    nearest = round(frequency / 50)
    angle = 2 * math.pi * frequency * 0.01
    wanted = (math.cos(angle), math.sin(angle))
    np.testing.assert_allclose(found[3 * nearest - 2 : 3 * nearest], wanted, atol=0.01)
    assert np.argmax(found[3::3]) == nearest - 1


@pytest.mark.clause("FEAT-phase")
def test_levels_and_advances_of_known_bins() -> None:
    phases = InstantaneousFrequency()
    first, second = np.zeros(161, dtype=complex), np.zeros(161, dtype=complex)
    first[:3] = 3 - 7j, 2, 1j
    second[:3] = 10 + 99j, 2j, 10
    before = phases.frame(first)
    assert not before[1::3].any()
    assert not before[2::3].any()
    found = phases.frame(second)
    wanted = [(20 - 6) / 64, 0, 1, (10 * math.log10(4) - 6) / 64, 0, -1, (20 - 6) / 64]
    np.testing.assert_allclose(found[:7], wanted, atol=1e-12)
    np.testing.assert_allclose(found[9::3], -1)  # -156 / 64, limited
    assert len(found) == 88


@pytest.mark.clause("FEAT-phase")
def test_levels_are_limited_above() -> None:
    found = InstantaneousFrequency().frame(np.full(161, 1e9 + 0j))
    assert found[0] == 1
    assert (found[3::3] == 1).all()


@pytest.mark.clause("FEAT-pitch", "FEAT-period")
def test_classes_features_and_periods() -> None:
    assert pitch_feature(0) == -1.5
    assert pitch_feature(90) == 0
    assert pitch_feature(179) == pytest.approx(1.48333, abs=1e-5)
    assert [pitch_period(value) for value in (-1.5, -0.5, 0, 0.5, 1.48333, 1.5)] == [256, 128, 91, 64, 32, 32]
    assert pitch_period(math.log2(256 / 100.49) - 1.5) == 100
    assert pitch_period(math.log2(256 / 100.51) - 1.5) == 101


@pytest.mark.clause("FEAT-correlation")
def test_the_correlation_feature() -> None:
    assert correlation_feature(np.zeros(416), 100) == pytest.approx(-0.3615565, abs=1e-7)
    period = RANDOM.normal(0, 1000, 100)
    assert correlation_feature(np.resize(period, 416), 100) == pytest.approx(0.5, abs=1e-6)
    opposite = np.resize(np.concatenate([period, -period]), 416)
    wanted = math.log(1 + math.exp(-5)) / math.log(1 + math.exp(5)) - 0.5
    assert correlation_feature(opposite, 100) == pytest.approx(wanted, abs=1e-6)
    noise = RANDOM.normal(0, 2, 416)
    xy = sum(noise[256 + n] * noise[256 + n - 77] for n in range(160))
    xx = sum(noise[256 + n] ** 2 for n in range(160))
    yy = sum(noise[256 + n - 77] ** 2 for n in range(160))
    wanted = math.log1p(math.exp(5 * xy / math.sqrt(1 + xx * yy))) / math.log1p(math.exp(5)) - 0.5
    assert correlation_feature(noise, 77) == pytest.approx(wanted)
