"""The encoder network: arrays become layers, and steps are those of facts 5.3, written down again here."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from dred_model import ModelBundle, named_synthetic_model
from dred_reference.encoding import LatentEncoder
from dred_reference.errors import FeatureError
from dred_reference.network import (
    ENCODER_LAYER_NAMES,
    EncoderNetwork,
    FloatLayer,
    Int8Layer,
    encoder_network,
    read_blob,
)

Arrays = dict[str, NDArray[Any]]
LATENT_DIM, STATE_DIM = 7, 9
WIDTHS = (16, 8, 24, 32)  # dense, GRU, convolution, hidden: no two alike, but for an official 64


@pytest.fixture(scope="module")
def model() -> ModelBundle:
    return named_synthetic_model("synthetic-9-7x9-enc16x8x24x32")


@pytest.fixture
def arrays(model: ModelBundle) -> Arrays:
    assert model.weights_blob
    return read_blob(model.weights_blob)


def real_weights(arrays: Arrays, name: str, inputs: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return matrix and bias of a layer, read from its arrays byte by byte."""
    bias = arrays[f"{name}_bias"].astype(np.float64)
    if f"{name}_weights_float" in arrays:
        return arrays[f"{name}_weights_float"].reshape(inputs, -1).T.astype(np.float64), bias
    weights = iter(arrays[f"{name}_weights_int8"].tolist())
    scale = arrays[f"{name}_scale"].astype(np.float64)
    matrix = np.zeros((len(bias), inputs))
    index = iter(arrays[f"{name}_weights_idx"].tolist()) if f"{name}_weights_idx" in arrays else None
    for group in range(0, len(bias), 8):
        columns = range(0, inputs, 4) if index is None else [next(index) for _ in range(next(index))]
        for column in columns:
            for row in range(group, group + 8):
                for offset in range(4):
                    matrix[row, column + offset] += 127 * scale[row] * next(weights)
    return matrix, bias


def sigmoid(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-values))


def expected_steps(
    arrays: Arrays, features: NDArray[np.float64]
) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """The encoder over a whole sequence, with all earlier activations kept in lists instead of memories."""
    dense, gru, conv, hidden = WIDTHS
    states: list[list[NDArray[np.float64]]] = [[np.zeros(gru)] for _ in range(5)]
    currents: list[list[NDArray[np.float64]]] = [[np.zeros(conv)] * 2 for _ in range(5)]
    layers: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]] = {}

    def linear(name: str, vector: NDArray[np.float64]) -> NDArray[np.float64]:
        if name not in layers:
            layers[name] = real_weights(arrays, name, len(vector))
        matrix, bias = layers[name]
        return matrix @ vector + bias

    for x in features:
        parts = [np.tanh(linear("enc_dense1", x))]
        for block in range(5):
            k = block + 1
            old = states[block][-1]
            inner = linear(f"enc_gru{k}_input", np.concatenate(parts))
            outer = linear(f"enc_gru{k}_recurrent", old)
            z = sigmoid(inner[:gru] + outer[:gru])
            r = sigmoid(inner[gru : 2 * gru] + outer[gru : 2 * gru])
            h = np.tanh(inner[2 * gru :] + r * outer[2 * gru :])
            states[block].append(z * old + (1 - z) * h)
            parts.append(states[block][-1])
            current = np.tanh(linear(f"enc_conv_dense{k}", np.concatenate(parts)))
            dilation = 1 if k == 1 else 2
            before = currents[block][-dilation]
            currents[block].append(current)
            parts.append(np.tanh(linear(f"enc_conv{k}", np.concatenate([before, current]))))
        buffer = np.concatenate(parts)
        assert len(buffer) == dense + 5 * (gru + conv)
        inner = np.tanh(linear("gdense1", buffer))
        assert len(inner) == hidden
        yield linear("enc_zdense", buffer)[:LATENT_DIM], linear("gdense2", inner)[:STATE_DIM]


@pytest.mark.clause(
    "ENC-net-weights", "ENC-net-start", "ENC-net-input", "ENC-net-concat", "ENC-net-gru", "ENC-net-conv",
    "ENC-net-latent", "ENC-net-state",
)  # fmt: skip
def test_steps_are_those_of_the_text(model: ModelBundle, arrays: Arrays) -> None:
    features = np.random.default_rng(4).normal(0, 3, (12, 40))
    encoder = LatentEncoder(model.to_reference_encoder())
    assert (encoder.latent_dim, encoder.state_dim) == (LATENT_DIM, STATE_DIM)
    for x, (latent, state) in zip(features, expected_steps(arrays, features), strict=True):
        found_latent, found_state = encoder.step(x)
        assert np.abs(found_latent - latent).max() < 1e-10
        assert np.abs(found_state - state).max() < 1e-10
    assert np.abs(latent).max() > 0.1


@pytest.mark.clause("ENC-net-start")
def test_encoders_of_one_network_do_not_share_state(model: ModelBundle) -> None:
    network = model.to_reference_encoder()
    first, second = LatentEncoder(network), LatentEncoder(network)
    x = np.linspace(-2, 2, 40)
    once = first.step(x)
    first.step(-x)
    again = second.step(x)
    assert np.array_equal(once[0], again[0])
    assert np.array_equal(once[1], again[1])
    assert not np.array_equal(first.step(x)[0], once[0])


