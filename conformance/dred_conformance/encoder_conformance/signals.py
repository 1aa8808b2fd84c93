"""Speech-like test signals, so that an encoder can be judged where no speech is at hand.

A train of pulses with a moving pitch, or noise, goes through four moving resonances: syllables of vowels and
fricatives with pauses. Stretches of exact silence lie between phrases. The same seed gives the same samples.
"""

import numpy as np
from numpy.typing import NDArray

from dred_conformance.encoder_conformance.sound import Sound, resampled

__all__ = ["SIGNALS", "made_signal"]

FloatArray = NDArray[np.float64]

SIGNALS = {"low_voice": (1, 110.0, 1.0), "high_voice": (2, 210.0, 1.17)}
"""Seed, mean pitch in Hz, and by how much all resonances are higher."""
_RATE = 16000
_BLOCK = 80  # samples over which a resonance stands still
_VOWELS = (
    (730, 1090, 2440, 3400), (270, 2290, 3010, 3700), (300, 870, 2240, 3300), (530, 1840, 2480, 3500),
    (570, 840, 2410, 3300), (660, 1720, 2410, 3500),
)  # fmt: skip
_WIDTHS = (80.0, 110.0, 160.0, 250.0)
_PHRASES_S = (1.3, 1.7, 1.1)
_SILENCES_S = (0.7, 0.34, 0.2)


def _resonance(signal: FloatArray, frequency: FloatArray, width: float) -> FloatArray:
    """Filter with one resonance that moves from block to block."""
    out = np.empty_like(signal)
    last, before = 0.0, 0.0
    radius = float(np.exp(-np.pi * width / _RATE))
    for start in range(0, len(signal), _BLOCK):
        feedback = 2 * radius * float(np.cos(2 * np.pi * frequency[start] / _RATE))
        gain = 1 - feedback + radius**2
        for index in range(start, min(start + _BLOCK, len(signal))):
            last, before = gain * float(signal[index]) + feedback * last - radius**2 * before, last
            out[index] = last
    return out


def _phrase(generator: np.random.Generator, seconds: float, pitch_hz: float, scale: float) -> FloatArray:
    """Return a phrase: syllables of a fricative and a vowel, about five a second."""
    size = round(seconds * _RATE)
    time = np.arange(size) / _RATE
    syllables = max(2, round(5 * seconds))
    position = np.minimum(time / seconds * syllables, syllables - 1e-9)
    inside = position % 1
    melody = pitch_hz * 2 ** (0.25 * np.sin(2 * np.pi * time / seconds) - 0.15 * time / seconds)
    phase = np.cumsum(melody) / _RATE
    pulses = np.diff(np.floor(phase), prepend=0.0) * np.sqrt(_RATE / melody)
    noise = generator.standard_normal(size)
    voiced = np.clip((inside - 0.28) / 0.06, 0, 1) * np.clip((0.97 - inside) / 0.06, 0, 1)
    hiss = np.clip(inside / 0.05, 0, 1) * np.clip((0.26 - inside) / 0.04, 0, 1)
    excitation = voiced * (pulses + 0.03 * noise)
    targets = np.array([_VOWELS[index] for index in generator.integers(0, len(_VOWELS), syllables + 1)])
    number = position.astype(int)
    blend = (0.5 - 0.5 * np.cos(np.pi * inside))[:, None]
    formants = scale * (targets[number] * (1 - blend) + targets[number + 1] * blend)
    speech = excitation
    for index, width in enumerate(_WIDTHS):
        speech = _resonance(speech, formants[:, index], width)
    fricative = np.diff(noise * hiss, prepend=0.0)
    return speech / max(float(np.abs(speech).max()), 1e-9) + 0.1 * fricative


def made_signal(name: str, rate: int, channels: int) -> Sound:
    """Return a test signal.

    Parameters
    ----------
    name
        One of `SIGNALS`.
    rate
        Sampling rate in Hz.
    channels
        Each gets the same.

    Raises
    ------
    KeyError
        There is no signal of that name.
    """
    seed, pitch_hz, scale = SIGNALS[name]
    generator = np.random.default_rng(seed)
    parts = []
    for phrase_s, silence_s in zip(_PHRASES_S, _SILENCES_S, strict=True):
        spoken = resampled(_phrase(generator, phrase_s, pitch_hz, scale), _RATE, rate)
        edge = round(0.02 * rate)
        ramp = 0.5 - 0.5 * np.cos(np.pi * (np.arange(edge) + 0.5) / edge)
        spoken[:edge] *= ramp
        spoken[-edge:] *= ramp[::-1]
        parts += [spoken, np.zeros(round(silence_s * rate))]
    samples = np.concatenate(parts)
    samples *= 0.3 / float(np.abs(samples).max())
    return Sound(np.repeat(np.round(samples * 32768)[:, None] / 32768, channels, axis=1), rate)
