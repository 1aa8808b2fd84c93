"""Layers and arrays must agree; a deployed decoder would read foreign memory otherwise."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from dred_model import ModelBundle, ModelError, Network
from dred_model.geometry import check_layer, check_sparse_index
from dred_model.network import Layer

SPARSE = Layer("s", 16, 16, weights="s_w", idx="s_i", scale="s_s", bias="s_b")


def index_refusal(idx: list[int]) -> ModelError:
    with pytest.raises(ModelError) as caught:
        check_sparse_index(SPARSE, np.array(idx, dtype=np.int32))
    assert (caught.value.rule, caught.value.subject) == ("M7", "s_i")
    return caught.value


@pytest.mark.parametrize(
    ("idx", "blocks"), [([0, 0], 0), ([1, 12, 0], 1), ([0, 1, 0], 1), ([4, 0, 4, 8, 12, 2, 12, 0], 6)]
)
def test_sparse_indices_that_are_valid(idx: list[int], blocks: int) -> None:
    assert check_sparse_index(SPARSE, np.array(idx, dtype=np.int32)) == blocks


@pytest.mark.parametrize(
    ("idx", "where"),
    [
        ([], "group 0"),
        ([0], "group 1"),
        ([1, 0], "group 1"),
        ([-1, 0], "entry 0"),
        ([2, 0, 0], "entry 2"),
        ([3, 0, 4], "entry 0"),
        ([2147483647, 0], "entry 0"),
        ([1, 16, 0], "entry 1"),
        ([1, 13, 0], "entry 1"),
        ([1, -4, 0], "entry 1"),
        ([0, 1, 2], "entry 2"),
        ([0, 0, 0], "1 entries are left"),
    ],
)
def test_sparse_indices_that_are_not(idx: list[int], where: str) -> None:
    message = index_refusal(idx).message
    if where == "entry 2" and idx == [2, 0, 0]:
        assert "group 1" in message
    else:
        assert where in message


@pytest.fixture
def layer_refusal(forms: SimpleNamespace) -> Callable[..., ModelError]:
    def attempt(kind: str, change: Callable[[Layer, dict[str, Any]], Layer]) -> ModelError:
        layer, arrays = forms.make_layer("x", kind, 16, 16)
        assert check_layer(layer, arrays) == []
        with pytest.raises(ModelError) as caught:
            check_layer(change(layer, arrays), arrays)
        return caught.value

    return attempt


@pytest.mark.parametrize(
    ("kind", "part", "count"),
    [
        *(
            ("sparse", part, count)
            for part in ("weights_int8", "subias", "scale", "bias")
            for count in (-1, 1)
        ),
        *(("int8", part, count) for part in ("weights_int8", "subias", "scale", "bias") for count in (-1, 1)),
        *(("float", part, count) for part in ("weights_float", "bias") for count in (-1, 1)),
        *(("conv2d", part, count) for part in ("weight_float", "bias") for count in (-1, 1)),
    ],
)
def test_every_array_has_exactly_its_size(
    kind: str, part: str, count: int, layer_refusal: Callable[..., ModelError]
) -> None:
    def change(layer: Layer, arrays: dict[str, Any]) -> Layer:
        arrays[f"x_{part}"] = np.resize(arrays[f"x_{part}"], arrays[f"x_{part}"].size + count)
        return layer

    error = layer_refusal(kind, change)
    assert (error.rule, error.subject) == ("M5", f"x_{part}")
    assert "layer x" in error.message


@pytest.mark.parametrize(
    ("kind", "fields", "rule"),
    [
        ("int8", {"nb_inputs": 0}, "M5"),
        ("int8", {"nb_outputs": 1 << 17}, "M5"),
        ("int8", {"nb_inputs": 18}, "M5"),
        ("int8", {"nb_outputs": 12}, "M5"),
        ("int8", {"scale": None}, "M4"),
        ("int8", {"weights": None}, "M4"),
        ("int8", {"bias": "absent"}, "M4"),
        ("int8", {"bias": "x_weights_int8"}, "M7"),
        ("int8", {"kernel": (3, 3)}, "M7"),
        ("conv2d", {"kernel": (3, 0)}, "M5"),
        ("conv2d", {"kernel": (3, 2)}, "M5"),
        ("float", {"nb_inputs": 15}, "M5"),
    ],
)
def test_layers_that_make_no_sense(
    kind: str, fields: dict[str, Any], rule: str, layer_refusal: Callable[..., ModelError]
) -> None:
    assert layer_refusal(kind, lambda layer, _arrays: replace(layer, **fields)).rule == rule


def test_unusual_weights_are_warnings(forms: SimpleNamespace) -> None:
    layer, arrays = forms.make_layer("x", "int8", 16, 16)
    weights = arrays["x_weights_int8"]
    weights[:4] = [127, 2, -127, -2]
    assert check_layer(layer, arrays) == []
    weights[0] = -128
    weights[1] = 0
    (warning,) = check_layer(layer, arrays)
    assert "x_weights_int8: holds -128" in warning
    weights[:4] = [64, 66, 0, 0]
    (warning,) = check_layer(layer, arrays)
    assert "add up to 130" in warning
    weights[:4] = [0, 66, 64, 0]  # neighbours of different pairs
    assert check_layer(layer, arrays) == []


def with_layer(small: ModelBundle, network: str, name: str, **fields: Any) -> ModelBundle:
    """The small model with one layer resized, its arrays too, so that only its neighbours can object."""
    old = small.networks[network]
    layer = replace(old.layer(name), **fields)
    arrays = dict(old.arrays)
    assert layer.weights is not None
    assert layer.idx is None
    arrays[layer.weights] = np.zeros(layer.nb_inputs * layer.nb_outputs, np.int8)
    for array in (layer.subias, layer.scale, layer.bias):
        if array is not None:
            arrays[array] = np.zeros(layer.nb_outputs, np.float32)
    layers = tuple(layer if other.name == name else other for other in old.layers)
    return ModelBundle(
        "x", 12, small.tables, dict(small.networks) | {network: Network(network, layers, arrays)}, ""
    )


@pytest.mark.parametrize(
    ("network", "name", "fields"),
    [
        ("rdovaedec", "dec_glu3", {"nb_inputs": 16}),
        ("rdovaedec", "dec_glu3", {"nb_outputs": 16}),
        ("rdovaedec", "dec_conv2", {"nb_inputs": 8}),
        ("rdovaedec", "dec_conv2", {"nb_outputs": 16}),
        ("rdovaedec", "dec_gru4_recurrent", {"nb_inputs": 16}),
        ("rdovaedec", "dec_gru4_recurrent", {"nb_outputs": 48}),
        ("rdovaeenc", "enc_conv1", {"nb_outputs": 16}),
        ("rdovaeenc", "enc_zdense", {"nb_inputs": 88}),
        ("rdovaeenc", "enc_zdense", {"nb_outputs": 16}),
        ("rdovaeenc", "gdense2", {"nb_outputs": 8}),
    ],
)
def test_layers_that_do_not_fit_their_neighbours(
    network: str, name: str, fields: dict[str, int], small: ModelBundle
) -> None:
    with pytest.raises(ModelError, match="layers around it demand") as caught:
        with_layer(small, network, name, **fields)
    assert caught.value.rule == "M5"


def test_networks_must_be_complete(small: ModelBundle) -> None:
    old = small.networks["fargan"]
    networks = dict(small.networks) | {"fargan": Network("fargan", old.layers[:-1], old.arrays)}
    with pytest.raises(ModelError) as caught:
        ModelBundle("x", 12, small.tables, networks, "")
    assert (caught.value.rule, caught.value.subject) == ("M4", "sig_net_gain_dense_out")


@pytest.mark.parametrize(
    ("name", "version", "rule"),
    [("X", 12, "M7"), ("", 12, "M7"), ("../x", 12, "M7"), ("x", 256, "M7"), ("x.", 12, "M7")],
)
def test_names_and_versions(name: str, version: int, rule: str, small: ModelBundle) -> None:
    with pytest.raises(ModelError) as caught:
        ModelBundle(name, version, small.tables, {}, "")
    assert caught.value.rule == rule


def test_a_decoder_for_other_dimensions_is_refused(small: ModelBundle, forms: SimpleNamespace) -> None:
    tables = small.tables.as_dict() | {
        key: np.zeros((16, 6), np.uint8) for key in small.tables.as_dict() if key.startswith("latent")
    }
    with pytest.raises(ModelError, match="dec_dense1") as caught:
        ModelBundle("x", 12, type(small.tables)(**tables), small.networks, "")
    assert caught.value.rule == "M5"
