"""The spectral envelope of a frame by Burg's method: two halves of 5 ms, without any window.

The features of the analysis describe what was 10 ms ago. What a network is to go on from is the end of the
frame, and 5 ms are too short for a window: Burg's method looks only at samples that are there.
"""

import math
from dataclasses import dataclass

import numpy as np

from dred_reference.analysis.bands import band_energies
from dred_reference.analysis.cepstrum import cepstrum
from dred_reference.analysis.sizes import FRAME_SIZE, LPC_ORDER, WINDOW_SIZE, FloatArray
from dred_reference.analysis.spectrum import PRE_EMPHASIS
from dred_reference.clauses import clause

__all__ = ["BurgPredictor", "burg_analysis", "burg_features"]

HALF_FRAME = FRAME_SIZE // 2
SMALLEST_INVERSE_GAIN = 1e-3  # energy of the residual over that of the signal
CONDITIONING = 1e-5  # white noise, over the energy of the signal
LEAST_NOISE = 1e-9  # energy of noise that is there without a signal
BANDWIDTH_EXPANSION = 0.995
LEAST_POWER = 1e-9  # of a bin of the filter before it is inverted
ENVELOPE_SCALE = 0.45 / WINDOW_SIZE**3
RESIDUAL_SAMPLES = HALF_FRAME - 2 * (LPC_ORDER - 1)  # what the energy of the residual is divided by


@dataclass(frozen=True, eq=False)
class BurgPredictor:
    """What Burg's method found.

    Attributes
    ----------
    taps : array of float64, shape (order,)
        Taps a(1) to a(order) of the prediction-error filter 1 + sum a(k) z^-k: the predictor, negative  # -A
    energy : float
        Of the residual, over the samples that have all their past  # g
    """

    taps: FloatArray
    energy: float


@clause("PLC-burg")
def burg_analysis(
    samples: FloatArray, order: int = LPC_ORDER, smallest: float = SMALLEST_INVERSE_GAIN
) -> BurgPredictor:
    """Return the predictor whose forward and backward residuals are least, one reflection at a time.

    White noise of 1e-5 of the energy conditions it. Where the residual would fall to 1e-3 of the signal or
    less, the reflection is made smaller so that it is just that, and the later ones are 0.

    Parameters
    ----------
    samples : array of float64, shape (n,)
        n is over `order`.
    order : int
    smallest : float
        Residual over signal at which it stops.
    """
    energy = float(samples @ samples)  # C0
    noise = CONDITIONING * energy + LEAST_NOISE
    error_filter = np.ones(1)
    forward = backward = samples
    inverse_gain = 1.0
    for count in range(order):
        forward, backward = forward[1:], backward[:-1]
        longer = np.append(error_filter, 0.0)
        opposite = longer[::-1]
        cross = float(forward @ backward + noise * (longer @ opposite))
        both = float(forward @ forward + backward @ backward + 2 * noise * (longer @ longer))
        reflection = -2 * cross / both
        reduced = inverse_gain * (1 - reflection * reflection)
        is_limited = reduced <= smallest
        if is_limited:
            reflection = math.copysign(math.sqrt(max(1 - smallest / inverse_gain, 0.0)), -cross)
            reduced = smallest
        inverse_gain = reduced
        error_filter = longer + reflection * opposite
        if is_limited:
            taps = np.concatenate([error_filter[1:], np.zeros(order - count - 1)])
            later = samples[order:]
            return BurgPredictor(taps, float(later @ later) * inverse_gain)
        forward, backward = forward + reflection * backward, backward + reflection * forward
    residual = float(forward @ forward + LEAST_NOISE * (error_filter @ error_filter))
    return BurgPredictor(error_filter[1:], residual)


@clause("PLC-burg-cepstrum")
def _half_cepstrum(samples: FloatArray) -> FloatArray:
    """Return the 18 cepstral coefficients of 80 samples in units of int16."""
    predictor = burg_analysis(samples[1:] - PRE_EMPHASIS * samples[:-1])
    expanded = predictor.taps * BANDWIDTH_EXPANSION ** np.arange(1, LPC_ORDER + 1)
    spectrum = np.fft.rfft(np.concatenate([[1.0], expanded]), WINDOW_SIZE) / WINDOW_SIZE
    inverse = 1 / (spectrum.real**2 + spectrum.imag**2 + LEAST_POWER)
    amplitudes = np.sqrt(inverse).astype(np.complex128)  # band energies are those of a spectrum
    level = ENVELOPE_SCALE * predictor.energy / RESIDUAL_SAMPLES
    return cepstrum(level * band_energies(amplitudes))


@clause("PLC-burg-cepstrum")
def burg_features(samples: FloatArray) -> FloatArray:
    """Return what the concealment network hears of a frame.

    Parameters
    ----------
    samples : array of float64, shape (160,)
        16 kHz, in units of int16.

    Returns
    -------
    array of float64, shape (36,)
        The mean of the cepstra of both halves, then the first minus the second.
    """
    first, second = _half_cepstrum(samples[:HALF_FRAME]), _half_cepstrum(samples[HALF_FRAME:])
    return np.concatenate([0.5 * (first + second), first - second])
