"""The networks that clips are sent over: where their losses come from, and what the encoder is told."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.random import Generator

from dred_conformance.simulation.errors import SimulationError
from dred_conformance.simulation.gilbert_elliott import GilbertElliott
from dred_conformance.simulation.loss_model import LossModel
from dred_conformance.simulation.trace import LossTrace
from dred_conformance.simulation.trace_file import read_trace
from dred_model import ModelBundle, ModelError
from dred_reference.errors import DredError

__all__ = ["Condition", "Recorded", "from_file", "from_gilbert", "from_loss_model"]


MOST_DRAWS = 50


class LossSource(Protocol):
    """What draws losses: a generator, or a recorded trace."""

    @property
    def loss_percent(self) -> float:
        """Share of lost packets in the long run."""
        ...

    def draw(self, count: int, generator: Generator) -> LossTrace:
        """Return what happens to `count` packets."""
        ...


@dataclass(frozen=True, eq=False)
class Recorded:
    """A recorded trace, from a place on that is drawn."""

    trace: LossTrace

    @property
    def loss_percent(self) -> float:
        """Share of lost packets of the whole trace."""
        return self.trace.loss_percent

    def draw(self, count: int, generator: Generator) -> LossTrace:
        """Return `count` packets from anywhere; behind the end the trace begins anew."""
        return self.trace.window(int(generator.integers(len(self.trace))), count)


@dataclass(frozen=True, eq=False)
class Condition:
    """A network.

    Attributes
    ----------
    name : str
        How tables and files call it, such as ``20%``.
    kind : str
        Where the losses come from, in words.
    source : LossSource
    identity : str
        Changes with everything that changes the losses.
    """

    name: str
    kind: str
    source: LossSource
    identity: str

    @property
    def told_percent(self) -> int:
        """The loss that encoders are told, in percent."""
        return min(100, round(self.source.loss_percent))

    def losses(self, seed: int, clip: int, count: int) -> LossTrace:
        """Return what happens to the packets of a clip: the same for all schemes, another for every clip.

        A clip is short, and losses come in bursts: many a clip would meet none of them, others twice their
        share. So losses are drawn anew until their share is that of the network, half of it more or less; of
        `MOST_DRAWS` that all fail, the closest is taken.

        The last packet always arrives: a call does not end where the clip does, and without a packet behind
        it no scheme could repair the end.
        """
        digest = hashlib.sha256(self.name.encode()).digest()
        generator = np.random.default_rng([seed, clip, int.from_bytes(digest[:8], "big")])
        wanted = self.source.loss_percent
        closest = self._drawn(count, generator)
        for _ in range(MOST_DRAWS - 1):
            if abs(closest.loss_percent - wanted) <= wanted / 2:
                break
            drawn = self._drawn(count, generator)
            closest = min(closest, drawn, key=lambda trace: abs(trace.loss_percent - wanted))
        return closest

    def _drawn(self, count: int, generator: Generator) -> LossTrace:
        drawn = self.source.draw(count, generator)
        is_lost = drawn.is_lost.copy()
        is_lost[-1:] = False
        return LossTrace(is_lost, drawn.delay_ms)


def from_file(path: Path) -> Condition:
    """Return the network that a trace was recorded on; errors are those of `read_trace`."""
    trace = read_trace(path)
    content = trace.is_lost.tobytes() + trace.delay_ms.tobytes()
    identity = hashlib.sha256(content).hexdigest()[:16]
    return Condition(path.name.partition(".")[0], f"trace {path.name}", Recorded(trace), identity)


def from_gilbert(loss_percent: float, mean_burst: float) -> Condition:
    """Return a network of two states; errors are those of `GilbertElliott`."""
    name = f"{loss_percent:g}%-bursts-{mean_burst:g}"
    kind = f"Gilbert-Elliott, mean burst {mean_burst:g} packets"
    return Condition(name, kind, GilbertElliott(loss_percent, mean_burst), name)


def from_loss_model(loss_percent: float, bundle: ModelBundle | None) -> Condition:
    """Return a network as the loss model of a model imitates it.

    Raises
    ------
    SimulationError
        L1: no model, or none with a loss model. L3: out of range.
    """
    try:
        network = None if bundle is None else bundle.to_reference_loss_network()
    except (ModelError, DredError) as error:
        raise SimulationError("L1", str(error), "--gilbert LOSS:BURST needs no model") from error
    if bundle is None or network is None:
        raise SimulationError(
            "L1", "losses are drawn by the loss model of the official model, which is not here",
            "'dred model fetch' brings it; --gilbert LOSS:BURST and --trace FILE need no model",
        )  # fmt: skip
    identity = f"{bundle.network_sha256['lossgen'][:16]} {loss_percent:g}"
    source = LossModel(network, loss_percent)
    return Condition(f"{loss_percent:g}%", f"loss model of {bundle.name}", source, identity)
