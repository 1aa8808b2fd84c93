"""Short signals, a small model, and streams made of them."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from dred_conformance.cli.main import app
from dred_conformance.encoding import (
    BaseSettings,
    EncodedPacket,
    EncoderModel,
    RateRequest,
    Speech,
    Stopwatch,
    StreamEncoder,
    load_encoder_model,
    make_rule,
    wire_to_write,
)

MODEL = "synthetic-5-net-enc"

Encode = Callable[..., tuple[StreamEncoder, list[EncodedPacket]]]


def voice(seconds: float, rate: int, channels: int = 1) -> NDArray[np.float32]:
    """A buzz of 140 Hz with formants that move, and some noise; the channels differ."""
    time = np.arange(round(seconds * rate)) / rate
    phase = 2 * np.pi * (140 * time + 3 * np.sin(2 * np.pi * 3 * time))
    buzz = sum(np.sin(k * phase) / k for k in range(1, 20) if 170 * k < rate / 2)
    noise = np.random.default_rng(7).standard_normal(len(time))
    signal = 0.12 * buzz * (1 + 0.5 * np.sin(2 * np.pi * 5 * time)) + 0.005 * noise
    return np.stack([signal * (1 - 0.3 * channel) for channel in range(channels)], axis=1).astype(np.float32)


@pytest.fixture(scope="session")
def opus() -> ModuleType:
    """The binding, where it was built."""
    module: ModuleType = pytest.importorskip("dred_opus", exc_type=ImportError)
    return module


@pytest.fixture(scope="session")
def speech() -> Callable[..., NDArray[np.float32]]:
    """The maker of signals above."""
    return voice


@pytest.fixture(scope="session")
def model() -> EncoderModel:
    """A synthetic model with an encoder."""
    return load_encoder_model(MODEL)


@pytest.fixture(scope="session")
def encode(opus: ModuleType, model: EncoderModel) -> Encode:
    """Encode samples, shape (samples, channels)."""

    def run(
        samples: NDArray[np.float32], rate: int = 48000, bitrate: int = 48000, *,
        rule: str = "ours", of: EncoderModel = model, wire: str | None = None,
        data_bytes: int | None = None, redundancy_ms: int = 1000, **settings: Any,
    ) -> tuple[StreamEncoder, list[EncodedPacket]]:  # fmt: skip
        base = BaseSettings(loss_percent=20, **settings)
        request = RateRequest(
            bitrate, base.duration_ms, 20, redundancy_ms, base.fec, base.mode != "cbr", data_bytes
        )
        encoder = StreamEncoder(
            Speech(samples, rate, rate), base, bitrate, make_rule(rule, request, of), of,
            wire_to_write(wire, of), stopwatch=Stopwatch(),
        )  # fmt: skip
        return encoder, list(encoder.packets())

    return run


@pytest.fixture
def dred() -> Callable[..., Any]:
    """Run the command line; a traceback fails the test."""

    def run(*arguments: str | Path) -> Any:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run
