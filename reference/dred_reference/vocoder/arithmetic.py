"""The arithmetics of the vocoder network.

Speech is not normative, so ``float64`` takes the products and the tanh of the numerical library: four times
faster than those of ``reproducible``, which are the same everywhere to the last bit. A vocoder is chaotic:
what differs in the last bit is another waveform of the same sound a second later, and files that are
published must not differ.
"""

from collections.abc import Callable

import numpy as np

from dred_reference.clauses import clause
from dred_reference.feature.arithmetic import Arithmetic, Vector
from dred_reference.feature.float64 import INT8_UNITS, Float64Arithmetic
from dred_reference.feature.int8 import X86Arithmetic
from dred_reference.network.record import Int8Layer, LinearLayers

__all__ = ["VOCODER_PROFILES", "LibraryArithmetic", "vocoder_arithmetic"]


class LibraryArithmetic(Float64Arithmetic):
    """float64 with exact tanh and sigmoid; the real weights are computed once, nothing else is quantised."""

    def __init__(self, network: LinearLayers) -> None:
        super().__init__(network)
        for name, layer in network.layers.items():
            if isinstance(layer, Int8Layer):
                self._weights[name] *= INT8_UNITS * layer.scale.astype(np.float64)[:, None]
        self._biases = {name: layer.bias.astype(np.float64) for name, layer in network.layers.items()}

    @clause("VOC-net-weights")
    def linear(self, name: str, vector: Vector) -> Vector:
        """Return the real weights times the vector, plus the bias."""
        product: Vector = self._weights[name] @ vector + self._biases[name]
        return product

    def tanh(self, preactivations: Vector) -> Vector:
        """Return tanh."""
        return np.tanh(preactivations)

    def sigmoid(self, preactivations: Vector) -> Vector:
        """Return 1 / (1 + exp(-p)), in a form in which nothing overflows."""
        gates: Vector = 0.5 + 0.5 * np.tanh(0.5 * preactivations)
        return gates


_ARITHMETICS: dict[str, Callable[[LinearLayers], Arithmetic]] = {
    "float64": LibraryArithmetic,
    "int8": X86Arithmetic,
    "reproducible": Float64Arithmetic,
}
VOCODER_PROFILES = tuple(_ARITHMETICS)


def vocoder_arithmetic(network: LinearLayers, profile: str) -> Arithmetic:
    """Return the arithmetic of a profile, with the weights of a network.

    Raises
    ------
    ValueError
        There is no such profile.
    FeatureError
        N1: the profile ``int8`` needs an array that the network does not have.
    """
    if profile not in _ARITHMETICS:
        raise ValueError(f"profile {profile!r} is none of {', '.join(_ARITHMETICS)}")
    return _ARITHMETICS[profile](network)
