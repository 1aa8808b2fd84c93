"""Histories of speech without speech: an extractor that counts, and a small encoder network."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from dred_model import ModelBundle, named_synthetic_model
from dred_reference.encoding import LatentEncoder
from dred_reference.redundancy import SpeechHistory
from dred_reference.tables import QuantiserTables

MODEL = "synthetic-9-7x9-enc8x8x8x8"


@dataclass
class StubExtractor:
    """Features that tell which samples they were made of: the first is their mean, the second their count."""

    frames: list[NDArray[np.float64]] = field(default_factory=list)

    def frame(self, samples: NDArray[np.float64]) -> NDArray[np.float64]:
        self.frames.append(samples.copy())
        features = np.zeros(36)
        features[:2] = np.mean(samples) / 4096, len(self.frames) % 5
        return features


@pytest.fixture(scope="session")
def encoder_model() -> ModelBundle:
    """A small synthetic model with an encoder network."""
    return named_synthetic_model(MODEL)


@pytest.fixture(scope="session")
def encoder_tables(encoder_model: ModelBundle) -> QuantiserTables:
    """Its tables."""
    return encoder_model.tables.to_reference_tables()


@pytest.fixture
def make_history(encoder_model: ModelBundle) -> Callable[..., tuple[SpeechHistory, StubExtractor]]:
    """A maker of histories at their start, with the extractor of each."""

    def make(
        rate: int = 16000, channels: int = 1, extra_delay: int | None = None
    ) -> tuple[SpeechHistory, StubExtractor]:
        extractor = StubExtractor()
        encoder = LatentEncoder(encoder_model.to_reference_encoder())
        return SpeechHistory(rate, channels, encoder, extractor, extra_delay=extra_delay), extractor

    return make
