"""What the official encoder makes of speech comes back from the official decoder, at the right time."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from dred_model import ModelBundle
from dred_reference.encoding import LatentEncoder
from dred_reference.feature import decode_features
from dred_reference.latent import dequantise, quantise
from dred_reference.network import EncoderNetwork
from dred_reference.payload import Payload

pytestmark = [pytest.mark.interop, pytest.mark.official_model]
LATENTS = 13  # half a second
PITCH, CORRELATION = 18, 19
Features = NDArray[np.float64]
Distance = Callable[[Features], Callable[..., float]]


@pytest.fixture(scope="module")
def features(interop_dir: Path) -> Features:
    """The features of a real extractor, 20 per 10 ms, oldest first: four seconds."""
    path = interop_dir / "compare" / "ls_en_2033_0.features.f32"
    return np.fromfile(path, dtype="<f4").reshape(-1, 20)[:400].astype(np.float64)


def encode(network: EncoderNetwork, features: Features) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    encoder = LatentEncoder(network)
    pairs = [encoder.step(step) for step in features.reshape(-1, 40)]
    return np.array([p[0] for p in pairs], np.float32), np.array([p[1] for p in pairs], np.float32)


def errors(
    model: ModelBundle,
    encoded: tuple[NDArray[np.float32], ...],
    features: Features,
    level: int,
    shift: int = 0,
) -> Features:
    """Return (packets, feature frames, 20) errors: decoded vector j should be frame ``end - j``."""
    latents, states = encoded
    tables, network = model.tables.to_reference_tables(), model.to_reference_network()
    found = []
    for last in range(40, len(latents) - 2, 12):
        rows = latents[last - 2 * np.arange(LATENTS)]
        symbols = quantise(states[last], rows, level, 0, 15, tables)
        payload = Payload(level, 0, 15, 10, symbols.state, symbols.latents, (level,) * LATENTS, 0, 0)
        values = dequantise(payload, tables)
        decoded = decode_features(values.state, values.latents, network)
        end = 2 * last + 1 + shift
        found.append(features[end - np.arange(4 * LATENTS)] - decoded)
    return np.array(found)


def total(errors: Features) -> float:
    """The working group's total: all features but the pitch."""
    return float(np.sqrt(np.delete(np.mean(errors**2, axis=(0, 1)), PITCH).sum()))


@pytest.fixture(scope="module")
def encoded(official_model: ModelBundle, features: Features) -> tuple[NDArray[np.float32], ...]:
    return encode(official_model.to_reference_encoder(), features)


@pytest.mark.clause("ENC-net-latent", "ENC-net-state", "DRED-net-order")
def test_features_come_back(
    official_model: ModelBundle, encoded: tuple[NDArray[np.float32], ...], features: Features
) -> None:
    """The codec is lossy: about 1 in total, of 9.6 that the features vary by; .03 octaves in pitch."""
    at_best, at_worst = (errors(official_model, encoded, features, level) for level in (0, 8))
    variation = float(np.sqrt(np.delete(np.var(features, axis=0), PITCH).sum()))
    assert variation > 8
    assert 0.5 < total(at_best) < 1.1
    assert total(at_best) < total(at_worst) < 2
    assert np.sqrt(np.mean(at_best[:, :, 0] ** 2)) < 0.5
    assert np.abs(at_best[:, :, PITCH]).mean() < 0.05


@pytest.mark.clause("ENC-net-latent", "ENC-net-input", "ENC-step")
@pytest.mark.parametrize("shift", [-2, -1, 1, 2])
def test_they_come_back_at_their_time(
    official_model: ModelBundle, encoded: tuple[NDArray[np.float32], ...], features: Features, shift: int
) -> None:
    """Ten milliseconds off would double the error."""
    right = total(errors(official_model, encoded, features, 4))
    assert total(errors(official_model, encoded, features, 4, shift)) > 1.7 * right


@pytest.mark.clause("ENC-net-input", "ENC-net-conv")
def test_another_order_of_frames_or_another_dilation_would_show(
    official_model: ModelBundle,
    encoded: tuple[NDArray[np.float32], ...],
    features: Features,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network = official_model.to_reference_encoder()
    right = total(errors(official_model, encoded, features, 4))
    swapped = features.reshape(-1, 2, 20)[:, ::-1].reshape(-1, 20)
    assert total(errors(official_model, encode(network, swapped), features, 4)) > 1.3 * right
    monkeypatch.setattr("dred_reference.encoding.steps.DILATIONS", dict.fromkeys(range(1, 6), 1))
    assert total(errors(official_model, encode(network, features), features, 4)) > 2 * right
