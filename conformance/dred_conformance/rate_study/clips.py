"""Clips as latents: what an encoder has at hand, and the features that it stands for."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dred_conformance.encoding.model import EncoderModel
from dred_conformance.encoding.speech_file import read_speech
from dred_reference.analysis import FeatureExtractor, NetworkPitch, PitchTracker
from dred_reference.encoding import LatentEncoder
from dred_reference.redundancy.activity import ACTIVE, ACTIVITY_UNITS
from dred_reference.resampling import Resampler

__all__ = ["LATENTS", "Clip", "Moment", "analysed_clips", "moments"]

LATENTS = 26  # 1.04 s
FRAMES_PER_STEP = 2
STEPS_PER_LATENT = 2
FRAMES_PER_LATENT = 4
FRAME_SAMPLES = 160
NEWEST_OFFSET = 10  # of packets of 20 ms; only the header depends on it


@dataclass(frozen=True, eq=False)
class Clip:
    """One clip.

    Attributes
    ----------
    name : str
    features : array of float64, shape (frames, 20)
        10 ms each.
    latents : array of float32, shape (frames // 2, latent_dim)
        Of every 20 ms.
    states : array of float32, shape (frames // 2, state_dim)
    """

    name: str
    features: NDArray[np.float64]
    latents: NDArray[np.float32]
    states: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Moment:
    """A history at which somebody speaks all the time, as rate rules and writers read it.

    Attributes
    ----------
    latents, states
        Newest first, 20 ms apart.
    truth : array of float64, shape (104, 20)
        The features of the last 1.04 s, newest first.
    """

    latents: NDArray[np.float32]
    states: NDArray[np.float32]
    truth: NDArray[np.float64]
    activity: NDArray[np.uint8]
    dred_offset: int = NEWEST_OFFSET
    latent_offset: int = 0


def analysed_clips(
    paths: Iterable[Path], model: EncoderModel, advance: Callable[[], None] = lambda: None
) -> Iterator[Clip]:
    """Read clips and encode them.

    Parameters
    ----------
    paths
        WAV or FLAC.
    model
        With an encoder network.
    advance
        Called after each clip.

    Raises
    ------
    StreamError
        A clip cannot be read.
    """
    for path in paths:
        speech = read_speech(path, channels=1)
        signal = Resampler(speech.sampling_rate, 1).process(speech.samples[:, 0])
        pitch = PitchTracker() if model.pitch_network is None else NetworkPitch(model.pitch_network)
        extractor, encoder = FeatureExtractor(pitch), LatentEncoder(model.encoder_network)
        count = len(signal) // (FRAME_SAMPLES * FRAMES_PER_STEP)
        frames = signal[: count * FRAME_SAMPLES * FRAMES_PER_STEP].reshape(-1, FRAME_SAMPLES)
        features = np.array([extractor.frame(frame)[:20] for frame in frames]).reshape(-1, 20)
        steps = [encoder.step(pair) for pair in features.reshape(count, -1)]
        latents = np.array([latent for latent, _ in steps], dtype=np.float32)
        yield Clip(
            path.stem,
            features,
            latents.reshape(count, encoder.latent_dim),
            np.array([state for _, state in steps], dtype=np.float32).reshape(count, encoder.state_dim),
        )
        advance()


def moments(clip: Clip) -> Iterator[Moment]:
    """Yield a moment for every 20 ms of a clip behind its first 1.04 s."""
    activity = np.full(ACTIVITY_UNITS, ACTIVE, dtype=np.uint8)
    for newest in range(STEPS_PER_LATENT * LATENTS - 1, len(clip.latents)):
        frames = FRAMES_PER_STEP * newest + 1 - np.arange(FRAMES_PER_LATENT * LATENTS)
        steps = slice(newest, None, -1)
        yield Moment(clip.latents[steps], clip.states[steps], clip.features[frames], activity)
