"""The analysis of a clip, done once for all the streams that are made of it.

Features and latents follow from the speech alone. Streams differ in bitrates, levels and expected losses, so
what an encoder computes frame by frame is kept and given to the next encoder of the same clip.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dred_conformance.encoding.model import EncoderModel
from dred_conformance.encoding.stopwatch import Stopwatch
from dred_reference.analysis import FeatureExtractor, NetworkPitch, PitchTracker
from dred_reference.encoding import LatentEncoder
from dred_reference.redundancy import SpeechHistory

__all__ = ["SharedAnalysis", "share_analysis"]

Vector = NDArray[np.float64]
Asked = TypeVar("Asked")
Kept = TypeVar("Kept")


class _Tape(Generic[Asked, Kept]):
    """The answers of something with a memory, in their order; asked for again they are played back."""

    def __init__(self, source: Callable[[Asked], Kept]) -> None:
        self._source = source
        self._answers: list[Kept] = []

    def at(self, place: int, asked: Asked) -> Kept:
        """Return the answer at a place; the one behind the last is asked for."""
        if place == len(self._answers):
            self._answers.append(self._source(asked))
        return self._answers[place]


class _PlayedFeatures:
    """A feature extractor at the start of the clip."""

    def __init__(self, tape: _Tape[Vector, Vector]) -> None:
        self._tape, self._place = tape, -1

    def frame(self, samples: Vector) -> Vector:
        """Return the features of the next 10 ms."""
        self._place += 1
        return self._tape.at(self._place, samples)


class _PlayedLatents(LatentEncoder):
    """An encoder network at the start of the clip."""

    def __init__(
        self, tape: _Tape[ArrayLike, tuple[Vector, Vector]], latent_dim: int, state_dim: int
    ) -> None:
        self.latent_dim, self.state_dim = latent_dim, state_dim
        self._tape, self._place = tape, -1

    def step(self, features: ArrayLike) -> tuple[Vector, Vector]:
        """Return latent and state of the next 20 ms."""
        self._place += 1
        return self._tape.at(self._place, features)


@dataclass(frozen=True)
class SharedAnalysis(EncoderModel):
    """A model whose histories share the analysis of one clip.

    Every stream must be of the same speech at the same rate and with the same delay of the base codec.
    """

    features: _Tape[Vector, Vector]
    latents: _Tape[ArrayLike, tuple[Vector, Vector]]

    def history(
        self,
        sampling_rate: int,
        channels: int,
        stopwatch: Stopwatch,  # noqa: ARG002  # the first stream pays for all: it would say nothing
        extra_delay: int,
    ) -> SpeechHistory:
        """Return a history in which there is no speech yet."""
        network = self.encoder_network
        return SpeechHistory(
            sampling_rate,
            channels,
            _PlayedLatents(self.latents, network.latent_dim, network.state_dim),
            _PlayedFeatures(self.features),
            extra_delay=extra_delay,
        )


def share_analysis(model: EncoderModel) -> SharedAnalysis:
    """Return a model for the streams of one clip."""
    pitch = PitchTracker() if model.pitch_network is None else NetworkPitch(model.pitch_network)
    return SharedAnalysis(
        model.name,
        model.experimental_version,
        model.tables,
        model.encoder_network,
        model.pitch_network,
        _Tape(FeatureExtractor(pitch).frame),
        _Tape(LatentEncoder(model.encoder_network).step),
    )
