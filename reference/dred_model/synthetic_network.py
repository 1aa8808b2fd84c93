"""
Synthetic networks.

An RDO-VAE decoder (the encoder: `synthetic_encoder`) with seeded weights and the wiring of the real one:
float and int8 layers, dense and sparse, groups of outputs without any block, weights at the limit of the
exporter's pair rule. What it decodes to means nothing; that every implementation decodes it to the same is
the point. Most rows have a gain near one, so that the recurrent parts forget small differences as those of
a trained network do; every sixteenth is eight times as steep and drives its unit into saturation.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from .architecture import BLOCKS, LAYERS, input_widths
from .deterministic import DeterministicStream
from .errors import ModelError
from .geometry import BLOCK, BLOCK_INPUTS, BLOCK_OUTPUTS, MAX_PAIR_SUM
from .network import ARRAY_FIELDS, ARRAY_SUFFIXES, Array, Layer, Network, named_layer, own

NETWORK = "rdovaedec"
FRAMES_PER_LATENT = 4  # 40 ms of 10-ms feature frames
MAX_LAYER = 512
INT8_RMS = 74  # of even numbers from -127 to 127
STEEP = 8  # gain of every sixteenth row of an int8 layer
STEEP_FLOAT = 16  # and of every eighth of a float layer: large inputs pass the limit of its preactivations,
MIN_STEEP_INPUTS = 8  # which fewer inputs cannot
FLOAT_LAYERS = ("dec_dense1", "dec_hidden_init", "enc_dense1")
SPARSE_LAYERS = (
    "gdense1",
    *(f"enc_conv_dense{k}" for k in BLOCKS),
    *(f"enc_gru{k}_input" for k in BLOCKS),
    "dec_output",
    "dec_gru_init",
    *(f"dec_conv_dense{k}" for k in BLOCKS),
    *(f"dec_gru{k}_input" for k in BLOCKS),
)


@dataclass(frozen=True)
class DecoderShape:
    """
    Widths of a decoder; those of the official one are 128, 96, 64, 32, 20.

    All but `features` must be multiples of 8, and four feature frames must be one too.
    """

    hidden: int = 16
    dense: int = 16
    gru: int = 8
    conv: int = 8
    features: int = 20

    @property
    def widths(self) -> tuple[int, int, int, int, int]:
        """Outputs of the layers: hidden, dense, GRU, convolution and all features of a latent."""
        return self.hidden, self.dense, self.gru, self.conv, FRAMES_PER_LATENT * self.features

    @property
    def is_possible(self) -> bool:
        """Whether the layers can be cut into blocks."""
        return all(BLOCK_OUTPUTS <= width <= MAX_LAYER and not width % BLOCK_OUTPUTS for width in self.widths)


def synthetic_decoder(seed: int, latent_dim: int, state_dim: int, shape: DecoderShape) -> Network:
    """
    Make a decoder network.

    Parameters
    ----------
    seed : int
        Seed.
    latent_dim, state_dim : int
        Dimensions of the quantiser tables.
    shape : DecoderShape
        Widths.

    Raises
    ------
    ModelError
        M5 for widths that cannot be cut into blocks.
    """
    if not shape.is_possible:
        raise ModelError(
            "M5",
            f"widths {shape.widths} are not all multiples of {BLOCK_OUTPUTS} up to {MAX_LAYER}",
            subject=NETWORK,
        )
    outputs = {name: _outputs(name, shape) for name in LAYERS[NETWORK]}
    return seeded_network(NETWORK, seed, input_widths(NETWORK, outputs, latent_dim, state_dim), outputs)


def seeded_network(network: str, seed: int, inputs: Mapping[str, int], outputs: Mapping[str, int]) -> Network:
    """
    Make a network of layers of given widths.

    Parameters
    ----------
    network : str
        Its name, a key of `architecture.LAYERS`.
    seed : int
        Seed.
    inputs, outputs : mapping of str to int
        Widths of its layers.
    """
    layers: list[Layer] = []
    arrays: dict[str, Array] = {}
    for name in LAYERS[network]:
        stream = DeterministicStream(f"dred-synthetic-network/2 {seed} {name}")
        held = dict(_arrays(name, inputs[name], outputs[name], stream))
        names: dict[str, str | None] = {field: f"{name}_{ARRAY_SUFFIXES[field]}" for field in held}
        dtypes = dict(ARRAY_FIELDS)
        arrays |= {f"{name}_{ARRAY_SUFFIXES[field]}": own(held[field], dtypes[field]) for field in held}
        layers.append(named_layer(name, inputs[name], outputs[name], names))
    return Network(network, tuple(layers), arrays)


def _outputs(name: str, shape: DecoderShape) -> int:
    fixed = {
        "dec_dense1": shape.dense,
        "dec_hidden_init": shape.hidden,
        "dec_gru_init": len(BLOCKS) * shape.gru,
        "dec_output": FRAMES_PER_LATENT * shape.features,
    }
    if name in fixed:
        return fixed[name]
    if name.startswith("dec_gru"):
        return 3 * shape.gru
    return shape.gru if name.startswith("dec_glu") else shape.conv


def _arrays(
    name: str, nb_inputs: int, nb_outputs: int, stream: DeterministicStream
) -> Iterator[tuple[str, Array]]:
    # Dyadic fractions of at most 24 bits: exact in float32, so nothing depends on how a machine rounds, yet
    # fine enough that a fixed-point conversion has to round, and sometimes to break a tie.
    bias = np.array([stream.between(-(1 << 20), 1 << 20) / (1 << 22) for _ in range(nb_outputs)])
    if name in FLOAT_LAYERS:
        steep = STEEP_FLOAT if nb_inputs >= MIN_STEEP_INPUTS else 1
        gains = [1 if steep == 1 or stream.below(8) else steep for _ in range(nb_outputs)]
        weights = [
            gain * stream.between(-(1 << 22), 1 << 22) / (1 << 27) for _ in range(nb_inputs) for gain in gains
        ]
        yield "float_weights", np.array(weights)
        yield "bias", bias
        return
    unit = (1 << 40) // (INT8_RMS * 127 * math.isqrt(nb_inputs << 10))  # gain 1, in 2^-35
    gains = [STEEP if not stream.below(16) else 1 for _ in range(nb_outputs)]
    scale = np.array([gain * stream.between(unit // 2, unit * 3 // 2) / (1 << 35) for gain in gains])
    sums = np.zeros(nb_outputs, dtype=np.int64)
    index: list[int] = []
    blocks: list[list[int]] = []
    columns = range(0, nb_inputs, BLOCK_INPUTS)
    for first in range(0, nb_outputs, BLOCK_OUTPUTS):
        empty = first > 0 and not stream.below(8)
        chosen = list(columns)
        if name in SPARSE_LAYERS:
            chosen = [column for column in columns if not empty and stream.below(2)]
        index += [len(chosen), *chosen]
        for _ in chosen:
            block = [weight for _ in range(BLOCK // 2) for weight in _pair(stream)]
            sums[first : first + BLOCK_OUTPUTS] += np.array(block).reshape(BLOCK_OUTPUTS, -1).sum(axis=1)
            blocks.append(block)
    if not blocks:  # a layer must have weights: its first group gets one block
        block = [weight for _ in range(BLOCK // 2) for weight in _pair(stream)]
        sums[:BLOCK_OUTPUTS] += np.array(block).reshape(BLOCK_OUTPUTS, -1).sum(axis=1)
        index[0:1] = [1, 0]
        blocks.append(block)
    yield "weights", np.array(blocks)
    if name in SPARSE_LAYERS:
        yield "idx", np.array(index)
    yield "subias", bias - 127 * scale * sums
    yield "scale", scale
    yield "bias", bias


def _pair(stream: DeterministicStream) -> tuple[int, int]:
    even = stream.between(-127, 127)
    odd = stream.between(max(-127, -MAX_PAIR_SUM - even), min(127, MAX_PAIR_SUM - even))
    return even, odd
