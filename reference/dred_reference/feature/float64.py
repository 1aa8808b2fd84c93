"""Profile ``float64``: the network as its tables mean it."""

import numpy as np
from numpy.typing import NDArray

from dred_reference.clauses import clause
from dred_reference.feature.arithmetic import Vector
from dred_reference.network import DecoderNetwork, FloatLayer, Int8Layer

__all__ = ["Float64Arithmetic"]

INT8_UNITS = 127  # int8 weights are in units of 127 times the scale of their row


@clause("DRED-net-weights")
def _real_weights(layer: FloatLayer | Int8Layer) -> NDArray[np.float64]:
    """Return the weights as real numbers, shape (outputs, inputs)."""
    weights = layer.weights.astype(np.float64)
    if isinstance(layer, Int8Layer):
        weights *= INT8_UNITS * layer.scale.astype(np.float64)[:, np.newaxis]
    return weights


class Float64Arithmetic:
    """float64 everywhere; tanh and sigmoid as exact as the library has them; nothing is quantised."""

    def __init__(self, network: DecoderNetwork) -> None:
        self._layers = {
            name: (_real_weights(layer), layer.bias.astype(np.float64))
            for name, layer in network.layers.items()
        }

    def values(self, values: NDArray[np.float32]) -> Vector:
        """Return them as float64, exactly."""
        return values.astype(np.float64)

    def zeros(self, size: int) -> Vector:
        """Return float64 zeros."""
        return np.zeros(size)

    def linear(self, name: str, vector: Vector) -> Vector:
        """Return the weights times the vector, plus the bias."""
        weights, bias = self._layers[name]
        product: Vector = weights @ vector + bias
        return product

    def tanh(self, preactivations: Vector) -> Vector:
        """Return tanh."""
        activations: Vector = np.tanh(preactivations)
        return activations

    def sigmoid(self, preactivations: Vector) -> Vector:
        """Return 1 / (1 + exp(-p)), in a form in which nothing overflows."""
        gates: Vector = 0.5 + 0.5 * np.tanh(0.5 * preactivations)
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
