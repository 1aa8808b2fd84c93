"""Profile ``float64``: the network as its tables mean it."""

import numpy as np
from numpy.typing import NDArray

from dred_reference.clauses import clause
from dred_reference.feature.arithmetic import Vector
from dred_reference.feature.reproducible import integer_product, ordered_product, tanh
from dred_reference.network import Int8Layer, LinearLayers

__all__ = ["Float64Arithmetic"]

INT8_UNITS = 127  # int8 weights are in units of 127 times the scale of their row


class Float64Arithmetic:
    """float64 everywhere, reproducible to the last bit; nothing is quantised."""

    def __init__(self, network: LinearLayers) -> None:
        self._layers = network.layers
        self._weights = {name: layer.weights.astype(np.float64) for name, layer in network.layers.items()}

    def values(self, values: NDArray[np.float32]) -> Vector:
        """Return them as float64, exactly."""
        return values.astype(np.float64)

    def zeros(self, size: int) -> Vector:
        """Return float64 zeros."""
        return np.zeros(size)

    @clause("DRED-net-weights")
    def linear(self, name: str, vector: Vector) -> Vector:
        """Return the real weights times the vector, plus the bias."""
        layer, weights = self._layers[name], self._weights[name]
        bias = layer.bias.astype(np.float64)
        if isinstance(layer, Int8Layer):
            return integer_product(weights, vector) * (INT8_UNITS * layer.scale.astype(np.float64)) + bias
        return ordered_product(weights, vector) + bias

    def tanh(self, preactivations: Vector) -> Vector:
        """Return tanh."""
        return tanh(preactivations)

    def sigmoid(self, preactivations: Vector) -> Vector:
        """Return 1 / (1 + exp(-p)), in a form in which nothing overflows."""
        gates: Vector = 0.5 + 0.5 * tanh(0.5 * preactivations)
        return gates

    def product(self, gates: Vector, numbers: Vector) -> Vector:
        """Return the product."""
        return gates * numbers

    @clause("DRED-net-gru")
    def blend(self, gates: Vector, old: Vector, new: Vector) -> Vector:
        """Return z * old + (1 - z) * new."""
        blended: Vector = gates * old + (1 - gates) * new
        return blended

    def features(self, preactivations: Vector) -> Vector:
        """Return them as they are, float64."""
        return preactivations
