"""Linear layers under the names of the project's records, and the blocks that they form."""

from __future__ import annotations

import math

import torch
from torch import nn

from .disturbance import Disturbance

GATES = 3  # update, reset, candidate: the order of the records


class Layer(nn.Module):
    """
    A linear layer.

    Parameters
    ----------
    name : str
        Such as ``dec_gru1_input``.
    inputs, outputs : int
        Its widths.
    is_float : bool
        Whether its weights stay float at export.
    """

    def __init__(self, name: str, inputs: int, outputs: int, *, is_float: bool = False) -> None:
        super().__init__()
        self.name = name
        self.is_float = is_float
        self.weight = nn.Parameter(torch.zeros(outputs, inputs))
        self.bias = nn.Parameter(torch.zeros(outputs))

    def initialise(self, generator: torch.Generator) -> None:
        """Draw the weights: orthogonal gates for recurrent layers, uniform ones for the others."""
        with torch.no_grad():
            self.bias.zero_()
            outputs, inputs = self.weight.shape
            if self.name.endswith("_recurrent"):
                for gate in self.weight.chunk(GATES):
                    nn.init.orthogonal_(gate, generator=generator)
            else:
                rows = outputs // GATES if self.name.endswith("_input") else outputs
                bound = math.sqrt(6 / (inputs + rows))
                self.weight.uniform_(-bound, bound, generator=generator)

    def used_weight(self, disturbance: Disturbance) -> torch.Tensor:
        """Return the weights to compute with."""
        return self.weight if self.is_float else disturbance.weight(self.weight)

    def forward(self, values: torch.Tensor, disturbance: Disturbance) -> torch.Tensor:
        """Return the preactivations."""
        return nn.functional.linear(values, self.used_weight(disturbance), self.bias)


def tanh_layer(layer: Layer, values: torch.Tensor, disturbance: Disturbance) -> torch.Tensor:
    """Return the activations of a layer."""
    return disturbance.activation(torch.tanh(layer(values, disturbance)))


def gru(
    input_layer: Layer,
    recurrent_layer: Layer,
    values: torch.Tensor,
    state: torch.Tensor,
    disturbance: Disturbance,
) -> torch.Tensor:
    """
    Return the states of a GRU along a sequence.

    Parameters
    ----------
    values : tensor, shape (time, batch, inputs)
        What it reads.
    state : tensor, shape (batch, size)
        Its state before.
    """
    weights = (input_layer.used_weight(disturbance), recurrent_layer.used_weight(disturbance))
    parameters = [_torch_order(part) for part in (*weights, input_layer.bias, recurrent_layer.bias)]
    outputs, _ = torch.gru(values, state.unsqueeze(0), parameters, True, 1, 0.0, False, False, False)
    return disturbance.activation(outputs)


def _torch_order(rows: torch.Tensor) -> torch.Tensor:
    """PyTorch has the reset gate first."""
    update, reset, candidate = rows.chunk(GATES)
    return torch.cat([reset, update, candidate])


def convolution(
    dense: Layer, layer: Layer, values: torch.Tensor, dilation: int, disturbance: Disturbance
) -> torch.Tensor:
    """Return a convolution over the activations of `dense` of `dilation` steps ago and of now."""
    current = tanh_layer(dense, values, disturbance)
    before = nn.functional.pad(current, (0, 0, 0, 0, dilation, 0))[: len(current)]
    return tanh_layer(layer, torch.cat([before, current], dim=-1), disturbance)
