"""
Sparse weights: blocks of 8 outputs by 4 inputs that are zero and need not be computed.

The share of blocks that stay comes down along a cubic curve; which stay is decided by their energy.
"""

from __future__ import annotations

import torch

from dred_training.configuration import SparsitySettings, TrainingSettings
from dred_training.errors import TrainingError

from .layers import Layer
from .model import RdoVae

BLOCK_OUTPUTS, BLOCK_INPUTS = 8, 4


class Sparsifier:
    """
    Sets blocks of weights to zero, as the run goes on.

    Parameters
    ----------
    model : RdoVae
        Its layers are changed in place.
    settings : SparsitySettings
        Shares and times.
    training : TrainingSettings
        How long the run is.

    Raises
    ------
    TrainingError
        T1: a layer is not there, or has float weights.
    """

    def __init__(self, model: RdoVae, settings: SparsitySettings, training: TrainingSettings) -> None:
        self._settings = settings
        self._first = int(settings.start * training.steps)
        self._last = max(self._first + 1, int(settings.stop * training.steps))
        known = {**dict(model.encoder.layers.items()), **dict(model.decoder.layers.items())}
        self._layers: list[tuple[Layer, tuple[float, ...]]] = []
        for name, shares in settings.densities.items():
            layer = known.get(name)
            if layer is None or layer.is_float:
                raise TrainingError("T1", "no layer with int8 weights", subject=f"sparsity.densities.{name}")
            self._layers.append((layer, shares))
        self._masks: list[torch.Tensor] = []

    def resume(self, step: int) -> None:
        """Find the blocks that were kept, in weights that were saved after `step` steps."""
        if step > self._first:
            self._masks = [_spread(_energies(layer.weight.detach()) > 0) for layer, _ in self._layers]

    def apply(self, step: int) -> None:
        """Sparsify after the optimiser's step number `step`, from 0."""
        if step < self._first or not self._layers:
            return
        is_due = step <= self._last and step % self._settings.every == 0
        if not self._masks or is_due or step == self._last:
            left = max(0.0, (self._last - step) / (self._last - self._first)) ** 3
            self._masks = [
                _mask(layer.weight.detach(), [left + (1 - left) * share for share in shares])
                for layer, shares in self._layers
            ]
        with torch.no_grad():
            for (layer, _), mask in zip(self._layers, self._masks, strict=True):
                layer.weight.mul_(mask)


def _energies(weights: torch.Tensor) -> torch.Tensor:
    """Return the energies of blocks, shape (outputs / 8, inputs / 4)."""
    outputs, inputs = weights.shape
    blocks = weights.reshape(outputs // BLOCK_OUTPUTS, BLOCK_OUTPUTS, inputs // BLOCK_INPUTS, BLOCK_INPUTS)
    return (blocks**2).sum(dim=(1, 3))


def _spread(stays: torch.Tensor) -> torch.Tensor:
    """Return 1 for each weight of a block that stays, else 0."""
    rows = stays.to(torch.float32).repeat_interleave(BLOCK_OUTPUTS, 0)
    return rows.repeat_interleave(BLOCK_INPUTS, 1)


def _mask(weights: torch.Tensor, shares: list[float]) -> torch.Tensor:
    """Return 1 where weights stay, else 0; each share is for an equal part of the outputs."""
    masks = []
    for part, share in zip(weights.chunk(len(shares)), shares, strict=True):
        energies = _energies(part)
        count = max(1, round(energies.numel() * share))
        threshold = energies.flatten().topk(count).values[-1]
        masks.append(_spread(energies >= threshold))
    return torch.cat(masks)
