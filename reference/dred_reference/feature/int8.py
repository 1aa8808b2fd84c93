"""Profiles ``int8`` and ``int8-c``: what deployed decoders compute, emulated in float32.

Deployed decoders quantise the inputs of every int8 layer to 1/127, which costs more accuracy than all else:
two of their arithmetics can be as far from each other as each is from ``float64``. So this profile explains
differences to a real decoder. It cannot reproduce one to the last bit, because processors differ in the
reciprocal that they use in tanh, here an exact division, and in the order of float32 sums.

On x86 inputs become unsigned bytes around 127, and the array ``subias`` takes the offset back; the 16-bit
saturation of its byte products is left out, since exported weights cannot reach it. Where float32 overflows
in the ratio of tanh, for preactivations beyond 1e7 at least, the result is no number, and an int8 layer takes
it for its smallest input. What real decoders make of that differs.
"""

import numpy as np
from numpy.typing import NDArray

from dred_reference.clauses import clause
from dred_reference.errors import FeatureError
from dred_reference.feature.arithmetic import Vector
from dred_reference.latent import tanh_approximation
from dred_reference.network import FloatLayer, Int8Layer, LinearLayers

__all__ = ["PlainCArithmetic", "X86Arithmetic"]

STEPS = 127  # of an input, per unit
LARGEST_BYTE = 255


@clause("DRED-net-weights")
def _sub_bias(layer: Int8Layer) -> NDArray[np.float32]:
    """Return the bias less what the offset of the inputs adds; derived where the model does not have it."""
    if layer.subias is None:
        offset = STEPS * layer.scale.astype(np.float64) * layer.weights.sum(axis=1, dtype=np.int64)
        derived: NDArray[np.float32] = (layer.bias - offset).astype(np.float32)
        return derived
    if layer.subias.dtype != np.float32 or layer.subias.shape != layer.bias.shape:
        raise FeatureError("N1", f"{layer.name}: subias is {layer.subias.dtype} {layer.subias.shape}")
    if not np.isfinite(layer.subias).all():
        raise FeatureError("N1", f"{layer.name}: a subias that is no finite number")
    return layer.subias


class X86Arithmetic:
    """float32, with the int8 layers of x86 processors (SSE to AVX2).

    Raises
    ------
    FeatureError
        N1: an array ``subias`` is there, but no float32 number per row, or not finite.
    """

    def __init__(self, network: LinearLayers) -> None:
        self._float_layers = {n: x for n, x in network.layers.items() if isinstance(x, FloatLayer)}
        self._int8_layers = {n: x for n, x in network.layers.items() if isinstance(x, Int8Layer)}
        self._added = {name: self._row_bias(layer) for name, layer in self._int8_layers.items()}

    def _row_bias(self, layer: Int8Layer) -> NDArray[np.float32]:
        """Return what is added to each row."""
        return _sub_bias(layer)

    @clause("DRED-net-int8-input")
    def _quantised(self, activations: Vector) -> NDArray[np.int32]:
        """Return 127 + 127x, rounded to even, 0 to 255."""
        rounded = np.rint(np.float32(STEPS) * activations)
        within = np.clip(np.nan_to_num(STEPS + rounded, nan=0), 0, LARGEST_BYTE)
        quantised: NDArray[np.int32] = within.astype(np.int32)
        return quantised

    def values(self, values: NDArray[np.float32]) -> Vector:
        """Return them as they are."""
        return values

    def zeros(self, size: int) -> Vector:
        """Return float32 zeros."""
        return np.zeros(size, dtype=np.float32)

    def linear(self, name: str, vector: Vector) -> Vector:
        """Return the preactivations."""
        if name in self._float_layers:
            return self._float_layer(self._float_layers[name], vector)
        return self._int8_layer(self._int8_layers[name], vector)

    @staticmethod
    def _float_layer(layer: FloatLayer, vector: Vector) -> Vector:
        """Add up in float32, in the order of the inputs; the bias last."""
        total = np.zeros(layer.outputs, dtype=np.float32)
        for column, value in zip(layer.weights.T, vector, strict=True):
            total = total + column * value
        return total + layer.bias

    @clause("DRED-net-int8-input")
    def _int8_layer(self, layer: Int8Layer, vector: Vector) -> Vector:
        """Multiply integers, then scale and add in float32."""
        sums = layer.weights @ self._quantised(vector)
        scaled: Vector = sums.astype(np.float32) * layer.scale + self._added[layer.name]
        return scaled

    @clause("DRED-net-int8-tanh")
    def tanh(self, preactivations: Vector) -> Vector:
        """Return the ratio of two polynomials, limited to -1 .. 1."""
        return tanh_approximation(preactivations)

    @clause("DRED-net-int8-tanh")
    def sigmoid(self, preactivations: Vector) -> Vector:
        """Return 1/2 + 1/2 tanh(p / 2)."""
        half = np.float32(0.5)
        gates: Vector = half + half * self.tanh(half * preactivations)
        return gates

    def product(self, gates: Vector, numbers: Vector) -> Vector:
        """Return the product."""
        return gates * numbers

    @clause("DRED-net-gru")
    def blend(self, gates: Vector, old: Vector, new: Vector) -> Vector:
        """Return z * old + (1 - z) * new."""
        blended: Vector = gates * old + (np.float32(1) - gates) * new
        return blended

    def features(self, preactivations: Vector) -> Vector:
        """Return them as they are, float32."""
        return preactivations


class PlainCArithmetic(X86Arithmetic):
    """float32, with the int8 layers of plain C: signed inputs, and the bias as it is."""

    def _row_bias(self, layer: Int8Layer) -> NDArray[np.float32]:
        return layer.bias

    @clause("DRED-net-int8-input")
    def _quantised(self, activations: Vector) -> NDArray[np.int32]:
        """Return floor(1/2 + 127x), the sum in float64; activations are within -1 .. 1."""
        product = (np.float32(STEPS) * activations).astype(np.float64)
        quantised: NDArray[np.int32] = np.floor(0.5 + np.nan_to_num(product, nan=-STEPS)).astype(np.int32)
        return quantised
