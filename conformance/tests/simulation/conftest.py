"""Clips."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from dred_conformance.encoding import Speech

RATE = 48000


def buzz(seconds: float, pitch: float = 140.0) -> NDArray[np.float32]:
    """A voice-like sound that grows and fades, shape (samples, 1)."""
    time = np.arange(round(seconds * RATE)) / RATE
    phase = 2 * np.pi * (pitch * time + 3 * np.sin(2 * np.pi * 3 * time))
    tone = sum(np.sin(k * phase) / k for k in range(1, 20))
    noise = np.random.default_rng(7).standard_normal(len(time))
    signal = 0.12 * tone * (1 + 0.5 * np.sin(2 * np.pi * 5 * time)) + 0.005 * noise
    return signal[:, None].astype(np.float32)


@pytest.fixture(scope="session")
def speech() -> Speech:
    return Speech(buzz(1.5), RATE, RATE)


@pytest.fixture(scope="session")
def clip_files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two clips of a second."""
    soundfile = pytest.importorskip("soundfile", exc_type=ImportError)
    folder = tmp_path_factory.mktemp("clips")
    for name, pitch in (("high", 180.0), ("low", 110.0)):
        soundfile.write(folder / f"{name}.wav", buzz(1.0, pitch), RATE)
    return sorted(folder.iterdir())
