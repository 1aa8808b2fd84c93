"""From the named arrays of a model to the decoder network."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dred_reference.clauses import clause
from dred_reference.errors import FeatureError
from dred_reference.network.blocks import dense_matrix, sparse_matrix
from dred_reference.network.record import DecoderNetwork, FloatLayer, Int8Layer
from dred_reference.network.wiring import FLOAT_LAYERS, LAYER_NAMES, Widths, Wiring

__all__ = ["Arrays", "decoder_network", "float_layer", "int8_layer", "needed_array", "read_layers"]

Arrays = Mapping[str, NDArray[Any]]


def needed_array(arrays: Arrays, name: str, part: str) -> NDArray[Any]:
    """Return the array of a layer; N1 where there is none."""
    array = arrays.get(f"{name}_{part}")
    if array is None:
        raise FeatureError("N1", f"{name}: there is no {name}_{part}")
    return array


def _bias(arrays: Arrays, name: str, outputs: int) -> NDArray[Any]:
    return arrays.get(f"{name}_bias", np.zeros(outputs, dtype=np.float32))


@clause("DRED-net-weights", "FIX-float-weight", "FIX-bias")
def float_layer(arrays: Arrays, name: str, inputs: int) -> FloatLayer:
    """Read a float layer: the weight from input j to output i stands at j * outputs + i."""
    weights = needed_array(arrays, name, "weights_float")
    if weights.size == 0 or weights.size % inputs:
        raise FeatureError("N1", f"{name}: {weights.size} float weights for {inputs} inputs")
    matrix = weights.reshape(inputs, -1).T
    return FloatLayer(name, matrix, _bias(arrays, name, len(matrix)))


@clause("DRED-net-weights", "FIX-int8-layer", "FIX-bias")
def int8_layer(arrays: Arrays, name: str, inputs: int) -> Int8Layer:
    """Read an int8 layer; an array of float weights beside it is not looked at."""
    weights, scale = needed_array(arrays, name, "weights_int8"), needed_array(arrays, name, "scale")
    outputs = scale.size
    index = arrays.get(f"{name}_weights_idx")
    if index is None:
        matrix = dense_matrix(name, weights, inputs, outputs)
    else:
        matrix = sparse_matrix(name, weights, index, inputs, outputs)
    return Int8Layer(name, matrix, scale, _bias(arrays, name, outputs), arrays.get(f"{name}_subias"))


def read_layers(
    arrays: Arrays, names: Sequence[str], float_layers: Sequence[str], widths: Widths
) -> dict[str, FloatLayer | Int8Layer]:
    """Read the layers of a network; parameters as for `dred_reference.network.record.check_layers`."""
    layers: dict[str, FloatLayer | Int8Layer] = {}
    for name in names:
        read = float_layer if name in float_layers else int8_layer
        layer = read(arrays, name, widths.inputs(name))
        widths.join(name, layer.inputs, layer.outputs)
        layers[name] = layer
    return layers


def decoder_network(arrays: Arrays, latent_dim: int, state_dim: int) -> DecoderNetwork:
    """Build the decoder network from the arrays of a model.

    Parameters
    ----------
    arrays : mapping of str to one-dimensional array
        By the names of the deployed weights (``dec_dense1_weights_float``, ...); others are ignored.
    latent_dim, state_dim : int
        Values of a latent (without the level value) and of the state.

    Returns
    -------
    DecoderNetwork

    Raises
    ------
    FeatureError
        N1: an array is missing, has another type or size, or holds a number that is not finite.
    """
    layers = read_layers(arrays, LAYER_NAMES, FLOAT_LAYERS, Wiring(latent_dim, state_dim))
    return DecoderNetwork(latent_dim, state_dim, layers)
