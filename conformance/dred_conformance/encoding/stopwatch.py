"""Where the time goes, stage by stage."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dred_reference.encoding import LatentEncoder
from dred_reference.network import EncoderNetwork
from dred_reference.redundancy import FrameAnalysis

__all__ = ["Stopwatch", "TimedAnalysis", "TimedEncoder"]


class Stopwatch:
    """Adds up the seconds of each stage.

    Attributes
    ----------
    seconds
        By stage.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what happens inside for the stage `name`."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


class TimedAnalysis:
    """A feature extractor whose time is counted as ``features``."""

    def __init__(self, extractor: FrameAnalysis, stopwatch: Stopwatch) -> None:
        self._extractor = extractor
        self._stopwatch = stopwatch

    def frame(self, samples: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the features of a frame."""
        with self._stopwatch.stage("features"):
            return self._extractor.frame(samples)


class TimedEncoder(LatentEncoder):
    """An encoder network whose time is counted as ``network``."""

    def __init__(self, network: EncoderNetwork, stopwatch: Stopwatch) -> None:
        super().__init__(network)
        self._stopwatch = stopwatch

    def step(self, features: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Encode 20 ms."""
        with self._stopwatch.stage("network"):
            return super().step(features)
