"""The encoder and the decoder, wired as `dred_reference.encoding` and `dred_reference.feature` have them."""

from __future__ import annotations

import torch
from torch import nn

from dred_model.architecture import BLOCKS, LAYERS, input_widths
from dred_reference.network import DILATIONS, ENCODER_FLOAT_LAYERS, FLOAT_LAYERS, FRAMES_PER_STEP
from dred_reference.network.wiring import FEATURES, FRAMES_PER_LATENT
from dred_training.configuration import NetworkSettings

from .disturbance import Disturbance
from .layers import Layer, convolution, gru, tanh_layer

DECODER, ENCODER = "rdovaedec", "rdovaeenc"


class _Network(nn.Module):
    """Layers by name."""

    def __init__(self, layers: dict[str, tuple[int, int]], float_layers: tuple[str, ...]) -> None:
        super().__init__()
        self.layers = nn.ModuleDict(
            {name: Layer(name, *widths, is_float=name in float_layers) for name, widths in layers.items()}
        )

    def layer(self, name: str) -> Layer:
        """Return a layer."""
        found: Layer = self.layers[name]
        return found

    def initialise(self, generator: torch.Generator) -> None:
        """Draw all weights, in the order of the records."""
        for layer in self.layers.values():
            layer.initialise(generator)


class Encoder(_Network):
    """
    From features to a latent and a state per 20 ms.

    Parameters
    ----------
    widths : mapping of str to (inputs, outputs)
        Of its layers; see `encoder_widths`.
    """

    def __init__(self, widths: dict[str, tuple[int, int]]) -> None:
        super().__init__(widths, ENCODER_FLOAT_LAYERS)

    def forward(self, features: torch.Tensor, disturbance: Disturbance) -> tuple[torch.Tensor, torch.Tensor]:
        """
        Encode sequences from silence on.

        Parameters
        ----------
        features : tensor, shape (steps, batch, 40)
            Of 20 ms, the older 10 ms first.
        disturbance : Disturbance
            What happens to numbers on the way.

        Returns
        -------
        latents, states : tensor, shape (steps, batch, dimension)
            All outputs of the last layers; a loaded model has padding behind its dimensions.
        """
        layer, batch = self.layer, features.shape[1]
        buffer = tanh_layer(layer("enc_dense1"), features, disturbance)
        for k in BLOCKS:
            recurrent = layer(f"enc_gru{k}_recurrent")
            state = buffer.new_zeros(batch, recurrent.weight.shape[1])
            states = gru(layer(f"enc_gru{k}_input"), recurrent, buffer, state, disturbance)
            buffer = torch.cat([buffer, states], dim=-1)
            dense, last = layer(f"enc_conv_dense{k}"), layer(f"enc_conv{k}")
            convolved = convolution(dense, last, buffer, DILATIONS[k], disturbance)
            buffer = torch.cat([buffer, convolved], dim=-1)
        latents = layer("enc_zdense")(buffer, disturbance)
        hidden = tanh_layer(layer("gdense1"), buffer, disturbance)
        return latents, layer("gdense2")(hidden, disturbance)


class Decoder(_Network):
    """
    From a state and latents to features, newest first.

    Parameters
    ----------
    widths : mapping of str to (inputs, outputs)
        Of its layers; see `decoder_widths`.
    """

    def __init__(self, widths: dict[str, tuple[int, int]]) -> None:
        super().__init__(widths, FLOAT_LAYERS)

    def forward(self, state: torch.Tensor, latents: torch.Tensor, disturbance: Disturbance) -> torch.Tensor:
        """
        Decode payloads.

        Parameters
        ----------
        state : tensor, shape (batch, state_dim)
            Of the newest latent.
        latents : tensor, shape (count, batch, latent_dim + 1)
            Newest first; the last value of each is the level value.
        disturbance : Disturbance
            What happens to numbers on the way.

        Returns
        -------
        tensor, shape (count, batch, 4, 20)
            Four frames of 10 ms per latent, newest first.
        """
        layer = self.layer
        hidden = tanh_layer(layer("dec_hidden_init"), state, disturbance)
        starts = tanh_layer(layer("dec_gru_init"), hidden, disturbance).chunk(len(BLOCKS), dim=-1)
        buffer = tanh_layer(layer("dec_dense1"), latents, disturbance)
        for k, start in zip(BLOCKS, starts, strict=True):
            inputs, recurrent = layer(f"dec_gru{k}_input"), layer(f"dec_gru{k}_recurrent")
            states = gru(inputs, recurrent, buffer, start.contiguous(), disturbance)
            gated = states * torch.sigmoid(layer(f"dec_glu{k}")(states, disturbance))
            buffer = torch.cat([buffer, disturbance.activation(gated)], dim=-1)
            dense, last = layer(f"dec_conv_dense{k}"), layer(f"dec_conv{k}")
            buffer = torch.cat([buffer, convolution(dense, last, buffer, 1, disturbance)], dim=-1)
        output = layer("dec_output")(buffer, disturbance)
        return output.unflatten(-1, (FRAMES_PER_LATENT, FEATURES))


def encoder_widths(settings: NetworkSettings) -> dict[str, tuple[int, int]]:
    """Return inputs and outputs of the layers of an encoder that is to be trained: nothing is padded."""
    outputs = {
        "enc_dense1": settings.encoder_dense,
        "enc_zdense": settings.latent_dim,
        "gdense1": settings.encoder_hidden,
        "gdense2": settings.state_dim,
    }
    for k in BLOCKS:
        outputs[f"enc_gru{k}_input"] = outputs[f"enc_gru{k}_recurrent"] = 3 * settings.encoder_gru
        outputs[f"enc_conv_dense{k}"] = outputs[f"enc_conv{k}"] = settings.encoder_conv
    inputs = {"enc_dense1": FRAMES_PER_STEP * FEATURES}
    inputs |= input_widths(ENCODER, outputs, settings.latent_dim, settings.state_dim)
    return {name: (inputs[name], outputs[name]) for name in LAYERS[ENCODER]}


def decoder_widths(settings: NetworkSettings) -> dict[str, tuple[int, int]]:
    """Return inputs and outputs of the layers of a decoder that is to be trained."""
    outputs = {
        "dec_dense1": settings.decoder_dense,
        "dec_hidden_init": settings.decoder_hidden,
        "dec_gru_init": len(BLOCKS) * settings.decoder_gru,
        "dec_output": FRAMES_PER_LATENT * FEATURES,
    }
    for k in BLOCKS:
        outputs[f"dec_gru{k}_input"] = outputs[f"dec_gru{k}_recurrent"] = 3 * settings.decoder_gru
        outputs[f"dec_glu{k}"] = settings.decoder_gru
        outputs[f"dec_conv_dense{k}"] = outputs[f"dec_conv{k}"] = settings.decoder_conv
    inputs = input_widths(DECODER, outputs, settings.latent_dim, settings.state_dim)
    return {name: (inputs[name], outputs[name]) for name in LAYERS[DECODER]}
