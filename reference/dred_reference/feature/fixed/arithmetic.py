"""Inputs, layers and functions of the fixed-point profile in one object."""

import numpy as np
from numpy.typing import NDArray

from dred_reference.clauses import clause
from dred_reference.feature.arithmetic import Vector
from dred_reference.feature.fixed import functions
from dred_reference.feature.fixed.bounds import LARGEST_INPUT, check_bounds
from dred_reference.feature.fixed.layers import INPUT_BITS, FixedLayer, fixed_layer
from dred_reference.feature.fixed.numbers import clamp, scaled
from dred_reference.network import LAYER_NAMES, DecoderNetwork

__all__ = ["FixedArithmetic"]


class FixedArithmetic:
    """Integers only, in int64; the bounds of the model rule out that any of them wraps.

    Raises
    ------
    FeatureError
        N2: a row of a layer breaks the bounds.
    """

    def __init__(self, network: DecoderNetwork) -> None:
        self._layers: dict[str, FixedLayer] = {}
        for name in LAYER_NAMES:
            layer = fixed_layer(network.layers[name])
            check_bounds(layer)
            self._layers[name] = layer.in_64_bits()

    @clause("FIX-input")
    def values(self, values: NDArray[np.float32]) -> Vector:
        """Return them in Q16, limited to 32 bits  # X."""
        return clamp(scaled(values, 1 << INPUT_BITS), LARGEST_INPUT).astype(np.int64)

    @clause("FIX-activation")
    def zeros(self, size: int) -> Vector:
        """Return zeros in Q15."""
        return np.zeros(size, dtype=np.int64)

    def linear(self, name: str, vector: Vector) -> Vector:
        """Return Q16 preactivations."""
        return self._layers[name](vector)

    def tanh(self, preactivations: Vector) -> Vector:
        """Return Q15 activations."""
        return functions.tanh(preactivations)

    def sigmoid(self, preactivations: Vector) -> Vector:
        """Return Q15 gates."""
        return functions.sigmoid(preactivations)

    def product(self, gates: Vector, numbers: Vector) -> Vector:
        """Return the product in the format of the numbers."""
        return functions.product(gates, numbers)

    @clause("FIX-gru")
    def blend(self, gates: Vector, old: Vector, new: Vector) -> Vector:
        """Return new + product(z, old - new), between the two."""
        blended: Vector = new + functions.product(gates, old - new)
        return blended

    @clause("FIX-output")
    def features(self, preactivations: Vector) -> Vector:
        """Return Q16 features in int32."""
        return preactivations.astype(np.int32)
