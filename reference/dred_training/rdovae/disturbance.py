"""
What the networks suffer in training, so that they bear the arithmetic they are decoded with.

Deployed decoders round activations and weights to 8 bits. In training, activations carry noise of that size,
and weights carry noise at first and are rounded, exactly as the export rounds them, towards the end.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from .rounding import row_scales

ACTIVATION_UNITS = 127

PLAIN, NOISE, ROUNDED = "plain", "noise", "rounded"


@dataclass(frozen=True)
class Disturbance:
    """
    What is done to activations and weights.

    Parameters
    ----------
    generator : torch.Generator, optional
        The source of noise.
    activations : bool
        Add noise to activations.
    weights : str
        ``plain``, ``noise`` or ``rounded``.
    """

    generator: torch.Generator | None = None
    activations: bool = False
    weights: str = PLAIN

    def uniform(self, like: torch.Tensor, width: float = 1.0) -> torch.Tensor:
        """Return noise of a width around 0 in the shape of a tensor."""
        noise = torch.empty_like(like, requires_grad=False)
        return noise.uniform_(-width / 2, width / 2, generator=self.generator)

    def activation(self, values: torch.Tensor) -> torch.Tensor:
        """Return activations as the next layer sees them; noise may lift them over 1 by half a unit."""
        if not self.activations:
            return values
        return values + self.uniform(values, 1 / ACTIVATION_UNITS)

    def weight(self, values: torch.Tensor) -> torch.Tensor:
        """Return weights of an int8 layer, shape (outputs, inputs), as the network computes with them."""
        if self.weights == PLAIN:
            return values
        held = values.detach()
        scales = row_scales(held)[:, None]
        if self.weights == NOISE:
            return values + self.uniform(held) * scales * (held != 0)
        return values + ((held / scales).round() * scales - held)


UNDISTURBED = Disturbance()
