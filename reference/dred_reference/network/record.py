"""The decoder network as records: one matrix, and what belongs to its rows, per layer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from dred_reference.errors import FeatureError
from dred_reference.network.wiring import BLOCKS, FLOAT_LAYERS, LAYER_NAMES, Widths, Wiring, require

__all__ = ["DecoderNetwork", "FloatLayer", "Int8Layer", "Layer", "LinearLayers", "check_layers"]


def _check(
    name: str, what: str, array: NDArray[Any], dtype: type[np.generic], shape: tuple[int, ...]
) -> None:
    if array.dtype != dtype or array.shape != shape:
        raise FeatureError(
            "N1", f"{name}: {what} are {array.dtype} {array.shape}, not {np.dtype(dtype)} {shape}"
        )
    if not np.isfinite(array).all():
        raise FeatureError("N1", f"{name}: {what} that are no finite numbers")


def _check_matrix(name: str, weights: NDArray[Any], dtype: type[np.generic]) -> tuple[int]:
    """Check weights; return the shape of what belongs to their rows."""
    if weights.ndim != 2:
        raise FeatureError("N1", f"{name}: weights in {weights.ndim} dimensions")
    _check(name, "weights", weights, dtype, weights.shape)
    return (weights.shape[0],)


class Layer:
    """What both kinds of layers have: ``name``, ``weights`` of shape (outputs, inputs), ``bias``."""

    name: str
    weights: NDArray[Any]
    bias: NDArray[np.float32]

    @property
    def outputs(self) -> int:
        """Number of rows."""
        return int(self.weights.shape[0])

    @property
    def inputs(self) -> int:
        """Number of columns."""
        return int(self.weights.shape[1])


@dataclass(frozen=True, eq=False)
class FloatLayer(Layer):
    """A layer with float weights.

    Attributes
    ----------
    name : str
        Such as ``"dec_dense1"``.
    weights : array of float32, shape (outputs, inputs)
    bias : array of float32, shape (outputs,)
        Zeros where the model has none.

    Raises
    ------
    FeatureError
        N1: another type or shape, or a number that is not finite.
    """

    name: str
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def __post_init__(self) -> None:
        rows = _check_matrix(self.name, self.weights, np.float32)
        _check(self.name, "biases", self.bias, np.float32, rows)


@dataclass(frozen=True, eq=False)
class Int8Layer(Layer):
    """A layer with int8 weights.

    Attributes
    ----------
    name : str
        Such as ``"dec_gru1_input"``.
    weights : array of int32, shape (outputs, inputs)
        Sums of int8 weights: two blocks at the same place add up. 0 where no block is.
    scale : array of float32, shape (outputs,)
        The real weight of row i is ``127 * scale[i] * weights[i]``.
    bias : array of float32, shape (outputs,)
        Zeros where the model has none.
    subias : array of float32 or None
        What x86 decoders add instead of the bias; only the profile ``int8`` looks at it.

    Raises
    ------
    FeatureError
        N1: another type or shape, or a number that is not finite (`subias` is not checked).
    """

    name: str
    weights: NDArray[np.int32]
    scale: NDArray[np.float32]
    bias: NDArray[np.float32]
    subias: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        rows = _check_matrix(self.name, self.weights, np.int32)
        _check(self.name, "scales", self.scale, np.float32, rows)
        _check(self.name, "biases", self.bias, np.float32, rows)


class LinearLayers(Protocol):
    """What an arithmetic needs of a network, whichever it is: its linear layers by name."""

    @property
    def layers(self) -> Mapping[str, FloatLayer | Int8Layer]:
        """The layers."""
        ...


def check_layers(
    layers: Mapping[str, FloatLayer | Int8Layer],
    names: Sequence[str],
    float_layers: Sequence[str],
    widths: Widths | None = None,
) -> None:
    """Refuse a network of which a layer is missing, of the wrong kind, or does not fit those before it.

    Parameters
    ----------
    layers : mapping of str to FloatLayer or Int8Layer
    names : sequence of str
        The layers that there must be, in functional order.
    float_layers : sequence of str
        Those that have float weights.
    widths : Widths, optional
        Follows the sizes, unless they are checked otherwise.

    Raises
    ------
    FeatureError
        N1: the layer at fault.
    """
    for name in names:
        require(name in layers, name, "the layer is missing")
        layer = layers[name]
        kind = FloatLayer if name in float_layers else Int8Layer
        require(isinstance(layer, kind), name, f"a {type(layer).__name__}, not a {kind.__name__}")
        if widths is not None:
            widths.join(name, layer.inputs, layer.outputs)


@dataclass(frozen=True, eq=False)
class DecoderNetwork:
    """The decoder network of a model.

    Attributes
    ----------
    latent_dim, state_dim : int
        Values of a latent (without the level value) and of the state.
    layers : mapping of str to FloatLayer or Int8Layer
        All the layers, by name.

    Raises
    ------
    FeatureError
        N1: a layer is missing, of the wrong kind, or its sizes do not fit the layers before it.
    """

    latent_dim: int
    state_dim: int
    layers: Mapping[str, FloatLayer | Int8Layer]

    def __post_init__(self) -> None:
        check_layers(self.layers, LAYER_NAMES, FLOAT_LAYERS, Wiring(self.latent_dim, self.state_dim))

    @property
    def gru_size(self) -> int:
        """Size of each of the five GRU states."""
        return self.layers["dec_gru_init"].outputs // len(BLOCKS)

    @property
    def memory_sizes(self) -> tuple[int, ...]:
        """Size of each of the five convolution memories."""
        return tuple(self.layers[f"dec_conv_dense{k}"].outputs for k in BLOCKS)