def test_a_record_receives_every_vector_in_order(model: ModelBundle) -> None:
    names: list[str] = []
    sizes: dict[str, int] = {}

    def record(name: str, vector: NDArray[Any]) -> None:
        names.append(name)
        sizes[name] = len(vector)

    LatentEncoder(model.to_reference_encoder(), record).step(np.zeros(40))
    assert names[:3] == ["features", "enc_dense1", "dense1"]
    assert names[-4:] == ["enc_zdense", "gdense1", "gdense1.tanh", "gdense2"]
    assert {name for name in names if name in ENCODER_LAYER_NAMES} == set(ENCODER_LAYER_NAMES)
    assert (sizes["gru3.state"], sizes["conv3"], sizes["gdense2"]) == (8, 24, 16)


@pytest.mark.parametrize(
    ("features", "position"),
    [
        (np.zeros(39), None),
        (np.zeros((2, 20)), None),
        (np.where(np.arange(40) == 7, np.nan, 0), 7),
        (np.where(np.arange(40) == 39, np.inf, 0), 39),
    ],
)
def test_features_that_are_none_are_refused_and_leave_the_encoder_as_it_was(
    model: ModelBundle, features: NDArray[np.float64], position: int | None
) -> None:
    encoder, other = LatentEncoder(model.to_reference_encoder()), LatentEncoder(model.to_reference_encoder())
    with pytest.raises(FeatureError) as caught:
        encoder.step(features)
    assert (caught.value.rule, caught.value.position) == ("N3", position)
    assert np.array_equal(encoder.step(np.ones(40))[0], other.step(np.ones(40))[0])


def refusal(arrays: Arrays, latent_dim: int = LATENT_DIM, state_dim: int = STATE_DIM) -> str:
    with pytest.raises(FeatureError) as caught:
        encoder_network(arrays, latent_dim, state_dim)
    assert caught.value.rule == "N1"
    return caught.value.message


@pytest.mark.clause("ENC-net-weights")
@pytest.mark.parametrize("name", ENCODER_LAYER_NAMES)
def test_a_layer_that_is_missing_is_named(arrays: Arrays, name: str) -> None:
    kind = "weights_float" if name == "enc_dense1" else "scale"
    del arrays[f"{name}_{kind}"]
    assert refusal(arrays) == f"{name}: there is no {name}_{kind}"


@pytest.mark.clause("ENC-net-weights", "ENC-net-concat")
@pytest.mark.parametrize(
    ("name", "inputs", "outputs", "message"),
    [
        ("enc_gru1_input", 16, 40, "40 outputs are no three gates"),
        ("enc_gru2_recurrent", 8, 48, "48 outputs, not 24"),
        ("enc_conv1", 24, 24, "576 weights of int8, not 36 blocks"),
        ("enc_zdense", 176, 16, ""),
    ],
)
def test_a_layer_of_another_size_is_refused(
    arrays: Arrays, name: str, inputs: int, outputs: int, message: str
) -> None:
    for part in ("bias", "scale"):
        arrays[f"{name}_{part}"] = np.ones(outputs, dtype=np.float32)
    arrays.pop(f"{name}_weights_idx", None)
    arrays[f"{name}_weights_int8"] = np.ones(inputs * outputs, dtype=np.int8)
    if message:
        assert message in refusal(arrays)
    else:
        assert encoder_network(arrays, LATENT_DIM, STATE_DIM).layers[name].outputs == outputs


@pytest.mark.clause("ENC-net-latent", "ENC-net-state")
@pytest.mark.parametrize(("latent_dim", "state_dim"), [(9, 9), (0, 9), (7, 17), (7, 0)])
def test_more_values_than_outputs_are_refused(arrays: Arrays, latent_dim: int, state_dim: int) -> None:
    assert "needed" in refusal(arrays, latent_dim, state_dim)


def test_a_layer_of_the_wrong_kind_is_refused(model: ModelBundle) -> None:
    network = model.to_reference_encoder()
    wrong = FloatLayer("enc_zdense", np.ones((8, 176), dtype=np.float32), np.ones(8, dtype=np.float32))
    with pytest.raises(FeatureError, match="a FloatLayer, not a Int8Layer"):
        EncoderNetwork(LATENT_DIM, STATE_DIM, {**network.layers, "enc_zdense": wrong})
    assert isinstance(network.layers["enc_zdense"], Int8Layer)


@pytest.mark.official_model
def test_the_official_encoder_has_the_widths_of_the_text(official_model: ModelBundle) -> None:
    network = official_model.to_reference_encoder()
    assert (network.latent_dim, network.state_dim) == (25, 50)
    sizes = {name: (layer.inputs, layer.outputs) for name, layer in network.layers.items()}
    assert sizes["enc_dense1"] == (40, 64)
    assert [sizes[f"enc_gru{k}_input"] for k in range(1, 6)] == [
        (inputs, 96) for inputs in (64, 160, 256, 352, 448)
    ]
    assert [sizes[f"enc_conv_dense{k}"] for k in range(1, 6)] == [
        (inputs, 64) for inputs in (96, 192, 288, 384, 480)
    ]
    assert (sizes["enc_zdense"], sizes["gdense1"], sizes["gdense2"]) == ((544, 32), (544, 128), (128, 56))
