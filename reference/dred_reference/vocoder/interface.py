"""What every vocoder does, and what it refuses."""

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from dred_reference.clauses import clause
from dred_reference.errors import FeatureError
from dred_reference.vocoder.sizes import (
    CONTINUATION_SIZE,
    CONTINUATION_VECTORS,
    FEATURES,
    LARGEST_FEATURE,
    LARGEST_PAST_SAMPLE,
    FloatArray,
)

__all__ = ["SpeechSynthesis", "checked_features", "checked_past"]


class SpeechSynthesis(Protocol):
    """Turns features into speech, 10 ms at a time, going on from speech that was heard before."""

    def start(self, past: ArrayLike, features: ArrayLike) -> None:
        """Go on from past audio.

        Parameters
        ----------
        past : array_like of float64, shape (320,)
            The last 20 ms heard; 16 kHz, full scale is 1.
        features : array_like of float64, shape (5, 20)
            Feature frames, oldest first. The last two are ahead of the past: the features of the first frame
            that is asked for are centred 15 ms behind its first sample.

        Raises
        ------
        FeatureError
            N3: another shape, or a number that is not finite or beyond 2^10; the state stays as it was.
        """
        ...

    def frame(self, features: ArrayLike) -> FloatArray:
        """Return the next 10 ms.

        Parameters
        ----------
        features : array_like of float64, shape (20,)
            Of the frame after the one that is synthesised.

        Returns
        -------
        array of float64, shape (160,)
            16 kHz, full scale is 1; nothing is clipped.

        Raises
        ------
        FeatureError
            N3: another shape, or a number that is not finite or beyond 2^10; the state stays as it was.
        """
        ...


def _checked(values: ArrayLike, shape: tuple[int, ...], largest: float, what: str) -> FloatArray:
    array = np.asarray(values, dtype=np.float64)
    if array.shape != shape:
        raise FeatureError("N3", f"{what} of shape {array.shape}, not {shape}")
    refused = np.flatnonzero(~(np.abs(array) <= largest))
    if refused.size:
        where = int(refused[0])
        raise FeatureError("N3", f"{what}: {array.flat[where]} is not within {largest:g}", where)
    return array


@clause("VOC-frame")
def checked_features(features: ArrayLike, *rows: int) -> FloatArray:
    """Return features of the shape (rows, 20), or (20,) without rows, as float64, or raise N3."""
    return _checked(features, (*rows, FEATURES), LARGEST_FEATURE, "features")


@clause("VOC-continuation")
def checked_past(past: ArrayLike, features: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return what a vocoder starts from as float64, or raise N3."""
    samples = _checked(past, (CONTINUATION_SIZE,), LARGEST_PAST_SAMPLE, "past audio")
    return samples, checked_features(features, CONTINUATION_VECTORS)
