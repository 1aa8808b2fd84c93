"""Decoding latent by latent, and values that a caller injects: refused, or never too hostile."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dred_model import named_synthetic_model
from dred_reference.errors import FeatureError
from dred_reference.feature import PROFILES, VARIANTS, FeatureDecoder, decode_features
from dred_reference.feature.float64 import Float64Arithmetic
from dred_reference.feature.steps import Decoding
from dred_reference.network import DecoderNetwork

ALL_PROFILES = (*PROFILES, *VARIANTS)
STATE, LATENT = [0.0] * 3, [0.0] * 5


@cache
def random_network() -> DecoderNetwork:
    return named_synthetic_model("synthetic-6-4x3-net8x8x8x8").to_reference_network()


every_profile = pytest.mark.parametrize("profile", ALL_PROFILES)


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
    layers = dict(random_network().layers)
    for name in ("dec_dense1", "dec_hidden_init"):
        layers[name] = replace(layers[name], weights=np.full_like(layers[name].weights, largest))
    hostile = replace(random_network(), layers=layers)
    for network in (random_network(), hostile):
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            decoding = Decoding(Float64Arithmetic(network), None, network.memory_sizes, {}, {})
            decoding.start(np.full(3, largest))
            assert np.isfinite(decoding.step(np.full(5, -largest))).all()
