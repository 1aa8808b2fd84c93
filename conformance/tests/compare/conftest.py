"""Features and speech whose comparison can be computed by hand."""

import numpy as np
import pytest
from numpy.typing import NDArray

Array = NDArray[np.float64]


@pytest.fixture
def features() -> Array:
    """A hundred frames: the even ones voiced, with values that float32 holds exactly."""
    generator = np.random.default_rng(20)
    frames = np.round(generator.normal(size=(100, 20)) * 64) / 64
    frames[:, 19] = np.where(np.arange(100) % 2 == 0, 0.5, 0.125)
    return frames


def tone(hertz: float, samples: int, amplitude: float = 8000) -> Array:
    return amplitude * np.sin(2 * np.pi * hertz * np.arange(samples) / 16000)


@pytest.fixture
def speech() -> Array:
    """Half a second that is voiced throughout, of whole samples, with some noise in every band."""
    generator = np.random.default_rng(16)
    harmonics = sum(tone(100 * number, 8000, 4000 / number) for number in range(1, 30))
    return np.round(harmonics + generator.normal(scale=20, size=8000))
