"""
Weights as int8: a scale per output, so that no product of deployed code overflows.

x86 code adds the products of two neighbouring weights in int16, with inputs of up to 254. So no weight
exceeds 127, and no two neighbours add up to more than 129. Rounding moves a sum by one at most: scales are
made for sums of 128.
"""

from __future__ import annotations

import torch

LARGEST = 127
LARGEST_PAIR = 128.0
SMALLEST_SCALE = 1e-12


def row_scales(weights: torch.Tensor) -> torch.Tensor:
    """Return what one unit of int8 stands for in each row of weights of shape (outputs, inputs)."""
    pairs = (weights[:, 0::2] + weights[:, 1::2]).abs().amax(dim=1) / LARGEST_PAIR
    single = weights.abs().amax(dim=1) / LARGEST
    return torch.maximum(pairs, single).clamp_min(SMALLEST_SCALE)


def to_int8(weights: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return whole numbers from -127 to 127, shape (outputs, inputs), and the scales of their rows."""
    scales = row_scales(weights)
    return (weights / scales[:, None]).round().to(torch.int8), scales
