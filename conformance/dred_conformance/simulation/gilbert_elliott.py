"""Losses in bursts from two states, of which one loses every packet (Gilbert's model, 1960)."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from dred_conformance.simulation.errors import SimulationError
from dred_conformance.simulation.trace import LossTrace

__all__ = ["GilbertElliott"]

LONGEST_MEAN_BURST = 1000.0  # packets


@dataclass(frozen=True)
class GilbertElliott:
    """A chain of two states: packets get through in one and are lost in the other.

    Attributes
    ----------
    loss_percent
        Share of lost packets in the long run, 0 to below 100.
    mean_burst
        Mean number of packets lost in a row, 1 to `LONGEST_MEAN_BURST`.

    Raises
    ------
    SimulationError
        L3: out of range, or bursts so short that there is no such share of lost packets.
    """

    loss_percent: float
    mean_burst: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.loss_percent < 100:
            raise SimulationError("L3", f"a loss of {self.loss_percent:g} %", "it is 0 to below 100")
        if not 1 <= self.mean_burst <= LONGEST_MEAN_BURST:
            raise SimulationError(
                "L3", f"a mean burst of {self.mean_burst:g} packets", f"it is 1 to {LONGEST_MEAN_BURST:g}"
            )
        if self.into_loss > 1:
            least = self.loss_percent / (100 - self.loss_percent)
            raise SimulationError(
                "L3", f"{self.loss_percent:g} % lost in bursts of {self.mean_burst:g}",
                f"so much loss needs a mean burst of {least:.3g} packets or more",
            )  # fmt: skip

    @property
    def out_of_loss(self) -> float:
        """Probability that a packet gets through after a lost one."""
        return 1 / self.mean_burst

    @property
    def into_loss(self) -> float:
        """Probability that a packet is lost after one that got through."""
        share = self.loss_percent / 100
        return self.out_of_loss * share / (1 - share)

    def draw(self, count: int, generator: Generator) -> LossTrace:
        """Return `count` packets; the chain is in its long-run state from the first on."""
        chances = generator.random(count)
        is_lost = np.zeros(count, dtype=np.bool_)
        chance = self.loss_percent / 100
        for index in range(count):
            is_lost[index] = chances[index] < chance
            chance = 1 - self.out_of_loss if is_lost[index] else self.into_loss
        return LossTrace.of_losses(is_lost)
