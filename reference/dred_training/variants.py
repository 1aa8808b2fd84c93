"""
Variants of speech: the same words at other levels, through other microphones, in other rooms' noise.

Variant 0 is the recording as it is. The others draw a gain, a filter of a few taps and a floor of noise from
the content of the recording and the number of the variant, so that each is the same whenever it is made.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

ACTIVE_RMS = 2000.0  # what a variant's level is drawn around, in units of int16
GAIN_DB = (-24.0, 9.0)
NOISE_DB = (-75.0, -30.0)  # of the noise against speech; every second variant has none
TAPS = 6
CLIPPED_AT = 32767.0


def speech_variant(samples: NDArray[np.float64], number: int, seed: int) -> NDArray[np.float64]:
    """
    Return a variant of a recording.

    Parameters
    ----------
    samples : array of float64, shape (n,)
        16 kHz, in units of int16.
    number : int
        0: the recording itself.
    seed : int
        Of what is drawn; with `number` it decides everything.

    Returns
    -------
    array of float64, shape (n,)
        Whole numbers within the range of int16 for all variants but 0.
    """
    if number == 0 or not samples.size:
        return samples
    source = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, number])))
    taps = np.concatenate([[1.0], source.uniform(-0.25, 0.25, TAPS - 1) / np.arange(1, TAPS)])
    filtered = np.convolve(samples, taps)[: len(samples)]
    rms = float(np.sqrt(np.mean(filtered**2))) or 1.0
    level = ACTIVE_RMS * 10 ** (source.uniform(*GAIN_DB) / 20)
    scaled = filtered * (level / rms)
    if source.random() < 0.5:
        hiss = source.standard_normal(len(samples)) * level * 10 ** (source.uniform(*NOISE_DB) / 20)
        colour = source.uniform(0.0, 0.95)
        scaled = scaled + np.convolve(hiss, colour ** np.arange(16.0))[: len(samples)] * np.sqrt(
            1 - colour**2
        )
    return np.clip(np.rint(scaled), -CLIPPED_AT - 1, CLIPPED_AT)
