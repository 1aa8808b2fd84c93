"""How a model does at levels: bits against errors, by age and over all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .ramps import Ramp

PITCH, CORRELATION, VOICED_ABOVE = 18, 19, 0.2
LATENT_S = 0.04

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Outcome:
    """
    How a model does on a ramp.

    Parameters
    ----------
    model : str
        What it is called beside others.
    ramp : Ramp
        The levels.
    state_bits : float
        Mean bits of a state.
    bits : array, shape (latents,)
        Mean bits of latents by age.
    cepstrum, pitch, correlation : array, shape (latents,)
        By age: root of the mean square error of the whole cepstrum, mean absolute error of the pitch of
        voiced frames in octaves, root of the mean square error of the correlation.
    voicing : array, shape (latents,)
        Share of frames that are voiced on one side only.
    total, largest : float
        The working group's measures over everything.
    """

    model: str
    ramp: Ramp
    state_bits: float
    bits: FloatArray
    cepstrum: FloatArray
    pitch: FloatArray
    correlation: FloatArray
    voicing: FloatArray
    total: float
    largest: float

    @property
    def bits_per_second(self) -> float:
        """Bits of latents per second of speech, without the state."""
        return float(self.bits.mean() / LATENT_S)

    @property
    def packet_bits_per_second(self) -> float:
        """Bits of state and latents of a packet, per second of speech that it covers."""
        return float((self.state_bits + self.bits.sum()) / (len(self.bits) * LATENT_S))


def measured(
    model: str, ramp: Ramp, state_bits: float, bits: FloatArray, decoded: FloatArray, truth: FloatArray
) -> Outcome:
    """
    Measure decoded features.

    Parameters
    ----------
    model, ramp, state_bits, bits
        See `Outcome`.
    decoded, truth : array, shape (latents, chunks, frames, 20)
        Features, newest latent first.
    """
    error = decoded - truth
    per_latent = (1, 2)  # chunks and frames
    was_voiced, is_voiced = truth[..., CORRELATION] > VOICED_ABOVE, decoded[..., CORRELATION] > VOICED_ABOVE
    voiced = np.maximum(was_voiced.sum(axis=per_latent), 1)
    counted = np.delete(error, PITCH, axis=-1)
    return Outcome(
        model,
        ramp,
        state_bits,
        bits,
        np.sqrt((error[..., :PITCH] ** 2).sum(-1).mean(axis=per_latent)),
        (np.abs(error[..., PITCH]) * was_voiced).sum(axis=per_latent) / voiced,
        np.sqrt((error[..., CORRELATION] ** 2).mean(axis=per_latent)),
        (was_voiced != is_voiced).mean(axis=per_latent),
        float(np.sqrt((counted**2).sum(-1).mean())),
        float(np.sqrt((counted**2).mean(axis=(0, 1, 2)).max())),
    )
