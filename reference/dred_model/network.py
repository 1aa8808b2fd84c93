"""
Networks of a model: layers and their arrays.

Arrays are one-dimensional, exactly as the deployed files hold them; the layer says what they mean. A linear
layer has float weights, or int8 weights with a scale per output; int8 weights are dense or sparse in blocks
of 8 outputs by 4 inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

# Field of a layer and the element type of the array it names, in the order in which DNNw blobs hold them.
ARRAY_FIELDS: tuple[tuple[str, type[np.generic]], ...] = (
    ("float_weights", np.float32),
    ("weights", np.int8),
    ("idx", np.int32),
    ("subias", np.float32),
    ("scale", np.float32),
    ("bias", np.float32),
)

# What the name of an array adds to that of its layer.
ARRAY_SUFFIXES = {
    "float_weights": "weights_float",
    "weights": "weights_int8",
    "idx": "weights_idx",
    "subias": "subias",
    "scale": "scale",
    "bias": "bias",
}


@dataclass(frozen=True)
class Layer:
    """
    One linear or convolutional layer: its geometry and the names of its arrays.

    Parameters
    ----------
    name : str
        For example ``dec_gru1_input``.
    nb_inputs, nb_outputs : int
        Sizes; for a 2-D convolution its channels.
    float_weights, weights, idx, subias, scale, bias : str, optional
        Names of the arrays it has.
    kernel : tuple of int, optional
        (time, frequency) size of a 2-D convolution; None for a linear layer.
    """

    name: str
    nb_inputs: int
    nb_outputs: int
    float_weights: str | None = None
    weights: str | None = None
    idx: str | None = None
    subias: str | None = None
    scale: str | None = None
    bias: str | None = None
    kernel: tuple[int, int] | None = None

    @property
    def array_names(self) -> tuple[str, ...]:
        """Names of the arrays it has, in the order of a DNNw blob."""
        names = (getattr(self, field) for field, _ in ARRAY_FIELDS)
        return tuple(name for name in names if name is not None)

    @property
    def kind(self) -> str:
        """``conv2d``, ``float``, ``int8`` or ``int8 sparse``."""
        if self.kernel is not None:
            return "conv2d"
        kind = "int8" if self.weights is not None else "float"
        return f"{kind} sparse" if self.idx is not None else kind


def named_layer(
    name: str,
    nb_inputs: int,
    nb_outputs: int,
    names: Mapping[str, str | None],
    kernel: tuple[int, int] | None = None,
) -> Layer:
    """Return a layer whose array names come from a mapping by field; fields that are missing are None."""
    return Layer(
        name=name,
        nb_inputs=nb_inputs,
        nb_outputs=nb_outputs,
        float_weights=names.get("float_weights"),
        weights=names.get("weights"),
        idx=names.get("idx"),
        subias=names.get("subias"),
        scale=names.get("scale"),
        bias=names.get("bias"),
        kernel=kernel,
    )


@dataclass(frozen=True, eq=False)
class Network:
    """A named list of layers with their arrays (read-only)."""

    name: str
    layers: tuple[Layer, ...]
    arrays: Mapping[str, Array]

    def layer(self, name: str) -> Layer:
        """
        Return the layer of that name.

        Raises
        ------
        KeyError
            There is none.
        """
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise KeyError(name)

    def ordered_arrays(self) -> list[tuple[str, Array]]:
        """Return the arrays in the order of a DNNw blob: layer by layer."""
        return [(name, self.arrays[name]) for layer in self.layers for name in layer.array_names]


def own(array: Array, dtype: type[np.generic]) -> Array:
    """Return a read-only, contiguous, one-dimensional copy in native byte order."""
    owned = np.array(array, dtype=dtype, order="C").reshape(-1)
    owned.setflags(write=False)
    return owned
