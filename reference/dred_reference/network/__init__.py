"""What the ``feature`` stage needs of a model: the layers of the decoder network.

A decoder is 29 linear layers, wired as `wiring` says. Two of them read values of any size and have float32
weights; the others read activations and have int8 weights with a scale per row. Here they become plain
matrices; how they are computed with is the matter of `dred_reference.feature`.

Examples
--------
>>> from dred_reference.network import LAYER_NAMES
>>> LAYER_NAMES[:3], LAYER_NAMES[-1]
(('dec_hidden_init', 'dec_gru_init', 'dec_dense1'), 'dec_output')
"""

from dred_reference.network.arrays import decoder_network
from dred_reference.network.blob import read_blob
from dred_reference.network.concealment import ConcealmentNetwork, concealment_network
from dred_reference.network.encoder import (
    DILATIONS,
    ENCODER_FLOAT_LAYERS,
    ENCODER_LAYER_NAMES,
    FRAMES_PER_STEP,
    EncoderNetwork,
    encoder_network,
)
from dred_reference.network.pitch import PitchNetwork, pitch_network
from dred_reference.network.record import DecoderNetwork, FloatLayer, Int8Layer, Layer, LinearLayers
from dred_reference.network.vocoder import VocoderNetwork, vocoder_network
from dred_reference.network.wiring import BLOCKS, FLOAT_LAYERS, LAYER_NAMES

__all__ = [
    "BLOCKS",
    "DILATIONS",
    "ENCODER_FLOAT_LAYERS",
    "ENCODER_LAYER_NAMES",
    "FLOAT_LAYERS",
    "FRAMES_PER_STEP",
    "LAYER_NAMES",
    "ConcealmentNetwork",
    "DecoderNetwork",
    "EncoderNetwork",
    "FloatLayer",
    "Int8Layer",
    "Layer",
    "LinearLayers",
    "PitchNetwork",
    "VocoderNetwork",
    "concealment_network",
    "decoder_network",
    "encoder_network",
    "pitch_network",
    "read_blob",
    "vocoder_network",
]
