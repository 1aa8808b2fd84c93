"""A prediction, an analysis and a vocoder that compute little and write down what they are asked."""

from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dred_reference.analysis import FeatureExtractor, PitchTracker
from dred_reference.concealment.interface import PredictionState

Floats = NDArray[np.float64]

MIXING = np.random.default_rng(20).normal(0, 0.3, (20, 77))


class RecordingPrediction:
    """A recurrent layer; `steps` are the inputs, `flags` their last numbers."""

    def __init__(self) -> None:
        self.state: PredictionState = (np.zeros(20),)
        self.steps: list[Floats] = []

    @property
    def flags(self) -> list[float]:
        return [float(known[56]) for known in self.steps]

    def step(self, known: Floats) -> Floats:
        self.steps.append(known)
        self.state = (np.tanh(MIXING @ np.concatenate([self.state[0], known])),)
        return 3 * self.state[0]


class RecordingExtractor(FeatureExtractor):
    """Features that are the first sample of the frame, in all places; `frames` are those samples."""

    def __init__(self) -> None:
        super().__init__(PitchTracker())
        self.frames: list[float] = []

    def __deepcopy__(self, memory: dict[int, Any]) -> Self:
        return self

    def frame(self, samples: ArrayLike) -> Floats:
        array = np.asarray(samples)
        assert array.shape == (160,)
        self.frames.append(float(array[0]))
        return np.full(36, array[0] / 32768)


@dataclass
class RecordingVocoder:
    """Frames of one value that depends on all features since the start; they go beyond full scale."""

    starts: list[tuple[NDArray[np.float32], NDArray[np.float32]]] = field(default_factory=list)
    features: list[NDArray[np.float32]] = field(default_factory=list)
    _sum: float = 0.0

    def start(self, past: NDArray[np.float32], features: NDArray[np.float32]) -> None:
        assert past.dtype == features.dtype == np.float32
        assert past.shape == (320,)
        assert features.shape == (5, 20)
        self.starts.append((past, features))
        self._sum = float(past.sum() / 320 + features.sum() / 100)

    def frame(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        assert self.starts
        assert features.dtype == np.float32
        assert features.shape == (20,)
        self.features.append(features)
        self._sum = 0.5 * self._sum + float(features.mean()) / 3
        return np.full(160, self._sum)


def good_frame(number: int) -> Floats:
    """Return a frame that says which one it is."""
    return np.full(160, (number + 1) / 1024)
