"""From a model bundle to networks in PyTorch, for evaluation."""

from __future__ import annotations

import numpy as np
import torch

from dred_model import ModelBundle
from dred_reference.network import Int8Layer, LinearLayers

from .networks import Decoder, Encoder
from .rounding import LARGEST


def load_networks(bundle: ModelBundle) -> tuple[Encoder, Decoder]:
    """
    Return the networks of a bundle with the weights that its tables mean.

    Latents and states of the encoder have padding behind their dimensions.

    Raises
    ------
    ModelError
        M4: a network is missing.
    FeatureError
        N1: a network cannot be run.
    """
    encoder, decoder = bundle.to_reference_encoder(), bundle.to_reference_network()
    trained = Encoder(_widths(encoder)), Decoder(_widths(decoder))
    _load(encoder, trained[0])
    _load(decoder, trained[1])
    return trained


def _widths(network: LinearLayers) -> dict[str, tuple[int, int]]:
    return {name: (layer.inputs, layer.outputs) for name, layer in network.layers.items()}


def _load(network: LinearLayers, target: Encoder | Decoder) -> None:
    with torch.no_grad():
        for name, record in network.layers.items():
            weights = record.weights.astype(np.float64)
            if isinstance(record, Int8Layer):
                weights = weights * (LARGEST * record.scale.astype(np.float64))[:, np.newaxis]
            layer = target.layer(name)
            layer.weight.copy_(torch.from_numpy(weights))
            layer.bias.copy_(torch.from_numpy(record.bias.copy()))
