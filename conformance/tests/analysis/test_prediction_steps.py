"""The predictor against normal equations, the residual and the filters against difference equations."""

import cmath
import math

import numpy as np
import pytest

from dred_reference.analysis.bands import interpolated
from dred_reference.analysis.cepstrum import cepstrum, log_energies
from dred_reference.analysis.excitation import Excitation
from dred_reference.analysis.prediction import autocorrelation, levinson_durbin, lpc_from_cepstrum
from dred_reference.analysis.sizes import FloatArray

RANDOM = np.random.default_rng(8)


@pytest.mark.clause("FEAT-lpc-spectrum", "FEAT-autocorrelation")
def test_the_autocorrelation_is_a_sum_over_the_mirrored_spectrum() -> None:
    energies = 10 ** RANDOM.uniform(0, 3, 18)
    compensation = [0.8, *[1] * 7, 0.666667, *[0.5] * 3, 0.333333, *[0.25] * 2, 0.2, 0.166667, 0.173913]
    powers = 10 ** log_energies(energies) * compensation
    half = interpolated(powers)
    full = np.concatenate([half, half[159:0:-1]])
    assert len(full) == 320
    wanted = [sum(full[k] * math.cos(2 * math.pi * k * n / 320) for k in range(320)) for n in range(17)]
    wanted[0] += wanted[0] * 1e-4 + 0.6842105263157895
    wanted[1:] = [value * (1 - 6e-5 * n * n) for n, value in enumerate(wanted) if n]
    np.testing.assert_allclose(autocorrelation(cepstrum(energies)), wanted, rtol=1e-9, atol=1e-6)


def _autocorrelation_of(order: int, pole: float) -> FloatArray:
    """Return lags of a process with one real pole: pole ** n."""
    return pole ** np.arange(order + 1.0)


@pytest.mark.clause("FEAT-levinson")
def test_the_predictor_solves_the_normal_equations() -> None:
    signal = np.convolve(RANDOM.normal(size=4000), [1, 0.5, -0.3, 0.2])
    lags = np.array([signal[: len(signal) - n] @ signal[n:] for n in range(17)])
    matrix = np.array([[lags[abs(i - j)] for j in range(16)] for i in range(16)])
    np.testing.assert_allclose(levinson_durbin(lags), np.linalg.solve(matrix, -lags[1:]), atol=1e-9)


@pytest.mark.clause("FEAT-levinson")
def test_the_predictor_of_one_pole() -> None:
    np.testing.assert_allclose(levinson_durbin(_autocorrelation_of(16, 0.9)), [-0.9, *[0] * 15], atol=1e-12)


@pytest.mark.clause("FEAT-levinson")
def test_the_recursion_stops_at_a_thousandth() -> None:
    # One pole at r leaves 1 - r^2 of the energy. Lag 2 is made to ask for a second tap: with the error under
    # a thousandth it is not looked at any more.
    for pole, is_stopped in ((math.sqrt(1 - 0.0009), True), (math.sqrt(1 - 0.0011), False)):
        lags = _autocorrelation_of(16, pole)
        lags[2] -= 1e-5
        taps = levinson_durbin(lags)
        assert taps[0] == pytest.approx(-pole) if is_stopped else taps[0] != pytest.approx(-pole)
        assert (not taps[1:].any()) == is_stopped


@pytest.mark.clause("FEAT-levinson")
def test_nothing_is_predicted_without_energy() -> None:
    assert not levinson_durbin(np.zeros(17)).any()


@pytest.mark.clause("FEAT-levinson")
@pytest.mark.parametrize("largest", [-2, 2, 12])
def test_predictors_of_cepstra_are_stable(largest: float) -> None:
    for _ in range(50):
        taps = lpc_from_cepstrum(cepstrum(10 ** RANDOM.uniform(-3, largest, 18)))
        roots = np.roots([1, *taps])
        assert np.abs(roots).max(initial=0) < 1


@pytest.mark.clause("FEAT-residual", "FEAT-excitation")
def test_residual_and_excitation_are_difference_equations() -> None:
    aligned = RANDOM.normal(0, 100, 480)
    filters = RANDOM.normal(0, 0.3, (3, 16))
    excitation = Excitation()
    residual: list[float] = []
    for n in range(480):
        taps = filters[n // 160]
        residual.append(aligned[n] + sum(taps[k] * aligned[n - 1 - k] for k in range(16) if n - 1 - k >= 0))
    tilted = [residual[n] + 0.7 * (residual[n - 1] if n else 0) for n in range(480)]
    for frame in range(3):
        excitation.frame(aligned[160 * frame : 160 * frame + 160], filters[frame])
        wanted = [0.0] * 416 + tilted[: 160 * frame + 160]
        np.testing.assert_allclose(excitation.excitation, wanted[-416:], atol=1e-9)


@pytest.mark.clause("FEAT-low-pass")
def test_the_low_pass_has_its_transfer_function() -> None:
    """Its response to an impulse, transformed, is the ratio of the two polynomials."""
    excitation = Excitation()
    impulse = np.zeros(160)
    impulse[0] = 1
    responses = []
    for frame in range(5):
        excitation.frame(impulse if frame == 0 else np.zeros(160), np.zeros(16))
        responses.append(excitation.low_passed[-160:])
    response = np.concatenate(responses)
    for frequency in (0.0, 0.1, 0.4, 1.0, 2.0, math.pi):
        z = cmath.exp(-1j * frequency)
        wanted = (1 - 0.84946 * z + z * z) / (1 - 1.54220 * z + 0.70781 * z * z)
        found = sum(response * np.exp(-1j * frequency * np.arange(len(response))))
        assert found == pytest.approx(wanted, abs=1e-9)
