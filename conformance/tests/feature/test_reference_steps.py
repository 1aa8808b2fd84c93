"""The order of the network, on networks of zeros in which a few numbers are not; and what it refuses."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from math import exp, tanh
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dred_model import named_synthetic_model
from dred_reference.errors import FeatureError
from dred_reference.feature import PROFILES, VARIANTS, FeatureDecoder, decode_features, to_float32
from dred_reference.feature.float64 import Float64Arithmetic
from dred_reference.feature.steps import Decoding
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


def injected(seed: int, count: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    generator = np.random.default_rng(seed)
    return (
        generator.standard_normal(3).astype(np.float32),
        generator.standard_normal((count, 5)).astype(np.float32),
    )


@every_profile
@pytest.mark.clause("DRED-net-order", "FIX-step", "FIX-start")
def test_all_at_once_is_step_by_step(profile: str) -> None:
    state, latents = injected(1, 5)
    whole = decode_features(state, latents, random_network(), profile)
    decoder = FeatureDecoder(random_network(), profile)
    for _ in range(2):  # a second start forgets the first payload
        decoder.start(state)
        steps = [decoder.step(latent) for latent in latents]
        assert np.array_equal(whole, np.concatenate(steps))
    part = decode_features(state, latents[:2], random_network(), profile)
    assert np.array_equal(whole[:8], part)


def test_types_and_shapes() -> None:
    state, latents = injected(2, 2)
    found = {profile: decode_features(state, latents, random_network(), profile) for profile in ALL_PROFILES}
    assert {profile: features.dtype for profile, features in found.items()} == {
        "float64": np.float64,
        "fixed": np.int32,
        "int8": np.float32,
        "int8-c": np.float32,
    }
    assert all(features.shape == (8, 20) for features in found.values())
    for profile in ALL_PROFILES:
        none = decode_features(state, [], random_network(), profile)
        assert (none.shape, none.dtype) == ((0, 20), found[profile].dtype)


@pytest.mark.clause("FIX-step", "DRED-net-order")
def test_the_record_names_every_vector_in_order() -> None:
    names: list[str] = []
    state, latents = injected(3, 1)
    decode_features(state, latents, random_network(), "fixed", lambda name, _: names.append(name))
    blocks = [
        name.format(k)
        for k in range(1, 6)
        for name in (
            "dec_gru{}_input",
            "dec_gru{}_recurrent",
            "gru{}.z",
            "gru{}.r",
            "gru{}.c",
            "gru{}.state",
            "dec_glu{}",
            "glu{}",
            "dec_conv_dense{}",
            "conv_dense{}",
            "dec_conv{}",
            "conv{}",
        )
    ]
    start = ["state", "dec_hidden_init", "hidden_init", "dec_gru_init", "gru_init"]
    states = [f"gru{k}.state" for k in range(1, 6)]
    assert names == [*start, *states, "latent", "dec_dense1", "dense1", *blocks, "dec_output"]


@pytest.mark.clause("FIX-input", "DRED-net-input")
@pytest.mark.parametrize(
    ("state", "latents", "position"),
    [
        ([0, 0], [LATENT], None),
        ([0] * 4, [LATENT], None),
        (STATE, [[0] * 4], None),
        (STATE, [[0] * 6], None),
        (STATE, LATENT, None),
        ([np.nan, 0, 0], [[0] * 4], None),  # counts come first
        ([0, np.nan, np.inf], [LATENT], 1),
        (STATE, [LATENT, [0, 0, 0, -np.inf, 0]], 3 + 5 + 3),
        ([0, 0, np.nan], [[np.nan] * 5], 2),
        (STATE, [[0, 0, 1e39, 0, 0]], 3 + 2),  # infinite as float32
        (STATE, [LATENT, LATENT, [0, 0, 0, 0, np.nan]], 3 + 14),
    ],
)
def test_injected_values_are_refused(state: Any, latents: Any, position: int | None) -> None:
    for profile in ALL_PROFILES:
        with pytest.raises(FeatureError) as caught:
            decode_features(state, latents, random_network(), profile)
        assert (caught.value.rule, caught.value.stage, caught.value.position) == ("N3", "feature", position)


@pytest.mark.clause("FIX-input")
def test_a_refused_latent_leaves_the_decoder_as_it_was() -> None:
    state, latents = injected(4, 2)
    decoder = FeatureDecoder(random_network(), "fixed")
    with pytest.raises(RuntimeError):
        decoder.step(latents[0])
    decoder.start(state)
    first = decoder.step(latents[0])
    with pytest.raises(FeatureError) as caught:
        decoder.step([0, np.nan, 0, 0, 0])
    assert caught.value.position == 3 + 5 + 1
    assert str(caught.value) == "N3: a value is not finite (value 9)"
    again = np.concatenate([first, decoder.step(latents[1])])
    assert np.array_equal(again, decode_features(state, latents, random_network(), "fixed"))


def test_an_unknown_profile() -> None:
    with pytest.raises(ValueError, match="profile 'float32' is none of float64, fixed, int8, int8-c"):
        FeatureDecoder(random_network(), "float32")


finite = st.floats(width=32, allow_nan=False, allow_infinity=False)


@given(st.lists(finite, min_size=3, max_size=3), st.lists(finite, min_size=10, max_size=10))
@pytest.mark.clause("FIX-input", "DRED-always-decodes")
def test_no_value_is_too_hostile(state: list[float], latents: list[float]) -> None:
    for profile in ALL_PROFILES:
        features = decode_features(state, np.reshape(latents, (2, 5)), random_network(), profile)
        assert np.isfinite(features).all()


@pytest.mark.clause("FIX-input")
def test_float64_never_overflows() -> None:
    """Also where numpy raises instead of warning, with the largest weights and inputs that float32 has."""
    largest = float(np.finfo(np.float32).max)
    hostile = zeros_but(dec_dense1=lambda layer: layer.weights.fill(largest), dec_hidden_init=bias(-largest))
    for network in (random_network(), hostile):
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            decoding = Decoding(Float64Arithmetic(network), network.memory_sizes, None, {}, {})
            decoding.start(np.full(3, largest))
            assert np.isfinite(decoding.step(np.full(5, -largest))).all()
