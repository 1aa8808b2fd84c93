"""
What models buy: bits against errors, by level, by age, and along ramps.

All models are put to the same instants of the same features: a chunk of latents that ends there is quantised
and decoded, as a packet would carry it, at every constant level and along ramps of the header's schedule.
Bits are those that the range coder spends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from dred_model import ModelBundle
from dred_reference.latent import quantised
from dred_reference.network.wiring import FEATURES
from dred_reference.redundancy.symbol_costs import SymbolCosts
from dred_reference.tables import QuantiserTables
from dred_training.batches import LATENT_STEPS, STEP_FRAMES, frames_of
from dred_training.errors import TrainingError
from dred_training.outcomes import FloatArray, Outcome, measured
from dred_training.ramps import Ramp

from .disturbance import UNDISTURBED
from .loading import load_networks

LATENTS = 26  # 1.04 s
AT_ONCE = 256  # chunks that are decoded together


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

    def outcomes(
        self,
        bundle: ModelBundle,
        ramps: tuple[Ramp, ...],
        label: str = "",
        advance: Callable[[], None] = lambda: None,
    ) -> list[Outcome]:
        """
        Return how a model does on each of some ramps.

        Parameters
        ----------
        bundle : ModelBundle
            With encoder and decoder.
        ramps : tuple of Ramp
            Levels.
        label : str
            What it is called beside others; unless given, its name.
        advance : callable
            Called after each ramp.

        Raises
        ------
        ModelError, FeatureError
            The model cannot be run.
        """
        encoder, decoder = load_networks(bundle)
        tables = bundle.tables.to_reference_tables()
        material = self._encoded(encoder, tables)
        result = []
        for ramp in ramps:
            levels = ramp.levels(self._latents)
            decoded = decoded_chunks(decoder, material.states, material.latents, levels, tables)
            spent = material.latent_bits[np.arange(self._latents), levels]
            state_bits = float(material.state_bits[ramp.q0])
            name = label or bundle.name
            result.append(measured(name, ramp, state_bits, spent, decoded, material.truth))
            advance()
        return result

    def _encoded(self, encoder: torch.nn.Module, tables: QuantiserTables) -> _Material:
        costs = SymbolCosts(tables)
        states, latents, truth, latent_bits, state_bits = [], [], [], [], []
        with torch.no_grad():
            for features, newest in self._clips:
                steps = newest - LATENT_STEPS * np.arange(self._latents)[:, np.newaxis]  # (latents, chunks)
                pairs = torch.from_numpy(features).reshape(-1, 1, STEP_FRAMES * FEATURES)
                encoded, starts = (values[:, 0].numpy() for values in encoder(pairs, UNDISTURBED))
                latents.append(encoded[steps, : tables.latent_dim])
                latent_bits.append(costs.latents(encoded[:, : tables.latent_dim])[steps])
                states.append(starts[newest, : tables.state_dim])
                state_bits.append(costs.states(states[-1]))
                truth.append(features[frames_of(steps)])
        return _Material(
            np.concatenate(states),
            np.concatenate(latents, axis=1),
            np.concatenate(truth, axis=1).astype(np.float64),
            np.concatenate(latent_bits, axis=1).mean(axis=1),
            np.concatenate(state_bits).mean(axis=0),
        )


@dataclass(frozen=True, eq=False)
class _Material:
    """Chunks as a model encodes them, and what they cost on average: latents by age and level, states."""

    states: NDArray[np.float32]
    latents: NDArray[np.float32]
    truth: FloatArray
    latent_bits: FloatArray
    state_bits: FloatArray


def decoded_chunks(
    decoder: torch.nn.Module,
    states: NDArray[np.float32],
    latents: NDArray[np.float32],
    levels: list[int],
    tables: QuantiserTables,
) -> FloatArray:
    """
    Quantise and decode chunks.

    Parameters
    ----------
    decoder : Decoder
        Of the model.
    states : array of float32, shape (chunks, state_dim)
        Before quantisation.
    latents : array of float32, shape (latents, chunks, latent_dim)
        The same, newest first.
    levels : list of int
        By age.
    tables : QuantiserTables
        Of the model.

    Returns
    -------
    array of float64, shape (latents, chunks, 4, 20)
        Features, newest frame first.
    """
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
