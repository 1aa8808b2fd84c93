"""The network that estimates the pitch of speech (PitchDNN) as a record: six linear layers, two convolutions.

It looks at the cross-correlations of the excitation over a few frames, and at how the phases of the lowest
frequencies advance; a GRU follows the pitch over time.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dred_reference.clauses import clause
from dred_reference.network.arrays import Arrays, int8_layer, needed_array
from dred_reference.network.record import Int8Layer
from dred_reference.network.wiring import require

__all__ = [
    "CROSS_CORRELATIONS",
    "KERNEL",
    "PHASE_FEATURES",
    "PITCH_CLASSES",
    "PitchNetwork",
    "PlaneConvolution",
    "pitch_network",
]

PHASE_FEATURES = 88  # level of bin 0; phase advance (2) and level of bins 1 to 29
CROSS_CORRELATIONS = 224  # lags 256 down to 33
PITCH_CLASSES = 180  # 20 cents each, three octaves; outputs after them are not looked at
KERNEL = 3  # of a convolution: frames, and lags
LARGEST_WIDTH = 1 << 12  # a limit of this package

_LAYERS = (
    *("dense_if_upsampler_1", "dense_if_upsampler_2", "dense_downsampler"),
    *("gru_1_input", "gru_1_recurrent", "dense_final_upsampler"),
)


@dataclass(frozen=True, eq=False)
class PlaneConvolution:
    """A convolution over frames and lags.

    Attributes
    ----------
    name : str
        ``conv2d_1`` or ``conv2d_2``.
    weights : array of float32, shape (channels out, channels in, 3 frames, 3 lags)
        The oldest frame and the longest lag come first.
    bias : array of float32, shape (channels out,)

    Raises
    ------
    FeatureError
        N1: another type or shape, or a number that is not finite.
    """

    name: str
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def __post_init__(self) -> None:
        shape, dtypes = self.weights.shape, {self.weights.dtype, self.bias.dtype}
        is_kernel = len(shape) == 4 and shape[2:] == (KERNEL, KERNEL) and 0 not in shape
        require(is_kernel, self.name, f"weights of shape {shape}, not (out, in, {KERNEL}, {KERNEL})")
        require(dtypes == {np.dtype(np.float32)}, self.name, "arrays that are not float32")
        require(self.bias.shape == shape[:1], self.name, f"{self.bias.shape} biases of {shape[0]} channels")
        is_finite = np.isfinite(self.weights).all() and np.isfinite(self.bias).all()
        require(bool(is_finite), self.name, "arrays with numbers that are not finite")


@dataclass(frozen=True, eq=False)
class PitchNetwork:
    """The pitch network of a model.

    Attributes
    ----------
    layers : mapping of str to Int8Layer
        ``dense_if_upsampler_1``, ``dense_if_upsampler_2``, ``dense_downsampler``, ``gru_1_input``,
        ``gru_1_recurrent``, ``dense_final_upsampler``.
    convolutions : tuple of two PlaneConvolution
        From one channel to some, and back to one.

    Raises
    ------
    FeatureError
        N1: a layer is missing, or its sizes do not fit those of its neighbours.
    """

    layers: Mapping[str, Int8Layer]
    convolutions: tuple[PlaneConvolution, PlaneConvolution]

    def __post_init__(self) -> None:
        for name in _LAYERS:
            require(name in self.layers, name, "the layer is missing")
        first, second = self.convolutions
        channels = len(first.weights)
        require(first.weights.shape[1] == 1, first.name, f"{first.weights.shape[1]} input channels, not 1")
        into = second.weights.shape[:2]
        require(into == (1, channels), second.name, f"channels {into}, not (1, {channels})")
        sizes = {name: layer.outputs for name, layer in self.layers.items()}
        inputs = _inputs(sizes)
        for name in _LAYERS:
            layer = self.layers[name]
            wanted = inputs[name]
            require(layer.inputs == wanted, name, f"{layer.inputs} inputs, not {wanted}")
            require(layer.outputs <= LARGEST_WIDTH, name, f"{layer.outputs} outputs, over {LARGEST_WIDTH}")
        for name in ("gru_1_input", "gru_1_recurrent"):
            wanted = 3 * self.state_size
            require(sizes[name] == wanted, name, f"{sizes[name]} outputs, not {wanted}")
        name = "dense_final_upsampler"
        require(sizes[name] >= PITCH_CLASSES, name, f"{sizes[name]} outputs, under {PITCH_CLASSES}")

    @property
    def state_size(self) -> int:
        """Size of the GRU state."""
        return self.layers["gru_1_recurrent"].inputs


def _inputs(outputs: Mapping[str, int]) -> dict[str, int]:
    """Return how many inputs each layer must have, given the outputs of the others."""
    state = outputs["gru_1_recurrent"] // 3
    return {
        "dense_if_upsampler_1": PHASE_FEATURES,
        "dense_if_upsampler_2": outputs["dense_if_upsampler_1"],
        "dense_downsampler": CROSS_CORRELATIONS + outputs["dense_if_upsampler_2"],
        "gru_1_input": outputs["dense_downsampler"],
        "gru_1_recurrent": state,
        "dense_final_upsampler": state,
    }


@clause("FEAT-net-convolution")
def _convolution(arrays: Arrays, name: str, inputs: int) -> PlaneConvolution:
    """Read a convolution: out, in, frame, lag, from the slowest index to the fastest."""
    weights, bias = needed_array(arrays, name, "weight_float"), needed_array(arrays, name, "bias")
    taps = inputs * KERNEL * KERNEL
    require(weights.size == bias.size * taps, name, f"{weights.size} weights, not {bias.size} * {taps}")
    return PlaneConvolution(name, weights.reshape(-1, inputs, KERNEL, KERNEL), bias)


@clause("FEAT-net")
def pitch_network(arrays: Arrays) -> PitchNetwork:
    """Build the pitch network from the arrays of a model.

    Parameters
    ----------
    arrays : mapping of str to one-dimensional array
        By the names of the deployed weights (``dense_downsampler_weights_int8``, ``conv2d_1_weight_float``,
        ...); others are ignored.

    Returns
    -------
    PitchNetwork

    Raises
    ------
    FeatureError
        N1: an array is missing, has another type or size, or holds a number that is not finite.
    """
    sizes = {name: needed_array(arrays, name, "scale").size for name in _LAYERS}
    inputs = _inputs(sizes)
    layers = {name: int8_layer(arrays, name, inputs[name]) for name in _LAYERS}
    first = _convolution(arrays, "conv2d_1", 1)
    return PitchNetwork(layers, (first, _convolution(arrays, "conv2d_2", len(first.weights))))
