"""What was played last."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["Past"]

Float64Array = NDArray[np.float64]


class Past:
    """The last samples of the output; before the first there was silence.

    Parameters
    ----------
    samples, channels : int
        How much is kept.
    """

    def __init__(self, samples: int, channels: int) -> None:
        self.samples: Float64Array = np.zeros((samples, channels))

    def append(self, played: Float64Array) -> None:
        """Add samples of shape (n, channels)."""
        kept = len(self.samples)
        if len(played) >= kept:
            self.samples = played[len(played) - kept :].copy()
        elif len(played):
            self.samples = np.concatenate([self.samples[len(played) :], played])
