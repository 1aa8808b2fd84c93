"""The model of the ear: how far each frequency excites its neighbours, before and after.

The power spectrum of a frame is spread upwards, then downwards in frequency, by a decay per bin that follows
the Bark scale; what is too quiet beside the loudest bin is raised to a floor; then it is spread in time.
"""

import numpy as np

from dred_conformance.comparison.filtering import FRAME_SAMPLES, SAMPLING_RATE, windows
from dred_conformance.comparison.measure import FloatArray

__all__ = ["BINS", "BIN_HZ", "excitations"]

BINS = 320  # of 25 Hz; the topmost, at half the sampling rate, is left out
POWER_OFFSET = 0.1
UPWARD, DOWNWARD = 0.1, 0.0031623  # what is left after one Bark
FLOOR = 1e-8
FORWARD_IN_TIME, BACKWARD_IN_TIME = 0.5, 0.1
_BLOCK = 512  # frames transformed at once

_PHASE = 2 * np.pi * (np.arange(FRAME_SAMPLES) + 0.5) / FRAME_SAMPLES
WINDOW = 0.35875 - 0.48829 * np.cos(_PHASE) + 0.14128 * np.cos(2 * _PHASE) - 0.01168 * np.cos(3 * _PHASE)

BIN_HZ = SAMPLING_RATE / FRAME_SAMPLES
_F = BIN_HZ * np.arange(BINS)
BARK_PER_BIN = BIN_HZ * (8.288e-8 * _F / (3.4225e-16 * _F**4 + 1) + 0.009694 / (5.476e-7 * _F**2 + 1) + 1e-4)
DECAY_UP, DECAY_DOWN = UPWARD**BARK_PER_BIN, DOWNWARD**BARK_PER_BIN


def _spread_in_frequency(power: FloatArray) -> FloatArray:
    """Return `power`, of shape (bins, frames), spread to the neighbouring bins."""
    spread = power.copy()
    for index in range(1, BINS):
        spread[index] += DECAY_UP[index] * spread[index - 1]
    for index in range(BINS - 2, -1, -1):
        spread[index] += DECAY_DOWN[index] * spread[index + 1]
    return spread


_GAIN = _spread_in_frequency(np.ones((BINS, 1)))


def _spectra(signal: FloatArray, frames: int) -> FloatArray:
    result = np.empty((frames, BINS))
    for start in range(0, frames, _BLOCK):
        stop = min(start + _BLOCK, frames)
        spectrum = np.fft.rfft(windows(signal, FRAME_SAMPLES, start, stop) * WINDOW)[:, :BINS]
        power = spectrum.real**2 + spectrum.imag**2 + POWER_OFFSET
        result[start:stop] = (_spread_in_frequency(power.T) / _GAIN).T
    return result


def _spread_in_time(excitation: FloatArray) -> None:
    """Spread each frame to the next ones and, less, to the ones before; the last two reach none before."""
    frames = len(excitation)
    for frame in range(1, frames):
        excitation[frame] += FORWARD_IN_TIME * excitation[frame - 1]
    for frame in range(frames - 3, -1, -1):
        excitation[frame] += BACKWARD_IN_TIME * excitation[frame + 1]


def excitations(reference: FloatArray, candidate: FloatArray, frames: int) -> tuple[FloatArray, FloatArray]:
    """Return the excitation of both signals.

    Parameters
    ----------
    reference, candidate : array of float64
        High-passed samples.
    frames : int
        How many frames there are.

    Returns
    -------
    tuple of array of float64, shape (frames, 320)
        Reference and candidate; the floor is set by the reference for both.
    """
    result = _spectra(reference, frames), _spectra(candidate, frames)
    floor = FLOOR * result[0].max(axis=1, keepdims=True)
    for excitation in result:
        np.maximum(excitation, floor, out=excitation)
        _spread_in_time(excitation)
    return result
