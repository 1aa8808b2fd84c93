"""
The statistical model: for each level and dimension how values are scaled, thinned out, and coded.

What training computes with are the numbers that an export writes into tables of bytes, rounded; gradients
pass the rounding as if it were not there.

A dimension that is zero for certain is not coded, and the decoder reads zero. In the tables that is an edge:
a probability of zero of 254/256 is coded, one of 255/256 is not. A decoder that never saw the zero takes it
for a value. So before that edge, values are dropped at random in training, the more often the nearer it is:
where a dimension dies, the decoder has learned to do without it already.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn

from dred_training.configuration import LEVELS

DEAD_ZONE_UNIT = 0.05
BYTE = 255
ONE = 256
NEVER_CODED = 255
ZERO_EDGE, ZERO_MARGIN = 254.5 / ONE, 6 / ONE
DECAY_EDGE, DECAY_MARGIN = 0.5 / ONE, 3.5 / ONE


@dataclass(frozen=True)
class Rows:
    """
    Values for each element of latents or states; all tensors of one shape.

    Parameters
    ----------
    scale, dead_zone : tensor
        Of the quantiser.
    soft_decay : tensor
        Of the distribution that the rate of unrounded values is estimated with.
    decay, zero : tensor
        Of the Laplace coder: ratio of neighbouring magnitudes, probability of zero.
    kept : tensor
        The probability that a value is not dropped in training.
    coded : tensor
        1 where it is coded, else 0.
    """

    scale: torch.Tensor
    dead_zone: torch.Tensor
    soft_decay: torch.Tensor
    decay: torch.Tensor
    zero: torch.Tensor
    kept: torch.Tensor
    coded: torch.Tensor


@dataclass(frozen=True)
class Bytes:
    """The tables of one kind as whole numbers, shape (16, dimension), and what a scale of 255 stands for."""

    scales: torch.Tensor
    dead_zones: torch.Tensor
    decays: torch.Tensor
    zeros: torch.Tensor
    unit: torch.Tensor  # shape (dimension,): values times this are what the tables scale

    @property
    def coded(self) -> torch.Tensor:
        """Where symbols are coded."""
        return (self.decays > 0) & (self.zeros < NEVER_CODED)


class Statistics(nn.Module):
    """
    Statistics of latents, or of states.

    Parameters
    ----------
    dimensions : int
        Values of a latent or state.
    """

    def __init__(self, dimensions: int) -> None:
        super().__init__()
        # scale, dead zone, decay (soft), zero, decay
        self.raw = nn.Parameter(torch.zeros(LEVELS, 5, dimensions))

    def _values(self) -> tuple[torch.Tensor, ...]:
        scale, dead_zone, soft_decay, zero, decay = self.raw.unbind(1)
        ratio = torch.sigmoid(decay)
        probability = 1 - ratio ** (0.5 + 0.5 * torch.sigmoid(zero))
        softplus = nn.functional.softplus
        soft = torch.sigmoid(soft_decay)
        return softplus(scale), DEAD_ZONE_UNIT * softplus(dead_zone), soft, ratio, probability

    def bytes(self) -> Bytes:
        """Return the tables that an export writes."""
        with torch.no_grad():
            scale, dead_zone, _, decay, zero = self._values()
            unit = (BYTE / ONE) / scale.amax(dim=0).clamp_min(1e-15)
            return Bytes(
                (scale * unit * ONE).round().clamp(1, BYTE),  # 0 would count as 1
                (dead_zone * ONE).round().clamp(0, BYTE),
                (decay * ONE).round().clamp(0, BYTE),
                (zero * ONE).round().clamp(1, BYTE),  # an encoder cannot code a zero of no probability
                unit,
            )

    def rows(self, levels: torch.Tensor, *, may_die: bool = True) -> Rows:
        """
        Return the values for elements at given levels.

        Parameters
        ----------
        levels : tensor of int64, any shape
        may_die : bool
            Whether dimensions that an export would not code are not coded.

        Returns
        -------
        Rows
            Tensors of the shape of `levels` and a dimension more.
        """
        scale, dead_zone, soft_decay, decay, zero = self._values()
        written = self.bytes()
        coded = written.coded.to(scale.dtype)
        kept = ((ZERO_EDGE - zero) / ZERO_MARGIN).clamp(0, 1) * ((decay - DECAY_EDGE) / DECAY_MARGIN).clamp(
            0, 1
        )
        table = torch.cat(
            [
                _rounded(scale, written.scales / (ONE * written.unit)),
                _rounded(dead_zone, written.dead_zones / ONE),
                soft_decay,
                _rounded(decay, written.decays / ONE),
                _rounded(zero, written.zeros / ONE),
                kept.detach() if may_die else torch.ones_like(kept),
                coded if may_die else torch.ones_like(coded),
            ],
            dim=1,
        )
        return Rows(*nn.functional.embedding(levels, table).chunk(7, dim=-1))


def _rounded(value: torch.Tensor, rounded: torch.Tensor) -> torch.Tensor:
    return value + (rounded - value).detach()
