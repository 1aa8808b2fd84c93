"""
What models buy: bits against errors, by level, by age, and along ramps.

All models are put to the same instants of the same features: a chunk of latents that ends there is quantised
and decoded, as a packet would carry it, at every constant level and along ramps of the header's schedule.
Bits are those that the range coder spends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from dred_model import ModelBundle
from dred_reference.latent import quantised
from dred_reference.network.wiring import FEATURES, FRAMES_PER_LATENT
from dred_reference.redundancy.symbol_costs import SymbolCosts
from dred_reference.schedule import quantiser_level
from dred_reference.tables import QuantiserTables
from dred_training.batches import LATENT_STEPS, STEP_FRAMES, frames_of
from dred_training.configuration import LEVELS
from dred_training.errors import TrainingError

from .disturbance import UNDISTURBED
from .loading import load_networks

PITCH, CORRELATION, VOICED_ABOVE = 18, 19, 0.2
LATENTS = 26  # 1.04 s
LATENT_S = 0.04
AT_ONCE = 256  # chunks that are decoded together

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Ramp:
    """Levels by age: start, slope and limit as in the header."""

    q0: int
    dq: int
    qmax: int

    @property
    def name(self) -> str:
        """``q0``, ``q0+dq`` or ``q0+dq<=qmax``."""
        slope = f"+{self.dq}" if self.dq else ""
        limit = f"<={self.qmax}" if self.dq and self.qmax < LEVELS - 1 else ""
        return f"{self.q0}{slope}{limit}"

    def levels(self, count: int) -> list[int]:
        """Return the levels of latents, newest first."""
        return [quantiser_level(self.q0, self.dq, self.qmax, index) for index in range(count)]


CONSTANT = tuple(Ramp(level, 0, LEVELS - 1) for level in range(LEVELS))
RAMPS = tuple(Ramp(q0, dq, 15) for q0, dq in ((6, 5), (6, 3), (4, 3), (2, 3), (0, 3), (9, 3), (0, 7)))


@dataclass(frozen=True, eq=False)
class Outcome:
    """
    How a model does on a ramp.

    Parameters
    ----------
    model : str
        Its name.
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


class Evaluation:
    """
    Puts models to the same features.

    Parameters
    ----------
    clips : list of array, shape (frames, 20)
        Features; clips shorter than a chunk are left out.
    every : int
        A chunk begins at every so manieth encoder step.
    latents : int
        Latents of a chunk.

    Raises
    ------
    TrainingError
        T3: no clip is long enough.
    """

    def __init__(self, clips: list[NDArray[np.float32]], every: int = 25, latents: int = LATENTS) -> None:
        self._latents = latents
        first = LATENT_STEPS * (latents - 1) + 1
        self._clips = []
        for clip in clips:
            count = len(clip) // STEP_FRAMES
            newest = np.arange(first, count, every)
            if len(newest):
                self._clips.append((np.array(clip[: count * STEP_FRAMES]), newest))
        if not self._clips:
            raise TrainingError("T3", f"no clip is as long as {first + 1} steps of 20 ms")

    @property
    def chunks(self) -> int:
        """How many chunks each outcome is about."""
        return sum(len(newest) for _, newest in self._clips)

    def outcomes(self, bundle: ModelBundle, ramps: tuple[Ramp, ...]) -> list[Outcome]:
        """
        Return how a model does on each of some ramps.

        Parameters
        ----------
        bundle : ModelBundle
            With encoder and decoder.
        ramps : tuple of Ramp
            Levels.

        Raises
        ------
        ModelError, FeatureError
            The model cannot be run.
        """
        encoder, decoder = load_networks(bundle)
        tables = bundle.tables.to_reference_tables()
        costs = SymbolCosts(tables)
        states, latents, truth, latent_bits, state_bits = [], [], [], [], []
        with torch.no_grad():
            for features, newest in self._clips:
                steps = newest - LATENT_STEPS * np.arange(self._latents)[:, np.newaxis]  # (latents, chunks)
                pairs = torch.from_numpy(features).reshape(-1, 1, STEP_FRAMES * FEATURES)
                encoded, starts = (values[:, 0].numpy() for values in encoder(pairs, UNDISTURBED))
                each_bits = costs.latents(encoded[:, : tables.latent_dim])
                latents.append(encoded[steps, : tables.latent_dim])
                latent_bits.append(each_bits[steps])
                states.append(starts[newest, : tables.state_dim])
                state_bits.append(costs.states(states[-1]))
                truth.append(features[frames_of(steps)])
        held = (
            np.concatenate(states),
            np.concatenate(latents, axis=1),
            np.concatenate(truth, axis=1).astype(np.float64),
        )
        bits = np.concatenate(latent_bits, axis=1).mean(axis=1), np.concatenate(state_bits).mean(axis=0)
        result = []
        for ramp in ramps:
            levels = ramp.levels(self._latents)
            decoded = _decoded(decoder, held[0], held[1], levels, tables)
            spent = bits[0][np.arange(self._latents), levels]
            result.append(_outcome(bundle.name, ramp, float(bits[1][ramp.q0]), spent, decoded, held[2]))
        return result


def _decoded(
    decoder: torch.nn.Module,
    states: NDArray[np.float32],
    latents: NDArray[np.float32],
    levels: list[int],
    tables: QuantiserTables,
) -> FloatArray:
    """Quantise and decode chunks; shape (latents, chunks, 4, 20)."""
    state = _through(states, tables, "state", levels[0])
    rows = [_through(row, tables, "latent", level) for row, level in zip(latents, levels, strict=True)]
    values = np.repeat(np.array(levels, dtype=np.float32)[:, np.newaxis, np.newaxis], len(state), axis=1)
    inputs = np.concatenate([np.array(rows), values * 0.125 - 1], axis=-1).astype(np.float32)
    parts = []
    with torch.no_grad():
        for first in range(0, len(state), AT_ONCE):
            part = slice(first, first + AT_ONCE)
            packet = torch.from_numpy(state[part]), torch.from_numpy(np.ascontiguousarray(inputs[:, part]))
            parts.append(decoder(*packet, UNDISTURBED).numpy())
    return np.concatenate(parts, axis=1).astype(np.float64)


def _through(
    values: NDArray[np.float32], tables: QuantiserTables, kind: str, level: int
) -> NDArray[np.float32]:
    """Return what the decoder reads of values."""
    rows = [getattr(tables, f"{kind}_{part}_q8")[level] for part in ("quant_scales", "dead_zone", "r", "p0")]
    symbols = quantised(values, *rows).astype(np.float32)
    return symbols * np.float32(256) / np.maximum(rows[0], 1).astype(np.float32)


def _outcome(
    model: str, ramp: Ramp, state_bits: float, bits: FloatArray, decoded: FloatArray, truth: FloatArray
) -> Outcome:
    error = decoded - truth
    per_latent = (1, 2)  # chunks and frames
    was_voiced, is_voiced = truth[..., CORRELATION] > VOICED_ABOVE, decoded[..., CORRELATION] > VOICED_ABOVE
    voiced = np.maximum(was_voiced.sum(axis=per_latent), 1)
    counted = np.delete(error, PITCH, axis=-1)
    assert error.shape[2] == FRAMES_PER_LATENT
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
