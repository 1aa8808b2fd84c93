"""The order of the network, on networks of zeros in which a few numbers are not."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from math import exp, tanh
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from dred_model import named_synthetic_model
from dred_reference.feature import PROFILES, VARIANTS, decode_features, to_float32
from dred_reference.network import DecoderNetwork, Int8Layer

ALL_PROFILES = (*PROFILES, *VARIANTS)
STATE, LATENT = [0.0] * 3, [0.0] * 5
Seen = dict[str, list[NDArray[Any]]]


@cache
def random_network() -> DecoderNetwork:
    return named_synthetic_model("synthetic-6-4x3-net8x8x8x8").to_reference_network()


def zeros_but(**changes: Callable[[Any], None]) -> DecoderNetwork:
    """Return a network of zeros; each change gets a layer to fill. An int8 weight of 1 is worth 1/4 there."""
    layers = {}
    for name, layer in random_network().layers.items():
        parts = {part: np.zeros_like(getattr(layer, part)) for part in ("weights", "bias")}
        if isinstance(layer, Int8Layer):
            parts["scale"] = np.full_like(layer.scale, 0.25 / 127)
            parts["subias"] = None  # to be derived
        layers[name] = replace(layer, **parts)
        if name in changes:
            changes[name](layers[name])
    return replace(random_network(), layers=layers)


def bias(*values: float, first: int = 0) -> Callable[[Any], None]:
    def change(layer: Any) -> None:
        layer.bias[first : first + len(values)] = values

    return change


def weight(row: int, column: int, value: float) -> Callable[[Any], None]:
    def change(layer: Any) -> None:
        layer.weights[row, column] = value

    return change


def both(*changes: Callable[[Any], None]) -> Callable[[Any], None]:
    def change(layer: Any) -> None:
        for one in changes:
            one(layer)

    return change


def run(network: DecoderNetwork, profile: str, steps: int = 1) -> tuple[Seen, NDArray[Any]]:
    """Decode zeros; return every vector as real numbers, and the features."""
    seen: Seen = {}

    def record(name: str, vector: NDArray[Any]) -> None:
        is_q16 = name.startswith("dec_") or name in ("state", "latent")
        unit = 1 if profile != "fixed" else 65536 if is_q16 else 32768
        seen.setdefault(name, []).append(vector / unit)

    features = decode_features(STATE, [LATENT] * steps, network, profile, record)
    return seen, to_float32(features) if profile == "fixed" else features


def sigmoid(x: float) -> float:
    return 1 / (1 + exp(-x))


every_profile = pytest.mark.parametrize("profile", ALL_PROFILES)
NEAR = {"float64": 1e-7, "fixed": 1e-4, "int8": 0.01, "int8-c": 0.01}  # biases are float32 in any case


@every_profile
@pytest.mark.clause("DRED-net-output", "FIX-output")
def test_features_come_in_the_order_of_the_rows(profile: str) -> None:
    numbers = np.arange(80) / 16
    _, features = run(zeros_but(dec_output=bias(*numbers)), profile)
    assert features.tolist() == numbers.reshape(4, 20).tolist()


@every_profile
@pytest.mark.clause("DRED-net-start", "FIX-start")
def test_start(profile: str) -> None:
    """Row 11 of dec_gru_init reads hidden value 3 and is value 3 of the second state."""
    network = zeros_but(dec_hidden_init=bias(0.75, first=3), dec_gru_init=weight(11, 3, 6))
    seen, _ = run(network, profile)
    near = NEAR[profile]
    assert seen["hidden_init"][0][3] == pytest.approx(tanh(0.75), abs=near)
    assert seen["gru2.state"][0][3] == pytest.approx(tanh(1.5 * tanh(0.75)), abs=near)
    assert (
        np.count_nonzero(np.abs(np.concatenate([seen[f"gru{k}.state"][0] for k in range(1, 6)])) > 0.01) == 1
    )


@every_profile
@pytest.mark.clause("DRED-net-gru", "FIX-gru")
def test_gru(profile: str) -> None:
    """Biases of z, r and c in that order; r acts on the recurrent part of c, bias included."""
    network = zeros_but(
        dec_gru_init=bias(0.5, first=8),
        dec_gru2_input=both(bias(0.3), bias(-0.4, first=8), bias(0.2, first=16)),
        dec_gru2_recurrent=both(bias(0.1), bias(0.2, first=8), bias(0.7, first=16), weight(16, 0, 8)),
    )
    seen, _ = run(network, profile)
    old = tanh(0.5)
    z, r = sigmoid(0.3 + 0.1), sigmoid(-0.4 + 0.2)
    c = tanh(0.2 + r * (0.7 + 2 * old))
    near = NEAR[profile]
    assert seen["gru2.z"][0][0] == pytest.approx(z, abs=near)
    assert seen["gru2.r"][0][0] == pytest.approx(r, abs=near)
    assert seen["gru2.c"][0][0] == pytest.approx(c, abs=near)
    assert seen["gru2.state"][1][0] == pytest.approx(z * old + (1 - z) * c, abs=near)


@every_profile
@pytest.mark.clause("DRED-net-glu", "FIX-glu")
def test_glu_gates_what_goes_on_but_not_the_state(profile: str) -> None:
    network = zeros_but(
        dec_gru_init=bias(0.5, first=16),
        dec_gru3_input=bias(20.0),
        dec_glu3=both(bias(-1.0), weight(0, 0, 4)),
    )
    seen, _ = run(network, profile, steps=2)
    h = tanh(0.5)  # an update gate of 20 keeps the state
    near = NEAR[profile]
    assert [float(state[0]) for state in seen["gru3.state"]] == pytest.approx([h] * 3, abs=near)
    assert seen["glu3"][1][0] == pytest.approx(h * sigmoid(h - 1), abs=near)


@every_profile
@pytest.mark.clause("DRED-net-conv", "FIX-conv")
def test_the_previous_input_of_a_convolution_comes_first(profile: str) -> None:
    network = zeros_but(
        dec_conv_dense1=bias(0.5), dec_conv1=both(weight(0, 0, 4), weight(1, 8, 4))
    )  # row 0 reads the previous value, row 1 the current one
    seen, _ = run(network, profile, steps=2)
    near = NEAR[profile]
    current = tanh(tanh(0.5))
    assert seen["conv1"][0][:2] == pytest.approx([0, current], abs=near)
    assert seen["conv1"][1][:2] == pytest.approx([current, current], abs=near)


@every_profile
@pytest.mark.clause("DRED-net-concat", "FIX-step")
def test_the_buffer_is_the_concatenation_of_all_outputs(profile: str) -> None:
    """Each part gets a value of its own; the output reads one value of each."""
    updates = {f"dec_gru{k}_input": bias(30.0, 30.0) for k in range(1, 6)}
    halves = {f"dec_conv{k}": bias(0.0, -0.2 - 0.1 * k) for k in range(1, 6)}
    states = [value for k in range(1, 6) for value in (0, 0.25 * k, 0, 0, 0, 0, 0, 0)]
    picks = [weight(row, 8 * row + 1, 4) for row in range(11)]  # the second value of every part
    network = zeros_but(
        **updates, **halves, dec_gru_init=bias(*states), dec_dense1=bias(0, 0.9), dec_output=both(*picks)
    )
    _, features = run(network, profile)
    wanted = [tanh(0.9)]
    for k in range(1, 6):
        wanted += [tanh(0.25 * k) / 2, tanh(-0.2 - 0.1 * k)]  # a gate of zero halves
    assert features[0, :11].tolist() == pytest.approx(wanted, abs=2 * NEAR[profile])
    assert not features[0, 11:].any()


@every_profile
@pytest.mark.clause("DRED-net-input", "FIX-input")
def test_the_level_value_is_the_last_input(profile: str) -> None:
    network = zeros_but(dec_dense1=both(weight(0, 4, 1.0), weight(1, 0, -1.0)))
    dense = []
    decode_features(
        STATE,
        [[0.5, 0, 0, 0, -0.25]],
        network,
        profile,
        lambda name, vector: dense.append(vector) if name == "dec_dense1" else None,
    )
    unit = 65536 if profile == "fixed" else 1
    assert (dense[0] / unit)[:3].tolist() == [-0.25, -0.5, 0.0]
