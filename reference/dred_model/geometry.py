"""
Geometry of layers: do the arrays have exactly the sizes and values the layer demands?.

A deployed decoder walks these arrays without asking, so an index out of place would read foreign memory
there. Here every array is checked once, when the model comes in. What is legal yet not as the deployed
exporter writes it is a warning, not an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from .architecture import LAYERS, input_widths, output_widths
from .errors import ModelError
from .network import ARRAY_FIELDS, Array, Layer, Network

BLOCK_OUTPUTS = 8
BLOCK_INPUTS = 4
BLOCK = BLOCK_OUTPUTS * BLOCK_INPUTS
MAX_WIDTH = 1 << 16
MAX_PAIR_SUM = 129  # 254 * 129 is the largest product sum that fits the int16 pair sums of deployed x86 code


def check_network(network: Network, latent_dim: int, state_dim: int) -> tuple[str, ...]:
    """
    Check all layers of a network and how they fit together.

    Parameters
    ----------
    network : Network
        The network.
    latent_dim, state_dim : int
        Dimensions of the quantiser tables.

    Returns
    -------
    warnings : tuple of str
        What is unusual but legal.

    Raises
    ------
    ModelError
        M4, M5 or M7, naming the layer or array.
    """
    present = {layer.name: layer for layer in network.layers}
    for name in LAYERS.get(network.name, ()):
        if name not in present:
            raise ModelError("M4", f"network {network.name} lacks the layer", subject=name)
    warnings: list[str] = []
    for layer in network.layers:
        warnings += check_layer(layer, network.arrays)
    outputs = {name: layer.nb_outputs for name, layer in present.items()}
    for name, width in input_widths(network.name, outputs, latent_dim, state_dim).items():
        _require(present[name].nb_inputs, width, name, "inputs")
    for name, width in output_widths(network.name, outputs, latent_dim, state_dim).items():
        _require(present[name].nb_outputs, width, name, "outputs")
    return tuple(warnings)


def _require(found: int, expected: int, layer: str, what: str) -> None:
    if found != expected:
        raise ModelError(
            "M5", f"the layer has {found} {what}, the layers around it demand {expected}", subject=layer
        )


def check_layer(layer: Layer, arrays: Mapping[str, Array]) -> list[str]:
    """Check one layer against its arrays; see `check_network`."""
    for width, what in ((layer.nb_inputs, "inputs"), (layer.nb_outputs, "outputs"), *_kernel(layer)):
        if not 1 <= width <= MAX_WIDTH:
            raise ModelError("M5", f"{width} {what}, allowed 1 to {MAX_WIDTH}", subject=layer.name)
    for field, dtype in ARRAY_FIELDS:
        name = getattr(layer, field)
        if name is None:
            continue
        if name not in arrays:
            raise ModelError("M4", f"layer {layer.name} names an array that is missing", subject=name)
        if arrays[name].dtype != dtype:
            raise ModelError("M7", f"{arrays[name].dtype} values, not {np.dtype(dtype)}", subject=name)
        if arrays[name].dtype == np.float32 and not np.isfinite(arrays[name]).all():
            index = int(np.flatnonzero(~np.isfinite(arrays[name]))[0])
            raise ModelError("M7", f"value {index} is not a finite number", subject=name)
    _check_parts(layer)
    for name in (layer.bias, layer.subias, layer.scale):
        if name is not None:
            _check_size(arrays[name], layer.nb_outputs, layer, name)
    blocks = None if layer.idx is None else check_sparse_index(layer, arrays[layer.idx])
    taps = 1 if layer.kernel is None else layer.kernel[0] * layer.kernel[1]
    values = layer.nb_inputs * layer.nb_outputs * taps if blocks is None else blocks * BLOCK
    for name in (layer.float_weights, layer.weights):
        if name is not None:
            _check_size(arrays[name], values, layer, name)
    return [] if layer.weights is None else list(_weight_warnings(layer, arrays[layer.weights]))


def _kernel(layer: Layer) -> tuple[tuple[int, str], ...]:
    return () if layer.kernel is None else tuple((size, "kernel taps") for size in layer.kernel)


def _check_parts(layer: Layer) -> None:
    if layer.weights is None and layer.float_weights is None:
        raise ModelError("M4", "the layer has neither int8 nor float weights", subject=layer.name)
    if layer.weights is not None and layer.scale is None:
        raise ModelError("M4", "the layer has int8 weights but no scale", subject=layer.name)
    if layer.kernel is not None and (layer.weights is not None or layer.idx is not None):
        raise ModelError("M7", "a 2-D convolution has float weights only", subject=layer.name)
    blocked = layer.weights is not None or layer.idx is not None
    if blocked and (layer.nb_outputs % BLOCK_OUTPUTS or layer.nb_inputs % BLOCK_INPUTS):
        raise ModelError(
            "M5",
            f"{layer.nb_inputs} inputs and {layer.nb_outputs} outputs cannot be cut into blocks of "
            f"{BLOCK_INPUTS} by {BLOCK_OUTPUTS}",
            subject=layer.name,
        )


def _check_size(array: Array, expected: int, layer: Layer, name: str) -> None:
    if array.size != expected:
        raise ModelError(
            "M5",
            f"{array.size} values; layer {layer.name} ({layer.kind}, {layer.nb_inputs} to "
            f"{layer.nb_outputs}) needs {expected}",
            subject=name,
        )


def check_sparse_index(layer: Layer, idx: Array) -> int:
    """
    Walk a sparse index and return the number of blocks; a group may be empty.

    Raises
    ------
    ModelError
        M7 naming the entry at fault.
    """
    values = idx.tolist()
    name = layer.idx
    at = 0
    blocks = 0
    for group in range(layer.nb_outputs // BLOCK_OUTPUTS):
        if at >= len(values):
            raise ModelError("M7", f"the index ends before output group {group}", subject=name)
        count = values[at]
        if not 0 <= count <= len(values) - at - 1:
            raise ModelError(
                "M7", f"entry {at}: group {group} announces {count} blocks, which do not fit", subject=name
            )
        for entry in range(at + 1, at + 1 + count):
            column = values[entry]
            if column % BLOCK_INPUTS or not 0 <= column <= layer.nb_inputs - BLOCK_INPUTS:
                raise ModelError(
                    "M7",
                    f"entry {entry}: column {column} is no multiple of {BLOCK_INPUTS} "
                    f"below {layer.nb_inputs}",
                    subject=name,
                )
        blocks += count
        at += 1 + count
    if at != len(values):
        raise ModelError("M7", f"{len(values) - at} entries are left after the last group", subject=name)
    return blocks


def _weight_warnings(layer: Layer, weights: Array) -> Iterator[str]:
    if (weights == -128).any():
        yield f"{layer.weights}: holds -128, which the exporter never writes"
    pairs = weights.astype(np.int32).reshape(-1, 2).sum(axis=1)  # neighbours within a row of a block
    excess = int(np.abs(pairs).max(initial=0))
    if excess > MAX_PAIR_SUM:
        yield (
            f"{layer.weights}: two neighbouring weights add up to {excess} (more than {MAX_PAIR_SUM}), "
            f"so deployed x86 code may saturate"
        )
