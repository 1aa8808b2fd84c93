"""
What a step is trained on.

Everything is drawn from the seed of the run and the number of the step, so a run that goes on after it was
killed sees what it would have seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .configuration import Configuration
from .errors import TrainingError
from .feature_store import FeatureStore
from .level_schedules import draw_levels

STEP_FRAMES = 2  # feature frames of an encoder step
LATENT_STEPS = 2  # encoder steps of a latent
DRAWN_FOR_BATCHES = 0


@dataclass(frozen=True, eq=False)
class Batch:
    """
    A step's material.

    Parameters
    ----------
    features : array of float32, shape (batch, frames, 20)
        Sequences.
    steps : array of int64, shape (length, chunks)
        For each latent of each chunk its encoder step, newest first; the same for all sequences.
    levels : array of int64, shape (length, chunks, batch)
        The level of each latent.
    """

    features: NDArray[np.float32]
    steps: NDArray[np.int64]
    levels: NDArray[np.int64]

    def shard(self, index: int, count: int) -> Batch:
        """Return a part of the sequences."""
        part = slice(index * len(self.features) // count, (index + 1) * len(self.features) // count)
        return Batch(self.features[part], self.steps, self.levels[..., part])


class BatchSource:
    """
    Draws the batches of a run.

    Parameters
    ----------
    store : FeatureStore
        Features.
    configuration : Configuration
        Of the run.

    Raises
    ------
    TrainingError
        T3: the store has fewer frames than a sequence.
    """

    def __init__(self, store: FeatureStore, configuration: Configuration) -> None:
        self._features = store.features
        self._configuration = configuration
        if len(store.features) < configuration.training.frames:
            raise TrainingError("T3", f"fewer than {configuration.training.frames} frames of features")

    def batch(self, step: int) -> Batch:
        """Return the batch of a step; sequences may run over the end of a recording into the next one."""
        settings = self._configuration.training
        seed = np.random.SeedSequence([self._configuration.seed, DRAWN_FOR_BATCHES, step])
        source = np.random.Generator(np.random.PCG64(seed))
        starts = source.integers(len(self._features) - settings.frames + 1, size=settings.batch)
        features = np.stack([self._features[start : start + settings.frames] for start in starts.tolist()])
        length = int(source.integers(settings.shortest_chunk, settings.longest_chunk + 1))
        steps = draw_steps(source, settings.frames // STEP_FRAMES, length)
        chunks = steps.shape[1]
        levels = draw_levels(source, self._configuration.levels, chunks * settings.batch, length)
        return Batch(features, steps, levels.T.reshape(length, chunks, settings.batch))


def draw_steps(source: np.random.Generator, count: int, length: int) -> NDArray[np.int64]:
    """
    Cut the encoder steps of a sequence into chunks.

    Latents are two steps apart and stand for four frames, so the first one is that of step 1 or 2.

    Returns
    -------
    array of int64, shape (length, chunks)
        Newest first; as many chunks as fit, at a random place.
    """
    first = int(source.integers(1, 1 + LATENT_STEPS))
    steps = np.arange(first, count, LATENT_STEPS)
    chunks = len(steps) // length
    skipped = int(source.integers(len(steps) - chunks * length + 1))
    used = steps[skipped : skipped + chunks * length].reshape(chunks, length)
    return np.ascontiguousarray(used[:, ::-1].T)


def frames_of(steps: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the four feature frames that the latent of each step stands for, newest first."""
    newest = STEP_FRAMES * steps[..., np.newaxis] + 1
    return newest - np.arange(STEP_FRAMES * LATENT_STEPS)
