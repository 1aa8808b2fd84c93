"""From full scale 1 to 16-bit samples at the rate that was asked for."""

from collections.abc import Iterable, Iterator
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from dred_conformance.receiving.rate import RateConverter
from dred_conformance.receiving.upward import VOCODER_RATE

__all__ = ["output_samples", "working_rate"]

Float64Array = NDArray[np.float64]
FULL_SCALE = 32768
LOOK_AHEAD_MS = 2


def working_rate(sampling_rate: int) -> int:
    """Return the rate at which packets are decoded: the vocoder speaks at 16 kHz, so never less."""
    return max(VOCODER_RATE, sampling_rate)


def output_samples(
    pieces: Iterable[Float64Array], sampling_rate: int, channels: int
) -> Iterator[NDArray[np.int16]]:
    """Yield samples of shape (n, channels) at the rate of the output, rounded and clipped."""
    if working_rate(sampling_rate) == sampling_rate:
        for piece in pieces:
            yield _rounded(piece)
        return
    look_ahead = LOOK_AHEAD_MS * VOCODER_RATE // 1000
    lowered = [RateConverter(VOCODER_RATE, sampling_rate, look_ahead) for _ in range(channels)]
    for piece in chain(pieces, [np.zeros((look_ahead, channels))]):
        yield _rounded(np.stack([each.push(piece[:, index]) for index, each in enumerate(lowered)], axis=1))


def _rounded(samples: Float64Array) -> NDArray[np.int16]:
    return np.clip(np.round(samples * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)
