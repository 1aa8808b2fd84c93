"""Whole rows of features to speech that lies where the features say, and speech as integers."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dred_reference.clauses import clause
from dred_reference.errors import FeatureError
from dred_reference.network.vocoder import VocoderNetwork
from dred_reference.vocoder.fargan import Vocoder
from dred_reference.vocoder.interface import SpeechSynthesis, checked_features
from dred_reference.vocoder.sizes import (
    CONTINUATION_SIZE,
    CONTINUATION_VECTORS,
    FEATURES,
    FRAME_SIZE,
    FloatArray,
)

__all__ = ["as_int16", "speak", "synthesise"]

FULL_SCALE = 32768.0
LARGEST_INTEGER = 32767.0
SYNTHESIS_DELAY = FRAME_SIZE // 2  # samples: the middle of the analysis window


@clause("VOC-integer")
def as_int16(samples: FloatArray) -> NDArray[np.int16]:
    """Return floor(1/2 + 32768 x), the product limited to -32767 .. 32767.

    Parameters
    ----------
    samples : array of float64
        Full scale is 1.
    """
    limited = np.clip(FULL_SCALE * samples, -LARGEST_INTEGER, LARGEST_INTEGER)
    integers: NDArray[np.int16] = np.floor(0.5 + limited).astype(np.int16)
    return integers


@clause("VOC-flow")
def speak(
    features: ArrayLike, vocoder: SpeechSynthesis, advance: Callable[[], None] = lambda: None
) -> NDArray[np.int16]:
    """Synthesise speech from silence on, as the deployed tool makes a file of a file.

    Parameters
    ----------
    features : array_like of float64, shape (n, 20)
        One row per 10 ms.
    vocoder : SpeechSynthesis
        Fresh.
    advance : callable
        Called after each frame, n + 1 times.

    Returns
    -------
    array of int16, shape (160 n,)
        16 kHz; row t of the features belongs to samples 160 t to 160 t + 159.

    Raises
    ------
    FeatureError
        N3: another shape, or a number that is not finite or beyond 2^10.
    """
    values = np.asarray(features, dtype=np.float64)
    if values.ndim != 2 or values.shape[1] != FEATURES:
        raise FeatureError("N3", f"features of shape {values.shape}, not (frames, {FEATURES})")
    count = len(values)
    if not count:
        return np.zeros(0, dtype=np.int16)
    checked_features(values, count)
    vocoder.start(np.zeros(CONTINUATION_SIZE), np.tile(values[0], (CONTINUATION_VECTORS, 1)))
    frames = []
    for vector in (*values[1:], values[-1], values[-1]):
        frames.append(vocoder.frame(vector))
        advance()
    samples = np.concatenate(frames)[SYNTHESIS_DELAY:]
    return as_int16(samples[: count * FRAME_SIZE])


@clause("VOC-flow")
def synthesise(features: ArrayLike, network: VocoderNetwork, profile: str = "float64") -> NDArray[np.int16]:
    """Synthesise speech with FARGAN; parameters, result and errors as for `speak` and `Vocoder`."""
    return speak(features, Vocoder(network, profile))
