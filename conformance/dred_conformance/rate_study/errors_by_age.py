"""Decodes what a schedule sends, and adds up errors and bits by age."""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

import dred_native
from dred_conformance.rate_study.clips import FRAMES_PER_LATENT, LATENTS, Moment
from dred_reference.redundancy import Redundancy

__all__ = ["AGES_MS", "Outcome", "Receiver"]

PITCH, CORRELATION, VOICED_ABOVE = 18, 19, 0.2
AGES_MS = (0, 100, 200, 400, 700, 1040)
_OLD_MS = 400
_FIXED_ONE = 65536
_FRAMES = FRAMES_PER_LATENT * LATENTS


def _zeros() -> NDArray[np.float64]:
    return np.zeros(_FRAMES)


@dataclass
class Outcome:
    """Sums over packets, by age in frames of 10 ms, newest first.

    Attributes
    ----------
    squares : array, shape (104,)
        Squared errors of what the working group's metric counts: all features but the pitch.
    cepstral : array, shape (104,)
        Of the cepstrum alone.
    pitch, voiced : array, shape (104,)
        Absolute pitch errors of voiced frames in octaves, and their number.
    bits : array, shape (26,)
        Of each latent.
    start_bits, size : float
        Bits of header and state, and all bytes of range-coded data.
    """

    packets: int = 0
    size: float = 0.0
    start_bits: float = 0.0
    squares: NDArray[np.float64] = field(default_factory=_zeros)
    cepstral: NDArray[np.float64] = field(default_factory=_zeros)
    pitch: NDArray[np.float64] = field(default_factory=_zeros)
    voiced: NDArray[np.float64] = field(default_factory=_zeros)
    bits: NDArray[np.float64] = field(default_factory=lambda: np.zeros(LATENTS))

    @property
    def mean_size(self) -> float:
        """Bytes of range-coded data per packet."""
        return self.size / self.packets

    @property
    def total(self) -> float:
        """The working group's ``total`` over all ages."""
        return float(np.sqrt(self.squares.mean() / self.packets))

    def by_age(self, sums: NDArray[np.float64]) -> list[float]:
        """Return the root of the mean of `squares` or `cepstral` in each interval of `AGES_MS`."""
        return [float(np.sqrt(sums[part].mean() / self.packets)) for part in _intervals()]

    @property
    def pitch_by_age(self) -> list[float]:
        """Mean absolute pitch error of voiced frames, in octaves."""
        return [float(self.pitch[part].sum() / self.voiced[part].sum()) for part in _intervals()]

    @property
    def old_pitch(self) -> float:
        """The same from 400 ms of age on."""
        old = slice(_OLD_MS // 10, None)
        return float(self.pitch[old].sum() / self.voiced[old].sum())

    def shared(self, other: "Outcome", share: float) -> "Outcome":
        """Return what comes out where a sender does as in `other` for a share of its packets."""
        mine, theirs = (1 - share) / self.packets, share / other.packets
        names = ("size", "start_bits", "squares", "cepstral", "pitch", "voiced", "bits")
        return Outcome(
            1, **{name: mine * getattr(self, name) + theirs * getattr(other, name) for name in names}
        )


def _intervals() -> list[slice]:
    return [slice(a // 10, b // 10) for a, b in pairwise(AGES_MS)]


class Receiver:
    """Decodes packets and adds up what comes out."""

    def __init__(self, model: dred_native.Model) -> None:
        self.outcome = Outcome()
        self._model = model
        self._decoder = dred_native.FeatureDecoder(model)

    def judge(self, moment: Moment, sent: Redundancy) -> None:
        """Decode the redundancy of one packet and compare it with the truth."""
        values = dred_native.decode_latents(sent.data, "draft-32", self._model, max_latents=LATENTS)
        decoded = self._decoder.decode(values["state"], values["latents"]) / _FIXED_ONE
        truth = moment.truth
        # Where less was read than wanted, a receiver knows nothing better than the oldest frame that it has.
        known = np.concatenate([decoded, np.repeat(decoded[-1:], len(truth) - len(decoded), axis=0)])
        errors = known - truth
        is_voiced = truth[:, CORRELATION] > VOICED_ABOVE
        outcome = self.outcome
        outcome.packets += 1
        outcome.size += len(sent.data)
        outcome.start_bits += sent.tells[0]
        outcome.squares += np.delete(errors**2, PITCH, axis=1).sum(axis=1)
        outcome.cepstral += (errors[:, :PITCH] ** 2).sum(axis=1)
        outcome.pitch += np.abs(errors[:, PITCH]) * is_voiced
        outcome.voiced += is_voiced
        bits = np.diff(sent.tells)[:LATENTS]
        outcome.bits[: len(bits)] += bits
