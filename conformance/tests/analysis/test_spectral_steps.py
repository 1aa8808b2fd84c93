"""From samples to the cepstrum, each step against sums written out."""

import math

import numpy as np
import pytest

from dred_reference.analysis.bands import BAND_CENTRES, band_energies, interpolated
from dred_reference.analysis.cepstrum import (
    cepstrum,
    cosine_transform,
    inverse_cosine_transform,
    log_energies,
)
from dred_reference.analysis.spectrum import ShortTimeSpectrum, window

RANDOM = np.random.default_rng(7)


@pytest.mark.clause("FEAT-window")
def test_the_window() -> None:
    weights = window()
    assert weights[0] == pytest.approx(math.sin(math.pi / 2 * math.sin(math.pi / 640) ** 2))
    assert weights[159] == pytest.approx(math.sin(math.pi / 2 * math.sin(math.pi * 319 / 640) ** 2))
    assert np.array_equal(weights, weights[::-1])
    np.testing.assert_allclose(weights[:160] ** 2 + weights[160:] ** 2, 1)


@pytest.mark.clause("FEAT-pre-emphasis", "FEAT-spectrum", "FEAT-aligned")
def test_spectra_are_sums_over_the_emphasised_signal() -> None:
    samples = RANDOM.normal(0, 1000, 480)
    emphasised = [0.0] * 160 + [samples[n] - 0.85 * (samples[n - 1] if n else 0) for n in range(480)]
    spectrum = ShortTimeSpectrum()
    turns = np.outer(np.arange(161), np.arange(320)) / 320
    for frame in range(3):
        found = spectrum.frame(samples[160 * frame : 160 * frame + 160])
        windowed = np.array(emphasised[160 * frame : 160 * frame + 320]) * window()
        wanted = [complex(sum(windowed * np.exp(-2j * np.pi * turn))) / 320 for turn in turns]
        np.testing.assert_allclose(found, wanted, atol=1e-9)
        np.testing.assert_allclose(
            spectrum.aligned, emphasised[160 * frame + 80 : 160 * frame + 240], atol=1e-9
        )


@pytest.mark.clause("FEAT-bands")
def test_band_energies_are_triangles() -> None:
    spectrum = RANDOM.normal(size=161) + 1j * RANDOM.normal(size=161)
    edges = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 34, 40]
    assert tuple(4 * edge for edge in edges) == BAND_CENTRES
    wanted = [0.0] * 18
    for i in range(17):
        width = 4 * (edges[i + 1] - edges[i])
        for j in range(width):
            power = abs(spectrum[4 * edges[i] + j]) ** 2
            wanted[i] += (1 - j / width) * power
            wanted[i + 1] += j / width * power
    wanted[0] *= 2
    wanted[17] *= 2
    np.testing.assert_allclose(band_energies(spectrum), wanted)


@pytest.mark.clause("FEAT-bands")
def test_bin_160_counts_nowhere() -> None:
    spectrum = np.zeros(161, dtype=complex)
    spectrum[160] = 1000
    assert not band_energies(spectrum).any()


@pytest.mark.clause("FEAT-lpc-spectrum")
def test_interpolation_meets_the_centres() -> None:
    values = RANDOM.random(18)
    bins = interpolated(values)
    np.testing.assert_allclose(bins[list(BAND_CENTRES[:-1])], values[:-1])
    assert bins[160] == 0
    assert bins[34] == pytest.approx((6 * values[8] + 2 * values[9]) / 8)  # 2 of 8 bins after bin 32
    wanted = np.interp(np.arange(160), BAND_CENTRES, values)
    np.testing.assert_allclose(bins[:160], wanted)


@pytest.mark.clause("FEAT-log")
@pytest.mark.parametrize(
    ("logs", "wanted"),
    [
        ([-9.0] * 18, [-2.0] * 18),  # the floor of 0.01
        ([4.0, *[-9.0] * 17], [4, 1.5, -1, *[-2] * 15]),  # 2.5 per band, to the floor
        ([7.0, *[-9.0] * 17], [7, 4.5, 2, -0.5, *[-1] * 14]),  # 8 under the largest
        ([1.0, 5.0, 4.0, *[-9.0] * 15], [1, 5, 4, 1.5, -1, *[-2] * 13]),
        ([7.0, 0.0, *[8.0] * 2, *[-9.0] * 14], [7, 4.5, 8, 8, 5.5, 3, 0.5, *[0] * 11]),
    ],
)
def test_logarithms_fall_slowly(logs: list[float], wanted: list[float]) -> None:
    energies = np.array([10**log - 0.01 if log > -2 else 0.0 for log in logs])
    np.testing.assert_allclose(log_energies(energies), wanted, atol=1e-12)


@pytest.mark.clause("FEAT-dct", "FEAT-lpc-spectrum")
def test_the_cosine_transform() -> None:
    values = RANDOM.normal(size=18)
    wanted = [
        math.sqrt(2 / 18)
        * (math.sqrt(0.5) if i == 0 else 1)
        * sum(values[j] * math.cos((j + 0.5) * i * math.pi / 18) for j in range(18))
        for i in range(18)
    ]
    found = cosine_transform(values)
    np.testing.assert_allclose(found, wanted, atol=1e-12)
    np.testing.assert_allclose(inverse_cosine_transform(found), values, atol=1e-12)


@pytest.mark.clause("FEAT-dct")
def test_the_cepstrum_of_silence() -> None:
    wanted = [-2 * math.sqrt(18) - 4, *[0.0] * 17]
    np.testing.assert_allclose(cepstrum(np.zeros(18)), wanted, atol=1e-12)
