"""Weights that the native core refuses, and those at the edge that it takes."""

import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import dred_native
from dred_model import ModelBundle, named_synthetic_model
from dred_native import DredError, FeatureDecoder, Model

BUNDLE: ModelBundle = named_synthetic_model("synthetic-8-2x3-net16x24x8x16")
PATHS = dred_native.simd_paths()
Arrays = dict[str, NDArray[Any]]
TYPES = {np.dtype(np.float32): 0, np.dtype(np.int32): 1, np.dtype(np.int8): 3}


def arrays() -> Arrays:
    (network,) = (network for network in BUNDLE.ordered_networks() if network.name == "rdovaedec")
    return {name: array.copy() for name, array in network.ordered_arrays()}


def record(name: str, data: bytes, size: int | None = None, block: int | None = None) -> bytes:
    """Write a record as facts 5.5 have it; sizes that lie are the caller's wish."""
    filled = -(-len(data) // 64) * 64
    size = len(data) if size is None else size
    block = filled if block is None else block
    header = struct.pack("<4siiii44s", b"DNNw", 0, 0, size, block, name.encode())
    return header + data.ljust(filled, b"\0")


def blob_of(held: Arrays) -> bytes:
    return b"".join(record(name, array.tobytes()) for name, array in held.items())


def model_of(weights: bytes | None) -> Model:
    tables = BUNDLE.tables.as_dict().values()
    return Model("m", BUNDLE.latent_dim, BUNDLE.state_dim, *tables, weights=weights)


def features(weights: bytes, path: str = "auto") -> NDArray[np.int32]:
    generator = np.random.default_rng(3)
    state = generator.normal(0, 3, BUNDLE.state_dim).astype(np.float32)
    latents = generator.normal(0, 3, (5, BUNDLE.latent_dim + 1)).astype(np.float32)
    return FeatureDecoder(model_of(weights), path).decode(state, latents)


def refusal(weights: bytes | None) -> str:
    """Return the rule and the message, the same on every path and at every way in."""
    model = model_of(weights)
    ways: list[Callable[[str], Any]] = [
        lambda path: FeatureDecoder(model, path),
        lambda path: dred_native.PacketFeatureDecoder(model, "draft-32", path),
        lambda path: dred_native.decode_features(b"abc", "draft-32", model, path=path),
        lambda path: dred_native.bench_feature([], "draft-32", model, 1, path),
    ]
    found = set()
    for way in ways:
        for path in PATHS:
            with pytest.raises(DredError) as caught:
                way(path)
            assert caught.value.stage == "feature"
            assert caught.value.position is None
            found.add(str(caught.value))
    (message,) = found
    # The other stages do not mind.
    assert dred_native.decode_latents(b"abc", "draft-32", model)["state_count"] == 3
    return message


def test_sound_weights_are_taken() -> None:
    model = model_of(blob_of(arrays()))
    assert model.has_network
    assert features(blob_of(arrays())).any()


@pytest.mark.clause("DRED-net-weights")
def test_models_without_a_network() -> None:
    without = record("plc_dense_in_bias", b"1234")
    for weights in (None, b"", without):
        assert not model_of(weights).has_network
        assert refusal(weights) == "N1: the model has no decoder network"


LAYERS = ["dec_hidden_init", "dec_gru_init", "dec_dense1", "dec_output"] + [
    f"dec_{kind}{k}{part}"
    for k in range(1, 6)
    for kind, part in (
        *(("gru", "_input"), ("gru", "_recurrent"), ("glu", "")),
        *(("conv_dense", ""), ("conv", "")),
    )
]


@pytest.mark.clause("DRED-net-weights", "FIX-int8-layer", "FIX-float-weight")
@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_is_needed_in_its_kind(layer: str) -> None:
    is_float = layer in {"dec_hidden_init", "dec_dense1"}
    needed = ["weights_float"] if is_float else ["weights_int8", "scale"]
    for suffix in needed:
        held = arrays()
        del held[f"{layer}_{suffix}"]
        assert refusal(blob_of(held)).startswith(f"N1: {layer}: there are no ")
        held = arrays()
        name = f"{layer}_{suffix}"
        held[name] = held[name][:-1]
        assert refusal(blob_of(held)).startswith(f"N1: {layer}: ")
    held = arrays()
    held[f"{layer}_bias"] = np.zeros(held[f"{layer}_bias"].size + 1, dtype=np.float32)
    assert refusal(blob_of(held)) == f"N1: {layer}: the bias has another size"


def resized(layer: str, scale: int) -> Arrays:
    """Return the network with another number of outputs of a dense int8 layer."""
    held = arrays()
    inputs = held[f"{layer}_weights_int8"].size // held[f"{layer}_scale"].size
    held[f"{layer}_weights_int8"] = np.zeros(inputs * scale, dtype=np.int8)
    held[f"{layer}_scale"] = np.zeros(scale, dtype=np.float32)
    held[f"{layer}_bias"] = np.zeros(scale, dtype=np.float32)
    return held


@pytest.mark.clause("DRED-net-weights", "FIX-int8-layer")
def test_widths_that_do_not_fit() -> None:
    assert refusal(blob_of(resized("dec_glu2", 16))) == "N1: dec_glu2: the number of outputs does not fit"
    assert "no multiple of 8" in refusal(blob_of(resized("dec_glu2", 4)))
    # A convolution may have any width; then the next layer has other inputs.
    assert refusal(blob_of(resized("dec_conv2", 8))).startswith("N1: dec_gru3_input: ")
    held = arrays()
    held["dec_dense1_weights_float"] = np.zeros(3 * 22, dtype=np.float32)
    assert "no multiple of 4" in refusal(blob_of(held))
    held["dec_dense1_weights_float"] = np.zeros(3 * 65540, dtype=np.float32)
    assert "up to 65536" in refusal(blob_of(held))
    held = resized("dec_gru_init", 48)
    del held["dec_gru_init_weights_idx"]
    held["dec_gru_init_weights_int8"] = np.zeros(16 * 48, dtype=np.int8)
    assert refusal(blob_of(held)).startswith("N1: dec_gru_init: the outputs are not five states")


@pytest.mark.clause("FIX-int8-layer", "DRED-net-weights")
@pytest.mark.parametrize(
    "damage",
    [
        lambda index: np.append(index, 0),
        lambda index: index[:-1],
        lambda index: np.r_[index[0] + 1, index[1:]],
        lambda index: np.r_[index[0], index[1] + 2, index[2:]],
        lambda index: np.r_[index[0], 24 + 8 + 16, index[2:]],
        lambda index: np.r_[index[0], -4, index[2:]],
        lambda index: np.r_[-1, index[1:]],
        lambda index: np.r_[2**31 - 1, index[1:]],
        lambda index: index.astype(np.int8).view(np.int8)[:-1],
    ],
)
def test_indices_that_are_refused(damage: Callable[[NDArray[np.int32]], NDArray[Any]]) -> None:
    held = arrays()
    damaged = damage(held["dec_conv_dense1_weights_idx"])
    held["dec_conv_dense1_weights_idx"] = damaged if damaged.dtype == np.int8 else damaged.astype(np.int32)
    assert refusal(blob_of(held)).startswith("N1: dec_conv_dense1: ")


@pytest.mark.clause("FIX-float-weight", "FIX-multiplier", "FIX-bias")
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(
    "name", ["dec_hidden_init_weights_float", "dec_dense1_bias", "dec_glu3_scale", "dec_output_bias"]
)
def test_numbers_that_are_not_finite(name: str, value: float) -> None:
    held = arrays()
    held[name][5] = value
    message = refusal(blob_of(held))
    assert message.startswith(f"N1: {name.rsplit('_', 2 if 'float' in name else 1)[0]}: ")
    assert message.endswith("is not a finite number")
    held = arrays()
    held["dec_glu3_subias"] = np.full(8, value, dtype=np.float32)
    assert np.array_equal(features(blob_of(held)), features(blob_of(arrays())))


BROKEN_RECORDS = {
    "truncated header": record("dec_x", b"abcd")[:63],
    "truncated array": record("dec_x", b"abcd")[:-1],
    "no bytes": record("dec_x", b""),
    "negative": record("dec_x", b"abcd", size=-4),
    "smaller block": record("dec_x", b"a" * 65, block=64),
    "larger block": record("dec_x", b"abcd", block=128),
    "huge": record("dec_x", b"abcd", size=2**31 - 1, block=2**31 - 1),
    "endless name": record("d" * 44, b"abcd"),
}


@pytest.mark.clause("DRED-net-weights")
@pytest.mark.parametrize("broken", BROKEN_RECORDS.values(), ids=BROKEN_RECORDS)
def test_a_broken_record_breaks_the_blob(broken: bytes) -> None:
    for weights in (broken, blob_of(arrays()) + broken):
        assert refusal(weights) == "N1: the weights are no DNNw blob"


@pytest.mark.clause("DRED-net-weights")
def test_what_does_not_matter() -> None:
    wanted = features(blob_of(arrays()))
    held = arrays()
    blob = blob_of(held)
    first, rest = next(iter(held)), record("fargan_bias", b"x" * 70)
    again = record(first, bytes(held[first].nbytes))
    weights_too = record("dec_glu1_weights_float", b"\xff" * 12)
    assert np.array_equal(features(rest + blob + again + weights_too + rest), wanted)
    backwards = {name: held[name] for name in reversed(held)}
    assert np.array_equal(features(blob_of(backwards)), wanted)
    wide = blob.replace(b"DNNw", b"????")
    assert np.array_equal(features(wide), wanted)


@pytest.mark.clause("FIX-bias", "FIX-output")
@pytest.mark.parametrize("path", PATHS)
def test_without_weights_the_outputs_are_the_rounded_biases(path: str) -> None:
    held = arrays()
    held["dec_output_weights_int8"][:] = 0
    bias = np.arange(80, dtype=np.float32) - 40 + np.float32(1 / 131072)
    held["dec_output_bias"] = bias
    got = features(blob_of(held), path)
    assert got.shape == (20, 20)
    # 1/2 goes up, also for negative numbers.
    assert np.array_equal(got.reshape(5, 80)[3], (np.arange(80) - 40) * 65536 + 1)
    del held["dec_output_bias"]
    assert not features(blob_of(held), path).any()


@pytest.mark.clause("FIX-int8-layer")
@pytest.mark.parametrize("path", PATHS)
def test_blocks_at_the_same_place_add_up(path: str) -> None:
    held = arrays()
    name = "dec_output"
    sparse = {key: held[f"{name}_{key}"] for key in ("weights_int8", "weights_idx")}
    one = np.full(32, 100, dtype=np.int8)
    # Ten groups: 30 blocks of 100 and 29 of -100 are one block of 100, though their sums would be too large.
    many = [*[one] * 300, *[-one] * 299]
    held[f"{name}_weights_int8"] = np.concatenate([np.concatenate(many)] * 10)
    held[f"{name}_weights_idx"] = np.array([599, *[8] * 599] * 10, dtype=np.int32)
    cancelled = features(blob_of(held), path)
    held[f"{name}_weights_int8"] = np.concatenate([one] * 10)
    held[f"{name}_weights_idx"] = np.array([1, 8] * 10, dtype=np.int32)
    assert np.array_equal(features(blob_of(held), path), cancelled)
    assert cancelled.any()
    assert sparse["weights_int8"].size % 32 == 0
    # A group without blocks is its bias.
    held[f"{name}_weights_int8"] = np.concatenate([one] * 9)
    held[f"{name}_weights_idx"] = np.array([*[1, 8] * 9, 0], dtype=np.int32)
    held[f"{name}_bias"] = np.full(80, 0.25, dtype=np.float32)
    assert (features(blob_of(held), path).reshape(5, 80)[:, 72:] == 16384).all()
