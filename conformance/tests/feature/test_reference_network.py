"""The arrays of a model become matrices, and an incomplete network is refused."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from dred_model import named_synthetic_model
from dred_reference.errors import FeatureError
from dred_reference.feature import PROFILES, decode_features
from dred_reference.network import LAYER_NAMES, DecoderNetwork, FloatLayer, decoder_network, read_blob
from dred_reference.network.blocks import dense_matrix, sparse_matrix

Arrays = dict[str, NDArray[Any]]
LATENT_DIM, STATE_DIM = 4, 3


def blob_of_model() -> bytes:
    blob = named_synthetic_model("synthetic-5-4x3-net8x16x8x16").weights_blob
    assert blob is not None
    return blob


@pytest.fixture
def arrays() -> Arrays:
    return read_blob(blob_of_model())


def network(arrays: Arrays) -> DecoderNetwork:
    return decoder_network(arrays, LATENT_DIM, STATE_DIM)


def refusal(arrays: Arrays) -> str:
    with pytest.raises(FeatureError) as caught:
        network(arrays)
    assert (caught.value.rule, caught.value.stage, caught.value.position) == ("N1", "feature", None)
    return caught.value.message


# A block with byte 4r + c = 10r + c tells where each of its weights must land.
BLOCK = [[10 * r + c for c in range(4)] for r in range(8)]


@pytest.mark.clause("DRED-net-weights", "FIX-int8-layer")
def test_blocks_of_a_dense_layer_go_along_the_inputs_first() -> None:
    blocks = np.array([np.array(BLOCK) + shift for shift in (0, 4, -100, -104)], dtype=np.int8)
    matrix = dense_matrix("x", blocks.reshape(-1), 8, 16)
    assert matrix[0].tolist() == [0, 1, 2, 3, 4, 5, 6, 7]
    assert matrix[7].tolist() == [70, 71, 72, 73, 74, 75, 76, 77]
    assert matrix[8].tolist() == [-100, -99, -98, -97, -104, -103, -102, -101]
    assert matrix[15, 7] == -104 + 73


@pytest.mark.clause("DRED-net-weights", "FIX-int8-layer")
def test_blocks_of_a_sparse_layer_stand_where_the_index_says() -> None:
    blocks = np.array([BLOCK, np.full((8, 4), -128), np.full((8, 4), 127), np.ones((8, 4))], dtype=np.int8)
    index = np.array([1, 8, 0, 3, 4, 4, 0], dtype=np.int32)  # an empty group, and a double in the last
    matrix = sparse_matrix("x", blocks.reshape(-1), index, 12, 24)
    assert matrix[:8, 8:].tolist() == BLOCK
    assert not matrix[:8, :8].any()
    assert not matrix[8:16].any()
    assert matrix[16].tolist() == [1, 1, 1, 1, -1, -1, -1, -1, 0, 0, 0, 0]


@pytest.mark.clause("DRED-net-weights", "FIX-int8-layer")
def test_two_blocks_at_the_same_place_may_leave_eight_bits() -> None:
    blocks = np.full(96, 127, dtype=np.int8)
    matrix = sparse_matrix("x", blocks, np.array([3, 0, 0, 0], dtype=np.int32), 4, 8)
    assert matrix.tolist() == [[381] * 4] * 8


@pytest.mark.parametrize(
    ("index", "message"),
    [
        ([1, 0], "ends in group 1"),
        ([1, 0, 2, 4], "ends in group 1"),
        ([2, 0, 4], "ends in group 1"),
        ([-1, 0], "ends in group 0"),
        ([1, 0, 1, 4, 0], "1 index entries after"),
        ([1, 2, 1, 4], "group 0 has a block at input 2"),
        ([1, 0, 1, 8], "group 1 has a block at input 8"),
        ([1, -4, 1, 0], "group 0 has a block at input -4"),
        ([1, 0, 0], "not 1 blocks"),
        ([2, 0, 4, 1, 0], "not 3 blocks"),
    ],
)
@pytest.mark.clause("DRED-net-weights", "FIX-int8-layer")
def test_a_wrong_index_is_refused(index: list[int], message: str) -> None:
    with pytest.raises(FeatureError, match=message) as caught:
        sparse_matrix("x", np.zeros(64, dtype=np.int8), np.array(index, dtype=np.int32), 8, 16)
    assert caught.value.rule == "N1"


@pytest.mark.clause("DRED-net-weights", "FIX-float-weight")
def test_float_weights_are_input_major(arrays: Arrays) -> None:
    arrays["dec_hidden_init_weights_float"] = np.arange(24, dtype=np.float32)
    weights = network(arrays).layers["dec_hidden_init"].weights
    assert weights.shape == (8, 3)
    assert weights[5].tolist() == [5, 13, 21]  # j * 8 + 5


@pytest.mark.clause("FIX-bias")
def test_a_missing_bias_is_zero(arrays: Arrays) -> None:
    for name in ("dec_hidden_init", "dec_dense1", "dec_gru2_input", "dec_glu3", "dec_output"):
        del arrays[f"{name}_bias"]
    found = network(arrays)
    assert not found.layers["dec_hidden_init"].bias.any()
    assert not found.layers["dec_glu3"].bias.any()
    assert found.layers["dec_gru1_input"].bias.any()
    for profile in PROFILES:
        assert decode_features([0] * 3, [[0] * 5], found, profile).shape == (4, 20)


@pytest.mark.clause("FIX-float-weight", "FIX-int8-layer")
def test_float_weights_beside_int8_weights_are_not_used(arrays: Arrays) -> None:
    plain = decode_features([1, 2, 3], [[1, 2, 3, 4, 0]], network(arrays), "fixed")
    arrays["dec_glu1_weights_float"] = np.full(3, np.nan, dtype=np.float32)  # not even looked at
    arrays["dec_dense1_weights_int8"] = np.full(7, 9, dtype=np.int8)  # nor int8 weights of a float layer
    assert np.array_equal(decode_features([1, 2, 3], [[1, 2, 3, 4, 0]], network(arrays), "fixed"), plain)


@pytest.mark.clause("DRED-net-concat", "DRED-net-weights")
def test_widths_follow_from_the_layers_before(arrays: Arrays) -> None:
    found = network(arrays)
    assert tuple(found.layers) == LAYER_NAMES
    assert len(LAYER_NAMES) == 29
    assert (found.gru_size, found.memory_sizes) == (8, (16,) * 5)
    inputs = {name: layer.inputs for name, layer in found.layers.items()}
    assert [inputs[f"dec_gru{k}_input"] for k in range(1, 6)] == [16, 40, 64, 88, 112]
    assert [inputs[f"dec_conv_dense{k}"] for k in range(1, 6)] == [24, 48, 72, 96, 120]
    assert (inputs["dec_conv1"], inputs["dec_output"]) == (32, 136)


def drop(*names: str) -> Callable[[Arrays], None]:
    return lambda arrays: [arrays.pop(name) for name in names] and None


def put(name: str, value: NDArray[Any]) -> Callable[[Arrays], None]:
    return lambda arrays: arrays.update({name: value})


def spoil(name: str, value: float) -> Callable[[Arrays], None]:
    def change(arrays: Arrays) -> None:
        arrays[name] = arrays[name].copy()
        arrays[name][-1] = value

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (drop("dec_dense1_weights_float"), "dec_dense1: there is no dec_dense1_weights_float"),
        (drop("dec_hidden_init_weights_float"), "dec_hidden_init: there is no"),
        (drop("dec_glu4_weights_int8"), "dec_glu4: there is no dec_glu4_weights_int8"),
        (drop("dec_glu4_scale"), "dec_glu4: there is no dec_glu4_scale"),
        (put("dec_dense1_weights_float", np.ones(7, np.float32)), "dec_dense1: 7 float weights for 5 inputs"),
        (put("dec_dense1_weights_float", np.ones(0, np.float32)), "dec_dense1: 0 float weights"),
        (put("dec_dense1_weights_float", np.ones(80, np.float64)), "dec_dense1: weights are float64"),
        (
            put("dec_dense1_bias", np.ones(15, np.float32)),
            "dec_dense1: biases are float32 (15,), not",
        ),
        (put("dec_dense1_weights_float", np.ones(10, np.float32)), "dec_dense1: biases are"),
        (put("dec_glu2_scale", np.ones(9, np.float32)), "dec_glu2: 9 outputs of 8 inputs cannot be cut"),
        (put("dec_glu2_scale", np.ones(8, np.float64)), "dec_glu2: scales are float64"),
        (put("dec_glu2_weights_int8", np.ones(63, np.int8)), "dec_glu2: 63 weights of int8"),
        (put("dec_glu2_weights_int8", np.ones(64, np.int32)), "dec_glu2: 64 weights of int32"),
        (put("dec_output_weights_idx", np.ones(9, np.float32)), "dec_output: an index of float32"),
        (spoil("dec_hidden_init_bias", np.nan), "dec_hidden_init: biases that are no finite numbers"),
        (spoil("dec_dense1_weights_float", -np.inf), "dec_dense1: weights that are no finite"),
        (spoil("dec_gru5_input_scale", np.inf), "dec_gru5_input: scales that are no finite"),
        (spoil("dec_output_bias", np.nan), "dec_output: biases that are no finite"),
    ],
)
@pytest.mark.clause("DRED-net-weights", "FIX-float-weight", "FIX-int8-layer")
def test_incomplete_networks_are_refused(
    arrays: Arrays, change: Callable[[Arrays], None], message: str
) -> None:
    change(arrays)
    assert refusal(arrays).startswith(message)


def resized(arrays: Arrays, name: str, outputs: int, inputs: int) -> None:
    arrays.pop(f"{name}_weights_idx", None)
    arrays[f"{name}_weights_int8"] = np.zeros(outputs * inputs, dtype=np.int8)
    for part in ("scale", "bias", "subias"):
        arrays[f"{name}_{part}"] = np.zeros(outputs, dtype=np.float32)


@pytest.mark.parametrize(
    ("name", "outputs", "inputs", "message"),
    [
        ("dec_gru_init", 48, 8, "dec_gru_init: 48 outputs are no five equal states"),
        ("dec_gru3_input", 32, 64, "dec_gru3_input: 32 outputs, not 24"),
        ("dec_gru3_recurrent", 16, 8, "dec_gru3_recurrent: 16 outputs, not 24"),
        ("dec_glu5", 16, 8, "dec_glu5: 16 outputs, not 8"),
        ("dec_output", 88, 136, "dec_output: 88 outputs, not 80"),
        ("dec_conv_dense2", 8, 48, "dec_conv2: "),  # its reader now has too many weights
        ("dec_gru_init", 0, 8, "dec_gru_init: 0 outputs of 8 inputs"),
    ],
)
@pytest.mark.clause("DRED-net-concat", "DRED-net-start", "DRED-net-conv")
def test_sizes_that_do_not_fit_are_refused(
    arrays: Arrays, name: str, outputs: int, inputs: int, message: str
) -> None:
    resized(arrays, name, outputs, inputs)
    assert refusal(arrays).startswith(message)


@pytest.mark.clause("DRED-net-weights")
def test_records_are_checked_too(arrays: Arrays) -> None:
    found = network(arrays)
    layers = dict(found.layers)
    del layers["dec_glu3"]
    with pytest.raises(FeatureError, match="N1: dec_glu3: the layer is missing"):
        DecoderNetwork(LATENT_DIM, STATE_DIM, layers)
    layers["dec_glu3"] = FloatLayer("dec_glu3", np.zeros((8, 8), np.float32), np.zeros(8, np.float32))
    with pytest.raises(FeatureError, match="dec_glu3: a FloatLayer, not a Int8Layer"):
        DecoderNetwork(LATENT_DIM, STATE_DIM, layers)
    with pytest.raises(FeatureError, match="dec_hidden_init: 3 inputs, not 4"):
        DecoderNetwork(LATENT_DIM, 4, found.layers)
    with pytest.raises(FeatureError, match="in 1 dimensions"):
        replace(layers["dec_glu3"], weights=np.zeros(8, np.float32))
