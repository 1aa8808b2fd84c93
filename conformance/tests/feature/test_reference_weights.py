"""The two ways to the arrays of a network: a blob of weights, and a model bundle."""

import json
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dred_model import ModelError, Network, load_model, named_synthetic_model, save_model, synthetic_model
from dred_reference.errors import FeatureError
from dred_reference.network import LAYER_NAMES, decoder_network, read_blob


@pytest.mark.clause("DRED-net-weights")
def test_a_blob_and_a_bundle_give_the_same_network() -> None:
    bundle = named_synthetic_model("synthetic-5-4x3-net8x16x8x16")
    assert bundle.weights_blob is not None
    first, second = decoder_network(read_blob(bundle.weights_blob), 4, 3), bundle.to_reference_network()
    for name in LAYER_NAMES:
        assert np.array_equal(first.layers[name].weights, second.layers[name].weights)
        assert np.array_equal(first.layers[name].bias, second.layers[name].bias)


@pytest.mark.clause("FIX-bias", "DRED-net-weights")
def test_a_model_without_biases_loads_with_and_without_its_layer_table(tmp_path: Path) -> None:
    bundle = named_synthetic_model("synthetic-5-4x3-net8x16x8x16")
    whole = bundle.networks["rdovaedec"]
    layers = tuple(replace(layer, bias=None) for layer in whole.layers)
    arrays = {name: array for name, array in whole.arrays.items() if not name.endswith("_bias")}
    save_model(
        replace(bundle, networks={"rdovaedec": Network("rdovaedec", layers, arrays)}), tmp_path / "model"
    )
    for _ in range(2):
        found = load_model(tmp_path / "model").to_reference_network()
        assert not any(found.layers[name].bias.any() for name in LAYER_NAMES)
        first = found.layers["dec_dense1"].weights
        assert np.array_equal(first, bundle.to_reference_network().layers["dec_dense1"].weights)
        path = tmp_path / "model" / "model.json"
        text = json.loads(path.read_text(encoding="utf-8"))
        text.pop("layers", None)  # a folder as the contract has it; then sizes tell
        path.write_text(json.dumps(text), encoding="utf-8")


def test_a_bundle_without_a_decoder_says_so() -> None:
    with pytest.raises(ModelError, match="no decoder network"):
        synthetic_model(5).to_reference_network()


def record(name: bytes, kind: int, content: bytes, fill: int = 0) -> bytes:
    header = struct.pack("<4siiii44s", b"DNNw", 0, kind, len(content), len(content) + fill, name)
    return header + content + bytes(fill)


def test_the_records_of_a_blob() -> None:
    blob = record(b"a", 0, struct.pack("<2f", 1.5, -2), 56) + record(b"b", 1, struct.pack("<i", -7), 60)
    blob += record(b"c", 3, b"\x80\x7f") + record(b"a", 3, b"\x01") + record(b"d", 9, b"\xff")
    found = read_blob(blob)
    assert {name: array.tolist() for name, array in found.items()} == {
        "a": [1.5, -2.0],  # the first of its name
        "b": [-7],
        "c": [-128, 127],
        "d": [255],
    }
    assert [array.dtype for array in found.values()] == [np.float32, np.int32, np.int8, np.uint8]
    assert read_blob(b"") == {}


@pytest.mark.parametrize(
    "damaged",
    [
        bytes(63),
        record(b"x" * 44, 3, b"a"),
        record(b"a", 3, b"abc")[:-1],
        record(b"a", 3, b""),
        record(b"a", 0, b"abc"),
        struct.pack("<4siiii44s", b"DNNw", 0, 3, -1, 4, b"a") + bytes(4),
        struct.pack("<4siiii44s", b"DNNw", 0, 3, 4, 3, b"a") + bytes(4),
        struct.pack("<4siiii44s", b"DNNw", 0, 3, 4, 2**31 - 1, b"a") + bytes(4),
    ],
)
def test_damaged_blobs_are_refused(damaged: bytes) -> None:
    whole = record(b"w", 3, b"abcd")
    with pytest.raises(FeatureError, match=f"record at byte {len(whole)} ") as caught:
        read_blob(whole + damaged)
    assert caught.value.rule == "N1"
