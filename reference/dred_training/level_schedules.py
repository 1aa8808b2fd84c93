"""
The levels of chunks in training.

A packet's level rises with age, up to a limit, and a sender may choose levels of its own. A decoder that saw
one level per sequence only misreads what it meets where the level changes: a dimension that is coded before
and dead behind. So levels vary inside the chunks that are trained on:

- constant: one level;
- ramp: the header's schedule, with any start, slope and limit;
- crossing: from one level to any other and perhaps back, at random places.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dred_reference.schedule import SLOPE_SIXTEENTHS

from .configuration import LEVELS, LevelSettings

LONGEST_STAY = 8  # latents for which a crossing stays at a level


def draw_levels(
    source: np.random.Generator, settings: LevelSettings, chunks: int, length: int
) -> NDArray[np.int64]:
    """
    Draw the levels of chunks.

    Parameters
    ----------
    source : numpy.random.Generator
        Source of random numbers.
    settings : LevelSettings
        Shares of the three kinds.
    chunks, length : int
        How many chunks, of how many latents each.

    Returns
    -------
    array of int64, shape (chunks, length)
        Newest latent first.
    """
    shares = (settings.constant, settings.ramp, settings.crossing)
    kinds = source.choice(3, size=chunks, p=shares)
    first = source.integers(LEVELS, size=(chunks, 1))
    constant = np.repeat(first, length, axis=1)
    drawn = np.stack([constant, _ramps(source, first, length), _crossings(source, first, length)])
    return np.asarray(drawn[kinds, np.arange(chunks)], dtype=np.int64)


def _ramps(source: np.random.Generator, first: NDArray[np.int64], length: int) -> NDArray[np.int64]:
    slopes = np.array(SLOPE_SIXTEENTHS)[source.integers(len(SLOPE_SIXTEENTHS), size=first.shape)]
    limits = source.integers(first, LEVELS)  # often the header's largest, as senders have it
    limits = np.where(source.random(first.shape) < 0.5, LEVELS - 1, limits)
    return np.minimum(limits, first + ((slopes * np.arange(length) + 8) >> 4))


def _crossings(source: np.random.Generator, first: NDArray[np.int64], length: int) -> NDArray[np.int64]:
    levels = np.repeat(first, length, axis=1)
    for row in levels:
        at = int(source.integers(1, LONGEST_STAY + 1))
        while at < length:
            row[at:] = source.integers(LEVELS)
            at += int(source.integers(1, LONGEST_STAY + 1))
    return levels
