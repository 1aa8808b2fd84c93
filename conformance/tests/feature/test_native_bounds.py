"""The bounds of the fixed-point profile from both sides, and how inputs round, by layers made by hand."""

import struct
from fractions import Fraction
from math import floor
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import dred_native
from dred_model import ModelBundle, named_synthetic_model
from dred_native import DredError, FeatureDecoder, Model

BUNDLE: ModelBundle = named_synthetic_model("synthetic-8-2x3-net16x24x8x16")
PATHS = dred_native.simd_paths()
OUTPUT_INPUTS = 24 + 5 * (8 + 16)
Arrays = dict[str, NDArray[Any]]


def arrays() -> Arrays:
    (network,) = (network for network in BUNDLE.ordered_networks() if network.name == "rdovaedec")
    return {name: array.copy() for name, array in network.ordered_arrays()}


def model_of(held: Arrays) -> Model:
    blob = b""
    for name, array in held.items():
        data = array.tobytes()
        filled = -(-len(data) // 64) * 64
        blob += struct.pack("<4siiii44s", b"DNNw", 0, 0, len(data), filled, name.encode())
        blob += data.ljust(filled, b"\0")
    tables = BUNDLE.tables.as_dict().values()
    return Model("m", BUNDLE.latent_dim, BUNDLE.state_dim, *tables, weights=blob)


def outcome(held: Arrays) -> str:
    """Return the refusal, the same on every path; empty where there is none."""
    found = set()
    model = model_of(held)
    for path in PATHS:
        try:
            FeatureDecoder(model, path)
            found.add("")
        except DredError as error:
            found.add(f"{error.rule}: {error.message}")
    (message,) = found
    return message


def largest_float(limit: Fraction) -> np.float32:
    """Return the largest float32 number that is at most the limit."""
    value = np.float32(float(limit))
    while Fraction(float(value)) > limit:
        value = np.nextafter(value, np.float32(0))
    while Fraction(float(np.nextafter(value, np.float32(np.inf)))) <= limit:
        value = np.nextafter(value, np.float32(np.inf))
    return value


@pytest.mark.clause("FIX-bounds", "FIX-float-weight")
@pytest.mark.parametrize("layer", ["dec_hidden_init", "dec_dense1"])
@pytest.mark.parametrize("sign", [1, -1])
def test_weights_of_a_float_row(layer: str, sign: int) -> None:
    held = arrays()
    weights = held[f"{layer}_weights_float"].reshape(3, -1)
    weights[:, 5] = [0, sign * np.nextafter(np.float32(128), np.float32(0)), 0]
    assert outcome(held) == ""
    # In Q24 the largest number below 128 is 2^31 - 128; 127 more fit.
    weights[0, 5] = 127 / 2**24
    assert outcome(held) == ""
    weights[0, 5] = 127.5 / 2**24
    assert outcome(held) == f"N2: {layer}: the weights are too large in row 5"
    # Ties go up: -127.5 is -127.
    weights[0, 5] = -127.5 / 2**24
    assert outcome(held) == ""
    weights[:, 5] = [0, sign * 3e38, 0]
    assert outcome(held) == f"N2: {layer}: the weights are too large in row 5"


@pytest.mark.clause("FIX-bounds", "FIX-bias")
@pytest.mark.parametrize("layer", ["dec_hidden_init", "dec_dense1", "dec_output", "dec_glu4"])
def test_biases(layer: str) -> None:
    held = arrays()
    if "weights_int8" in "".join(name for name in held if name.startswith(f"{layer}_")):
        held[f"{layer}_weights_int8"][:] = 0
    for sign in (1, -1):
        held[f"{layer}_bias"][7] = sign * np.nextafter(np.float32(16384), np.float32(0))
        assert outcome(held) == ""
        held[f"{layer}_bias"][7] = sign * 16384
        assert outcome(held).startswith(f"N2: {layer}: the ")
        assert outcome(held).endswith(" too large in row 7")


@pytest.mark.clause("FIX-bounds", "FIX-multiplier")
@pytest.mark.parametrize("sign", [1, -1])
def test_scales(sign: int) -> None:
    held = arrays()
    held["dec_conv3_weights_int8"][:] = 0
    # nearest(127 s 2^31) <= 2^31 - 1 is 127 s 2^31 < 2^31 - 1/2.
    edge = largest_float((Fraction(2**31) - Fraction(1, 2)) / (127 * 2**31))
    held["dec_conv3_scale"][9] = sign * edge
    assert outcome(held) == ""
    held["dec_conv3_scale"][9] = sign * np.nextafter(edge, np.float32(1))
    assert outcome(held) == "N2: dec_conv3: the scale is too large in row 9"
    held["dec_conv3_scale"][9] = sign * 3e38
    assert outcome(held) == "N2: dec_conv3: the scale is too large in row 9"


def row_of_sum(held: Arrays, total: int) -> None:
    """Give row 3 of dec_output the absolute sum, by blocks that repeat, and all rows a tiny scale."""
    full, rest = divmod(total, 127)
    blocks = np.zeros((full + 1, 8, 4), dtype=np.int8)
    blocks[:full, 3, 1] = -127
    blocks[full, 3, 1] = -rest
    others = np.zeros((9, 8, 4), dtype=np.int8)
    held["dec_output_weights_int8"] = np.concatenate([blocks.ravel(), others.ravel()])
    index = [full + 1, *[12] * (full + 1), *[1, 0] * 9]
    held["dec_output_weights_idx"] = np.array(index, dtype=np.int32)
    held["dec_output_scale"] = np.full(80, 1e-9, dtype=np.float32)


@pytest.mark.clause("FIX-bounds", "FIX-int8-layer")
def test_weights_of_an_int8_row() -> None:
    held = arrays()
    assert 32767 * 65538 <= 2**31 - 1 < 32767 * 65539
    row_of_sum(held, 65538)
    assert outcome(held) == ""
    row_of_sum(held, 65539)
    assert outcome(held) == "N2: dec_output: the weights are too large in row 3"


@pytest.mark.clause("FIX-bounds")
def test_preactivations() -> None:
    held = arrays()
    row_of_sum(held, 60000)
    held["dec_output_bias"] = np.zeros(80, dtype=np.float32)
    biases = {
        np.float32(bias): floor(Fraction(float(np.float32(bias))) * 65536 + Fraction(1, 2))
        for bias in (0.0, -3.5, 8000.123, -16000.7)
    }
    for bias, bias_q16 in biases.items():
        held["dec_output_bias"][3] = bias
        accepted = refused = 0
        # Around the scale at which the condition turns over.
        room = 2**30 - 1 - abs(bias_q16)
        centre = np.float32(room * 2.0**30 / (32767 * 60000) / (127 * 2.0**31))
        scale = centre
        for _ in range(40):
            scale = np.nextafter(scale, np.float32(0))
        for _ in range(80):
            scale = np.nextafter(scale, np.float32(1))
            multiplier = floor(Fraction(127 * 2**31) * Fraction(float(scale)) + Fraction(1, 2))
            scaled = (32767 * 60000 * multiplier + 2**29) >> 30
            held["dec_output_scale"][3] = scale
            fits = scaled + abs(bias_q16) <= 2**30 - 1
            message = "" if fits else "N2: dec_output: the preactivation may become too large in row 3"
            assert outcome(held) == message
            accepted += fits
            refused += not fits
        assert accepted > 10
        assert refused > 10


@pytest.mark.clause("FIX-bounds")
def test_the_first_fault_in_the_order_of_the_note_is_named() -> None:
    order = ["dec_hidden_init", "dec_gru_init", "dec_dense1"]
    for k in range(1, 6):
        order += [f"dec_gru{k}_input", f"dec_gru{k}_recurrent", f"dec_glu{k}"]
        order += [f"dec_conv_dense{k}", f"dec_conv{k}"]
    order.append("dec_output")
    held = arrays()
    for row, layer in reversed(list(enumerate(order))):
        rows = held[f"{layer}_bias"].size
        held[f"{layer}_bias"][rows - 1] = 1e6
        held[f"{layer}_bias"][row % rows] = 1e6
        assert outcome(held).startswith(f"N2: {layer}: ")
        assert outcome(held).endswith(f" in row {row % rows}")
    # Sizes come before bounds.
    del held["dec_output_scale"]
    assert outcome(held) == "N1: dec_output: there are no scales"


@pytest.mark.clause("FIX-input", "FIX-float-layer")
@pytest.mark.parametrize("path", PATHS)
def test_inputs_count_by_their_rounded_q16(path: str) -> None:
    held = arrays()
    weights = held["dec_dense1_weights_float"].reshape(3, -1)
    weights[:] = [[100], [0], [0]]
    held["dec_dense1_bias"][:] = 0
    decoder = FeatureDecoder(model_of(held), path)

    def features(value: float) -> list[int]:
        latent = np.array([[value, 7, -1]], dtype=np.float32)
        return decoder.decode(np.ones(3, dtype=np.float32), latent).ravel().tolist()

    unit = 1 / 65536
    assert (
        features(1e-45) == features(-0.0) == features(0.49999 * unit) == features(-0.5 * unit) == features(0)
    )
    assert features(0.5 * unit) == features(unit) == features(1.4999 * unit)
    assert features(-1.5 * unit) == features(-unit) == features(-0.5001 * unit)
    assert len({tuple(features(value)) for value in (0, unit, -unit, 2 * unit, 1e9)}) == 5
    assert features(32768.0) == features(3e38)
