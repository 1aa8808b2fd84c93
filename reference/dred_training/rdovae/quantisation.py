"""
Quantisation, soft and hard, and what the result costs.

Hard quantisation is what an encoder does; gradients pass the rounding as if it were not there. Soft
quantisation adds noise of the same power instead. A decoder is trained with both.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from .disturbance import Disturbance
from .statistics import Rows

SMALLEST = 1e-6  # added to probabilities
DEAD_ZONE_KNEE = 0.1


@dataclass(frozen=True)
class Quantised:
    """
    Values that went through the quantiser.

    Parameters
    ----------
    values : tensor
        What the decoder reads.
    soft_bits, bits : tensor
        The cost of each vector: of the unrounded symbols, and of the symbols as they are coded.
    """

    values: torch.Tensor
    soft_bits: torch.Tensor
    bits: torch.Tensor


def quantise(
    values: torch.Tensor, rows: Rows, is_hard: torch.Tensor | bool, disturbance: Disturbance | None
) -> Quantised:
    """
    Quantise latents or states.

    Parameters
    ----------
    values : tensor, shape (..., dimension)
        What an encoder yields.
    rows : Rows
        Of the same shape.
    is_hard : tensor of bool or bool
        Which vectors are rounded, the others get noise; broadcasts with `values`.
    disturbance : Disturbance, optional
        Source of noise; without, nothing is dropped but what is not coded.
    """
    scaled = values * rows.scale
    pulled = scaled - rows.dead_zone * torch.tanh(scaled / (DEAD_ZONE_KNEE + rows.dead_zone))
    rounded = pulled + (torch.floor(pulled + 0.5) - pulled).detach()
    if disturbance is None:
        symbols = rounded * rows.coded
    else:
        noisy = pulled + disturbance.uniform(pulled.detach())
        hard = torch.as_tensor(is_hard, device=values.device)
        is_kept = disturbance.uniform(pulled.detach()) + 0.5 < rows.kept
        symbols = torch.where(hard, rounded, noisy) * is_kept * rows.coded
    bits = _bits(rounded, rows) * rows.coded
    return Quantised(symbols / rows.scale, _soft_bits(pulled, rows).sum(-1), bits.sum(-1))


def _soft_bits(pulled: torch.Tensor, rows: Rows) -> torch.Tensor:
    decay = rows.soft_decay
    return -torch.log2((1 - decay) / (1 + decay) * decay ** pulled.abs() + SMALLEST)


def _bits(symbols: torch.Tensor, rows: Rows) -> torch.Tensor:
    """Return the cost of symbols: zero or sign, then a magnitude of geometric distribution."""
    magnitudes = symbols.abs()
    is_zero = torch.relu(1 - magnitudes) ** 2
    decay = rows.decay.clamp_min(SMALLEST)  # powers of 0 have no gradient
    zero = rows.zero * decay**magnitudes
    other = 0.5 * (1 - rows.zero) * (1 - decay) * decay ** (magnitudes - 1)
    return -(is_zero * torch.log2(zero + SMALLEST) + (1 - is_zero) * torch.log2(other + SMALLEST))
