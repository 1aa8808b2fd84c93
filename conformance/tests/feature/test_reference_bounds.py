"""Layers in integers by hand, and the conditions that a network of the fixed-point profile must keep."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from math import floor

import numpy as np
import pytest

from dred_model import named_synthetic_model
from dred_reference.errors import FeatureError
from dred_reference.feature import FeatureDecoder, LayerBounds, layer_bounds
from dred_reference.feature.fixed.layers import FixedLayer, fixed_layer
from dred_reference.network import LAYER_NAMES, DecoderNetwork, FloatLayer, Int8Layer

Layer = FloatLayer | Int8Layer
Change = Callable[[DecoderNetwork], DecoderNetwork]


def floats(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def run(layer: FixedLayer, inputs: list[int]) -> list[int]:
    return [int(value) for value in layer.in_64_bits()(np.array(inputs, dtype=np.int64))]


@pytest.mark.clause("FIX-float-weight", "FIX-bias")
def test_conversion_of_a_float_layer() -> None:
    tie = 3 * 2.0**-25  # 1.5 in Q24
    layer = fixed_layer(FloatLayer("x", floats(0.5, tie, -tie)[None, :], floats(-(2.0**-17))))
    assert layer.weights.tolist() == [[2**23, 2, -1]]
    assert layer.bias.tolist() == [0]


@pytest.mark.clause("FIX-float-layer")
@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ([65536, 0], 65536 + 3),  # 1 * 1 + 3 / 65536
        ([0, 1], 1 + 3),  # a half: up
        ([0, -1], 0 + 3),
        ([2**24 - 4, 0], 2**24 - 1),
        ([2**24 - 3, 0], 2**24),
        ([2**24 - 2, 0], 2**24),  # the limit comes after the bias
        ([-(2**31) + 1, 0], -(2**24)),
        ([2**31 - 1, 2**31 - 1], 2**24),
    ],
)
def test_a_float_layer(inputs: list[int], expected: int) -> None:
    layer = fixed_layer(FloatLayer("x", floats(1, 0.5)[None, :], floats(3 / 65536)))
    assert run(layer, inputs) == [expected]


@pytest.mark.clause("FIX-multiplier")
def test_multipliers() -> None:
    scale = floats(2.0**-31, 2.0**-32, -(2.0**-32), 1 / 127, -1 / 127)
    layer = fixed_layer(Int8Layer("x", np.zeros((5, 4), np.int32), scale, floats(0, 0, 0, 0, 0)))
    # 63.5 goes up, and -63.5 too. The last step of a float32 near 1/127 is 2**-30, so these are exact.
    below_one = 127 * int(float(scale[3]) * 2**31)
    assert layer.multipliers.tolist() == [127, 64, -63, below_one, -below_one]


@pytest.mark.clause("FIX-int8-layer", "FIX-bias")
@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ([0, 0, 0, 0], 7),
        ([1, 0, 0, 0], 1 + 7),  # 1 * 2**29 / 2**30: a half goes up
        ([-1, 0, 0, 0], 0 + 7),
        ([0, 1, 0, 0], -64 + 7),
        ([32767, -32767, 0, 0], 2113472 + 7),  # 129 * 32767 / 2 = 2113471.5
        ([-32767, 32767, 0, 0], -2113471 + 7),
        ([0, 0, 5, 5], 7),
    ],
)
def test_an_int8_layer(inputs: list[int], expected: int) -> None:
    scale = floats(0.25 / 127)  # 127 * scale is not exactly 1/4, so the multiplier is set by hand
    layer = fixed_layer(Int8Layer("x", np.array([[1, -128, 0, 0]], np.int32), scale, floats(7 / 65536)))
    by_hand = replace(layer, multipliers=np.array([1 << 29], dtype=object))
    assert run(by_hand, inputs) == [expected]


@pytest.mark.clause("FIX-int8-layer")
def test_an_int8_layer_at_its_widest() -> None:
    """Products of nearly 2**62 are exact."""
    weights = np.full((1, 512), 128, dtype=np.int32)  # 65536 * 32767 = 2**31 - 2**16
    layer = fixed_layer(Int8Layer("x", weights, floats(0), floats(0)))
    widest = replace(layer, multipliers=np.array([2**31 - 1], dtype=object))
    expected = ((2**31 - 2**16) * (2**31 - 1) + 2**29) >> 30
    assert run(widest, [32767] * 512) == [expected]
    assert run(widest, [-32767] * 512) == [(-(2**31 - 2**16) * (2**31 - 1) + 2**29) >> 30]


@pytest.mark.clause("FIX-float-layer")
def test_a_float_layer_at_its_widest() -> None:
    """Sums of nearly 2**62 are exact."""
    weights = floats(64, 63.99999237060547)[None, :]  # 2**30 and 2**30 - 2**7 in Q24
    layer = fixed_layer(FloatLayer("x", weights, floats(0)))
    total = (2**31 - 2**7) * (2**31 - 1)
    exact = layer.in_64_bits().weights @ np.array([2**31 - 1] * 2)
    assert exact.tolist() == [total]
    assert run(layer, [2**31 - 1] * 2) == [2**24]


# Everything is zero but what a test changes.
@cache
def blank() -> DecoderNetwork:
    network = named_synthetic_model("synthetic-1-4x3-net8x8x8x8").to_reference_network()

    def zero(layer: Layer) -> Layer:
        parts = ("weights", "bias", *(("scale",) if isinstance(layer, Int8Layer) else ()))
        return replace(layer, **{part: np.zeros_like(getattr(layer, part)) for part in parts})

    return replace(network, layers={name: zero(layer) for name, layer in network.layers.items()})


def changed(network: DecoderNetwork, name: str, row: int, **parts: float | list[int]) -> DecoderNetwork:
    layer = network.layers[name]
    arrays = {part: getattr(layer, part).copy() for part in parts}
    for part, value in parts.items():
        arrays[part][row] = 0
        if isinstance(value, list):
            arrays[part][row][: len(value)] = value
        else:
            arrays[part][row] = value
    return replace(network, layers={**network.layers, name: replace(layer, **arrays)})


def refusal(network: DecoderNetwork) -> str:
    with pytest.raises(FeatureError) as caught:
        FeatureDecoder(network, "fixed")
    assert (caught.value.rule, caught.value.stage, caught.value.position) == ("N2", "feature", None)
    for profile in ("float64", "int8"):
        FeatureDecoder(network, profile)  # the bounds bind nobody else
    return caught.value.message


# The largest legal values and those after them: 128 is 2**31 in Q24, a bias of 2**14 is 2**30 in Q16.
BELOW_128 = float(np.nextafter(np.float32(128), np.float32(0)))
BELOW_2_14 = float(np.nextafter(np.float32(2**14), np.float32(0)))
FULL_ROW = [8192, 8192, 8192, 8192, 8192, 8192, 8192, 8194]  # 65538 in all: 65538 * 32767 = 2**31 - 2
UNIT = float(np.float32(1 / 127))  # 127 times this float32 is a little below 1
ABOVE_UNIT = float(np.nextafter(np.float32(UNIT), np.float32(1)))


@pytest.mark.clause("FIX-bounds")
@pytest.mark.parametrize(
    ("name", "row", "legal", "refused", "what"),
    [
        ("dec_hidden_init", 5, {"weights": BELOW_128 / 3}, {"weights": 128 / 3}, "sum of the weights"),
        ("dec_dense1", 7, {"weights": BELOW_128 / 5}, {"weights": 25.700000762939453}, "sum of the weights"),
        ("dec_dense1", 0, {"bias": BELOW_2_14}, {"bias": 2.0**14}, "bias"),
        ("dec_hidden_init", 1, {"bias": -BELOW_2_14}, {"bias": -(2.0**14)}, "bias"),
        ("dec_glu3", 2, {"weights": FULL_ROW}, {"weights": [65539]}, "accumulator"),
        ("dec_glu3", 2, {"weights": [-x for x in FULL_ROW]}, {"weights": [32770, -32769]}, "accumulator"),
        ("dec_gru5_input", 23, {"scale": UNIT}, {"scale": ABOVE_UNIT}, "multiplier"),
        ("dec_gru5_input", 23, {"scale": -UNIT}, {"scale": -ABOVE_UNIT}, "multiplier"),
        ("dec_output", 79, {"bias": BELOW_2_14}, {"bias": -(2.0**14)}, "preactivation"),
        (
            "dec_conv1",
            3,
            {"scale": 0.00196, "weights": FULL_ROW},
            {"scale": 0.00197, "weights": FULL_ROW},
            "preactivation",
        ),
    ],
)
def test_each_condition_names_layer_and_row(
    name: str, row: int, legal: dict[str, float], refused: dict[str, float], what: str
) -> None:
    FeatureDecoder(changed(blank(), name, row, **legal), "fixed")
    message = refusal(changed(blank(), name, row, **refused))
    assert message.startswith(f"{name}, row {row}: its {what} may reach ")


@pytest.mark.clause("FIX-bounds")
def test_the_preactivation_includes_the_bias_to_the_last_unit() -> None:
    """With a multiplier of about 2**29 a row of 65536 leaves about 2**15 for the bias."""
    scale = np.float32(0.25 / 127)
    multiplier = floor(Fraction(float(scale)) * 127 * 2**31 + Fraction(1, 2))
    room = 2**30 - 1 - floor(Fraction(65536 * 32767 * multiplier, 2**30) + Fraction(1, 2))
    assert 0 < room < 2**24  # so that a float32 holds the bias exactly
    network = changed(blank(), "dec_glu1", 4, weights=[65536], scale=float(scale))
    FeatureDecoder(changed(network, "dec_glu1", 4, bias=-room / 65536), "fixed")
    refusal(changed(network, "dec_glu1", 4, bias=(room + 1) / 65536))


@pytest.mark.clause("FIX-bounds")
def test_the_first_fault_in_functional_order_is_named() -> None:
    network = blank()
    for name in reversed(LAYER_NAMES):
        for row in (6, 2):
            network = changed(network, name, row, bias=2.0**15)
            assert refusal(network).startswith(f"{name}, row {row}: ")


@pytest.mark.clause("FIX-bounds")
def test_huge_numbers_are_refused_not_wrapped() -> None:
    largest = float(np.finfo(np.float32).max)
    assert refusal(changed(blank(), "dec_dense1", 1, weights=largest)).startswith("dec_dense1, row 1: ")
    assert refusal(changed(blank(), "dec_conv2", 1, scale=-largest)).startswith("dec_conv2, row 1: ")
    assert refusal(changed(blank(), "dec_conv2", 1, bias=-largest)).startswith("dec_conv2, row 1: ")


@pytest.mark.clause("FIX-bounds")
def test_the_worst_case_of_each_layer() -> None:
    network = changed(blank(), "dec_dense1", 3, weights=[64, -2], bias=2.5)
    network = changed(network, "dec_glu1", 1, weights=[100, -27], scale=2.0**-11, bias=-1.0)
    found = {bounds.layer: bounds for bounds in layer_bounds(network)}
    assert tuple(found) == LAYER_NAMES
    assert found["dec_dense1"] == LayerBounds(
        layer="dec_dense1",
        kind="float",
        inputs=5,
        outputs=8,
        worst_row=3,
        worst_accumulator=66 * 2**24 * (2**31 - 1),
        accumulator_fraction=66 * 2**24 / (2**31 - 1),
        worst_preactivation=2**24,
        preactivation_fraction=1.0,
        largest_multiplier=0,
        multiplier_fraction=0.0,
        largest_bias=163840,
    )
    multiplier = 127 << 20
    assert found["dec_glu1"] == LayerBounds(
        layer="dec_glu1",
        kind="int8",
        inputs=8,
        outputs=8,
        worst_row=1,
        worst_accumulator=127 * 32767,
        accumulator_fraction=127 * 32767 / (2**31 - 1),
        worst_preactivation=516112 + 65536,  # 127 * 32767 * 127 / 2**10 = 516112.2
        preactivation_fraction=(516112 + 65536) / (2**30 - 1),
        largest_multiplier=multiplier,
        multiplier_fraction=multiplier / (2**31 - 1),
        largest_bias=65536,
    )
    assert found["dec_output"].worst_preactivation == 0


@pytest.mark.clause("FIX-bounds")
def test_a_refused_network_still_has_its_worst_case() -> None:
    found = layer_bounds(changed(blank(), "dec_glu2", 0, weights=[131076]))
    assert [bounds.layer for bounds in found if bounds.accumulator_fraction > 1] == ["dec_glu2"]


@pytest.mark.clause("FIX-bounds", "FIX-float-layer", "FIX-int8-layer")
def test_no_input_exceeds_the_worst_case() -> None:
    """The inputs that the signs of a row ask for reach the bound exactly."""
    network = named_synthetic_model("synthetic-9-4x3-net8x8x8x8").to_reference_network()
    for bounds in layer_bounds(network):
        layer = fixed_layer(network.layers[bounds.layer]).in_64_bits()
        size = 2**31 - 1 if bounds.kind == "float" else 32767
        worst = np.sign(layer.weights[bounds.worst_row]).astype(np.int64) * size
        assert int(layer.weights[bounds.worst_row] @ worst) == bounds.worst_accumulator
        assert int(np.abs(layer(worst)).max()) <= bounds.worst_preactivation
