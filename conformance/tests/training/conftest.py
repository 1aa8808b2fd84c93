"""What the tests of training share: a configuration of a toy, and features that nobody spoke."""

import signal
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from dred_conformance.cli.main import app
from dred_training.configuration import Configuration, configuration_from
from dred_training.feature_store import FeatureStore, write_store

TOY = {
    "name": "toy",
    "seed": 3,
    "network": {
        **{"latent_dim": 6, "state_dim": 5, "encoder_dense": 16, "encoder_gru": 8, "encoder_conv": 16},
        **{
            "encoder_hidden": 24,
            "decoder_hidden": 16,
            "decoder_dense": 24,
            "decoder_gru": 16,
            "decoder_conv": 8,
        },
    },
    "rate": {"latent_warmup": 10, "state_warmup": 10},
    "sparsity": {
        **{"start": 0.2, "stop": 0.6, "every": 2},
        "densities": {"dec_output": [0.5], "dec_gru2_input": [0.5, 0.3, 0.6]},
    },
    "training": {
        **{"steps": 6, "batch": 4, "frames": 24, "longest_chunk": 4, "warmup": 2},
        **{"checkpoint_every": 2, "log_every": 1},
    },
}


@pytest.fixture(scope="session")
def configuration() -> Configuration:
    return configuration_from(TOY)


def smooth_features(seed: int, frames: int) -> np.ndarray:
    """Return features that move as slowly as those of speech."""
    source = np.random.default_rng(seed)
    noise = source.standard_normal((frames + 20, 20))
    kernel = np.hanning(20)[:, np.newaxis]
    smooth = np.array([(noise[t : t + 20] * kernel).sum(0) for t in range(frames)]) / 3
    smooth[:, 19] = np.clip(smooth[:, 19], -0.5, 0.5)
    return smooth.astype(np.float32)


@pytest.fixture(scope="session")
def smooth() -> Callable[[int, int], np.ndarray]:
    """A maker of features that nobody spoke: ``smooth(seed, frames)``."""
    return smooth_features


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> FeatureStore:
    folder = tmp_path_factory.mktemp("features")
    return write_store(folder, [("a", smooth_features(1, 120)), ("b", smooth_features(2, 75))], "tracker")


def run(*arguments: Any) -> tuple[int, str]:
    """Run a command; the handlers of signals that it sets are taken back."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


@pytest.fixture(scope="session")
def dred() -> Callable[..., tuple[int, str]]:
    """The command, in this process: ``dred("train", ...)`` gives exit code and output."""
    return run
