"""The two kinds of layers in integers, and how a model becomes them."""

from dataclasses import dataclass

import numpy as np

from dred_reference.clauses import clause
from dred_reference.feature.fixed.numbers import (
    ACTIVATION_BITS,
    PREACTIVATION_BITS,
    Integers,
    clamp,
    round_shift,
    scaled,
)
from dred_reference.network import FloatLayer, Int8Layer

__all__ = [
    "FLOAT_LAYER_LIMIT",
    "FLOAT_LAYER_SHIFT",
    "INPUT_BITS",
    "INT8_LAYER_SHIFT",
    "FixedFloatLayer",
    "FixedInt8Layer",
    "FixedLayer",
    "fixed_layer",
]

INPUT_BITS = 16
FLOAT_WEIGHT_BITS = 24
FLOAT_LAYER_SHIFT = FLOAT_WEIGHT_BITS + INPUT_BITS - PREACTIVATION_BITS
FLOAT_LAYER_LIMIT = 1 << 24
UNIT_STEPS = 127
MULTIPLIER_BITS = 31
INT8_LAYER_SHIFT = ACTIVATION_BITS + MULTIPLIER_BITS - PREACTIVATION_BITS


@dataclass(frozen=True, eq=False)
class FixedFloatLayer:
    """A float layer in integers.

    Attributes
    ----------
    name : str
    weights : Integers, shape (outputs, inputs)
        Q24  # W
    bias : Integers, shape (outputs,)
        Q16  # b
    """

    name: str
    weights: Integers
    bias: Integers

    def in_64_bits(self) -> "FixedFloatLayer":
        """Return it in int64, which the bounds allow."""
        return FixedFloatLayer(self.name, self.weights.astype(np.int64), self.bias.astype(np.int64))

    @clause("FIX-float-layer")
    def __call__(self, inputs: Integers) -> Integers:
        """Return Q16 preactivations of Q16 inputs, both int64."""
        sums = self.weights @ inputs  # A
        return clamp(round_shift(sums, FLOAT_LAYER_SHIFT) + self.bias, FLOAT_LAYER_LIMIT)


@dataclass(frozen=True, eq=False)
class FixedInt8Layer:
    """An int8 layer in integers.

    Attributes
    ----------
    name : str
    weights : Integers, shape (outputs, inputs)
        As in the model  # w
    multipliers : Integers, shape (outputs,)
        Q31  # M
    bias : Integers, shape (outputs,)
        Q16  # b
    """

    name: str
    weights: Integers
    multipliers: Integers
    bias: Integers

    def in_64_bits(self) -> "FixedInt8Layer":
        """Return it in int64, which the bounds allow."""
        multipliers, bias = self.multipliers.astype(np.int64), self.bias.astype(np.int64)
        return FixedInt8Layer(self.name, self.weights, multipliers, bias)

    @clause("FIX-int8-layer")
    def __call__(self, activations: Integers) -> Integers:
        """Return Q16 preactivations of Q15 activations, both int64."""
        sums = self.weights @ activations  # A
        preactivations: Integers = round_shift(sums * self.multipliers, INT8_LAYER_SHIFT) + self.bias
        return preactivations


FixedLayer = FixedFloatLayer | FixedInt8Layer


@clause("FIX-float-weight", "FIX-int8-layer", "FIX-multiplier", "FIX-bias")
def fixed_layer(layer: FloatLayer | Int8Layer) -> FixedLayer:
    """Turn a layer into integers, exactly.

    Parameters
    ----------
    layer : FloatLayer or Int8Layer

    Returns
    -------
    FixedFloatLayer or FixedInt8Layer
        Its float numbers as Python integers, whose widths nobody has checked yet.
    """
    bias = scaled(layer.bias, 1 << PREACTIVATION_BITS)
    if isinstance(layer, FloatLayer):
        return FixedFloatLayer(layer.name, scaled(layer.weights, 1 << FLOAT_WEIGHT_BITS), bias)
    multipliers = scaled(layer.scale, UNIT_STEPS << MULTIPLIER_BITS)
    return FixedInt8Layer(layer.name, layer.weights.astype(np.int64), multipliers, bias)
