"""From what a hole would have gone on with to the speech after it."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["FADE_AFTER_DRED_MS", "FADE_AFTER_PREDICTION_MS", "LONGEST_FADE_MS", "Fading"]

Float64Array = NDArray[np.float64]
# Chosen by PLCMOS: where features go on as they were sent, a whole packet is not too long, and hides what the
# decoder makes of a past that it did not decode; where they are guessed, speech has gone another way by then.
FADE_AFTER_DRED_MS = 20
FADE_AFTER_PREDICTION_MS = 10
LONGEST_FADE_MS = 20


class Fading:
    """A linear cross-fade that may span several packets.

    Parameters
    ----------
    continuation : array of float64, shape (n, channels)
        What would have followed in the hole.
    """

    def __init__(self, continuation: Float64Array) -> None:
        self._old = continuation
        self._weight = (np.arange(len(continuation))[:, None] + 0.5) / max(1, len(continuation))
        self._done = 0

    def apply(self, played: Float64Array) -> Float64Array:
        """Return the next samples after the hole, faded in."""
        count = min(len(played), len(self._old) - self._done)
        if count <= 0:
            return played
        part = slice(self._done, self._done + count)
        self._done += count
        weight = self._weight[part]
        faded = played[:count] * weight + self._old[part] * (1 - weight)
        return np.concatenate([faded, played[count:]])
