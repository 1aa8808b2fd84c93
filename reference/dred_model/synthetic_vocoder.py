"""
Synthetic vocoders.

A FARGAN with seeded weights, in the sizes of the deployed one, because decoders have these built in. What it
says is no speech; it has a pitch, and it is the same for everybody. A trained vocoder is chaotic: a rounding
somewhere makes another waveform of the same sound. Here the recurrent parts are weak, and the way around
through the pitch prediction has a gain below one, so small differences die out and what remains of a large
one is a mistake. Seven of eight blocks of the int8 weights are zero, so that they compress well.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from .architecture import LAYERS
from .deterministic import DeterministicStream
from .geometry import BLOCK, BLOCK_INPUTS, BLOCK_OUTPUTS
from .network import ARRAY_FIELDS, ARRAY_SUFFIXES, Array, Layer, Network, named_layer, own

NETWORK = "fargan"
SUBFRAME = 40
PREDICTED = 608  # of the inputs of the skip layer: behind the GRUs (160, 128, 128) and the hidden layer (192)
SIZES: dict[str, tuple[int, int]] = {
    "cond_net_pembed": (224, 12),
    "cond_net_fdense1": (32, 64),
    "cond_net_fconv1": (192, 128),
    "cond_net_fdense2": (128, 320),
    "sig_net_cond_gain_dense": (80, 1),
    "sig_net_fwc0_conv": (328, 192),
    "sig_net_fwc0_glu_gate": (192, 192),
    "sig_net_gru1_input": (272, 480),
    "sig_net_gru2_input": (240, 384),
    "sig_net_gru3_input": (208, 384),
    "sig_net_gru1_recurrent": (160, 480),
    "sig_net_gru2_recurrent": (128, 384),
    "sig_net_gru3_recurrent": (128, 384),
    "sig_net_gru1_glu_gate": (160, 160),
    "sig_net_gru2_glu_gate": (128, 128),
    "sig_net_gru3_glu_gate": (128, 128),
    "sig_net_skip_glu_gate": (128, 128),
    "sig_net_skip_dense": (688, 128),
    "sig_net_sig_dense_out": (128, SUBFRAME),
    "sig_net_gain_dense_out": (192, 4),
}
FLOAT_LAYERS = ("cond_net_pembed", "cond_net_fdense1", "sig_net_cond_gain_dense", "sig_net_gain_dense_out")
# Root of the sum of the squares of the weights of a row; 1 where none is named.
GAINS = {
    "cond_net_pembed": 8.0,  # a table: its rows are as long as the numbers are large
    "cond_net_fdense1": 0.75,
    "cond_net_fconv1": 2.0,
    "cond_net_fdense2": 2.0,
    "sig_net_cond_gain_dense": 0.75,
    "sig_net_gru1_input": 3.0,
    "sig_net_gru2_input": 3.0,
    "sig_net_gru3_input": 3.0,
    "sig_net_gru1_recurrent": 1.5,
    "sig_net_gru2_recurrent": 1.5,
    "sig_net_gru3_recurrent": 1.5,
    "sig_net_skip_dense": 2.0,
}
# What is added to every bias: the gain is that of speech, and the gates stand half open or more.
OFFSETS = {
    "cond_net_pembed": None,  # deployed decoders never add it
    "sig_net_cond_gain_dense": -2.0,
    "sig_net_gain_dense_out": 1.0,
    "sig_net_skip_glu_gate": 2.0,
}
NO_BIAS = "recurrent"
# The way from a sample of the prediction to that sample of the output: where it begins among the inputs of
# the two layers on it, the gain of each, and the longest that the rest of such a row may be beside it.
PREDICTION_AT = {"sig_net_skip_dense": PREDICTED, "sig_net_sig_dense_out": 0}
PREDICTION_GAIN = 1.1
LARGEST_WEIGHT = 127
LONGEST_REST = 75
BLOCKS_PER_BLOCK = 8  # one of so many is not zero
UNIT = 1 << 20  # numbers are whole multiples of its inverse: exact in float32


def synthetic_vocoder(seed: int) -> Network:
    """
    Make a vocoder network.

    Parameters
    ----------
    seed : int
        Seed.
    """
    layers: list[Layer] = []
    arrays: dict[str, Array] = {}
    dtypes = dict(ARRAY_FIELDS)
    for name in LAYERS[NETWORK]:
        stream = DeterministicStream(f"dred-synthetic-vocoder/1 {seed} {name}")
        held = dict(_arrays(name, stream))
        names: dict[str, str | None] = {field: f"{name}_{ARRAY_SUFFIXES[field]}" for field in held}
        arrays |= {f"{name}_{ARRAY_SUFFIXES[field]}": own(held[field], dtypes[field]) for field in held}
        layers.append(named_layer(name, *SIZES[name], names))
    return Network(NETWORK, tuple(layers), arrays)


def _arrays(name: str, stream: DeterministicStream) -> Iterator[tuple[str, Array]]:
    inputs, outputs = SIZES[name]
    if name in FLOAT_LAYERS:
        largest = round(UNIT * GAINS.get(name, 1.0) * math.sqrt(3 / inputs))
        drawn = [stream.between(-largest, largest) for _ in range(inputs * outputs)]
        yield "float_weights", np.array(drawn) / UNIT
        yield "bias", _bias(name, outputs, stream)
        return
    weights = _int8_matrix(inputs, outputs, stream)
    lengths = np.maximum(1, _lengths(weights))
    scale = np.array([_scale(GAINS.get(name, 1.0) / (LARGEST_WEIGHT * length)) for length in lengths])
    if name in PREDICTION_AT:
        _lay_the_way(weights[:SUBFRAME], PREDICTION_AT[name])
        scale[:SUBFRAME] = _scale(PREDICTION_GAIN / LARGEST_WEIGHT**2)
    yield "weights", weights.reshape(-1, BLOCK_OUTPUTS, inputs // BLOCK_INPUTS, BLOCK_INPUTS).swapaxes(1, 2)
    bias = _bias(name, outputs, stream)
    yield "subias", bias - LARGEST_WEIGHT * scale * weights.sum(axis=1)
    yield "scale", scale
    if not name.endswith(NO_BIAS):
        yield "bias", bias


def _lengths(weights: Array) -> Array:
    """Return the root of the sum of the squares of each row."""
    lengths: Array = np.sqrt((weights**2).sum(axis=1))
    return lengths


def _lay_the_way(rows: Array, first: int) -> None:
    """Let row i depend on input first + i above all."""
    rows[:, first : first + len(rows)] = 0
    excess = np.maximum(1, _lengths(rows) / LONGEST_REST)
    rows[:] = np.trunc(rows / excess[:, None])
    rows[range(len(rows)), range(first, first + len(rows))] = LARGEST_WEIGHT


def _int8_matrix(inputs: int, outputs: int, stream: DeterministicStream) -> Array:
    """Return weights, shape (outputs, inputs); every group of outputs has a block at least."""
    matrix = np.zeros((outputs, inputs), dtype=np.int64)
    columns = inputs // BLOCK_INPUTS
    for group in range(0, outputs, BLOCK_OUTPUTS):
        chosen = [column for column in range(columns) if not stream.below(BLOCKS_PER_BLOCK)]
        for column in chosen or [stream.below(columns)]:
            block = np.array([stream.between(-63, 63) for _ in range(BLOCK)])
            place = slice(BLOCK_INPUTS * column, BLOCK_INPUTS * (column + 1))
            matrix[group : group + BLOCK_OUTPUTS, place] = block.reshape(BLOCK_OUTPUTS, BLOCK_INPUTS)
    return matrix


def _bias(name: str, outputs: int, stream: DeterministicStream) -> Array:
    offset = OFFSETS.get(name, 0.0)
    if offset is None or name.endswith(NO_BIAS):
        return np.zeros(outputs)
    drawn = [stream.between(-UNIT // 2, UNIT // 2) for _ in range(outputs)]
    return np.array(drawn) / UNIT + offset


def _scale(value: float) -> float:
    """Return the nearest multiple of 2^-35: exact in float32, whatever a machine makes of a square root."""
    return round(value * (1 << 35)) / (1 << 35)
