"""Losses as a neural network learnt them from calls: the loss model that comes with the official model."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from dred_conformance.simulation.errors import SimulationError
from dred_conformance.simulation.trace import LossTrace
from dred_reference.network.loss import LOSS_GRUS, LossNetwork
from dred_reference.vocoder.arithmetic import LibraryArithmetic

__all__ = ["LossModel", "LossStream"]

SETTLING = 100  # packets: two seconds in which the state forgets that it began with zeros

Vector = NDArray[np.float64]


class LossStream:
    """The network, packet by packet, in float64 with exact tanh and sigmoid.

    Parameters
    ----------
    network
        Of a model.
    loss_percent
        The share of packets that shall be lost, 0 to 100; the network is told the fraction, 0 to 1.
    """

    def __init__(self, network: LossNetwork, loss_percent: float) -> None:
        self._arithmetic = LibraryArithmetic(network)
        self._states = [np.zeros(size) for size in network.state_sizes]
        self._fraction = loss_percent / 100

    def probability(self, last_is_lost: bool) -> float:
        """Return how likely the next packet is lost.

        Parameters
        ----------
        last_is_lost
            Whether the one before was.
        """
        arithmetic = self._arithmetic
        told = np.array([float(last_is_lost), self._fraction])
        vector = arithmetic.tanh(arithmetic.linear("lossgen_dense_in", told))
        for k in LOSS_GRUS:
            vector = self._advance(k, vector)
        return float(arithmetic.sigmoid(arithmetic.linear("lossgen_dense_out", vector))[0])

    def _advance(self, k: int, vector: Vector) -> Vector:
        """Update the state of a GRU and return it."""
        arithmetic, state = self._arithmetic, self._states[k - 1]
        input_z, input_r, input_c = np.split(arithmetic.linear(f"lossgen_gru{k}_input", vector), 3)
        state_z, state_r, state_c = np.split(arithmetic.linear(f"lossgen_gru{k}_recurrent", state), 3)
        update = arithmetic.sigmoid(input_z + state_z)  # z
        reset = arithmetic.sigmoid(input_r + state_r)  # r
        candidate = arithmetic.tanh(input_c + reset * state_c)  # h
        self._states[k - 1] = update * state + (1 - update) * candidate
        return self._states[k - 1]


@dataclass(frozen=True, eq=False)
class LossModel:
    """Draws losses from the network.

    Attributes
    ----------
    network : LossNetwork
    loss_percent
        What it is asked for, 0 to 100; what comes out is close to it in the long run.

    Raises
    ------
    SimulationError
        L3: out of range.
    """

    network: LossNetwork
    loss_percent: float

    def __post_init__(self) -> None:
        if not 0 <= self.loss_percent <= 100:
            raise SimulationError("L3", f"a loss of {self.loss_percent:g} %", "it is 0 to 100")

    def draw(self, count: int, generator: Generator) -> LossTrace:
        """Return `count` packets, after `SETTLING` that are thrown away."""
        if not self.loss_percent:
            return LossTrace.of_losses(np.zeros(count, dtype=np.bool_))
        stream = LossStream(self.network, self.loss_percent)
        chances = generator.random(SETTLING + count)
        is_lost, last = np.zeros(len(chances), dtype=np.bool_), False
        for index, chance in enumerate(chances):
            is_lost[index] = last = bool(chance < stream.probability(last))
        return LossTrace.of_losses(is_lost[SETTLING:])
