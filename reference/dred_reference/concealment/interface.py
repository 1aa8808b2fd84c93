"""What concealment asks of a prediction and of a vocoder, and what it refuses."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dred_reference.clauses import clause
from dred_reference.errors import FeatureError
from dred_reference.vocoder.interface import checked_features
from dred_reference.vocoder.sizes import FRAME_SIZE, LARGEST_PAST_SAMPLE, FloatArray

__all__ = [
    "PRIMING_VECTORS",
    "FeaturePrediction",
    "FrameVocoder",
    "PredictionState",
    "checked_frame",
    "checked_known",
    "checked_priming",
]

PRIMING_VECTORS = 2  # how far a vocoder looks ahead
PredictionState = tuple[NDArray[Any], ...]
"""A state that nobody changes: a step makes a new one."""


class FeaturePrediction(Protocol):
    """Follows speech frame by frame and says how it goes on, as `NetworkPrediction` does.

    Attributes
    ----------
    state : tuple of array
        All that it remembers. It can be kept, and set again later.
    """

    state: PredictionState

    def step(self, known: FloatArray) -> FloatArray:
        """Take the next frame.

        Parameters
        ----------
        known : array of float64, shape (57,)
            36 features of Burg's method, 20 acoustic features, and a flag: 1 with both, -1 without the former
            (0), 0 without either (all 0).

        Returns
        -------
        array of float64, shape (20,)
            The features of this frame if nothing is known of it, else those that it expects next.
        """
        ...


class FrameVocoder(Protocol):
    """A vocoder that goes on from past audio; those of `dred_reference.vocoder`, and native ones."""

    def start(self, past: NDArray[np.float32], features: NDArray[np.float32], /) -> None:
        """Go on from the last 320 samples and five feature frames (5, 20), see `SpeechSynthesis.start`."""
        ...

    def frame(self, features: NDArray[np.float32], /) -> NDArray[Any]:
        """Return the next 160 samples with 20 features, see `SpeechSynthesis.frame`."""
        ...


@clause("PLC-history")
def checked_frame(samples: ArrayLike) -> FloatArray:
    """Return a frame of speech, or a part of one, as float64, or raise N3."""
    frame = np.asarray(samples, dtype=np.float64)
    if frame.ndim != 1 or len(frame) > FRAME_SIZE:
        raise FeatureError("N3", f"a frame of shape {frame.shape}, not ({FRAME_SIZE},) at most")
    refused = np.flatnonzero(~(np.abs(frame) <= LARGEST_PAST_SAMPLE))
    if refused.size:
        where = int(refused[0])
        raise FeatureError("N3", f"sample {frame[where]} is not within {LARGEST_PAST_SAMPLE:g}", where)
    return frame


def checked_known(features: ArrayLike | None) -> FloatArray | None:
    """Return features as float64, or None where they are not known, or raise N3."""
    return None if features is None else checked_features(features)


@clause("PLC-conceal")
def checked_priming(priming: Sequence[ArrayLike | None]) -> list[FloatArray | None]:
    """Return two feature frames, each of which may be unknown, or raise N3."""
    if len(priming) != PRIMING_VECTORS:
        raise FeatureError("N3", f"{len(priming)} frames for priming, not {PRIMING_VECTORS}")
    return [checked_known(features) for features in priming]
