"""What a network does to a row of packets: which are lost, and by how much the others are late."""

from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

__all__ = ["LossTrace"]


@dataclass(frozen=True, eq=False)
class LossTrace:
    """The fate of packets, in the order in which they were sent.

    Attributes
    ----------
    is_lost : array of bool, shape (packets,)
    delay_ms : array of float64, shape (packets,)
        How much later than the fastest packet each arrives; zeros where only losses are known, and where a
        packet is lost.
    """

    is_lost: NDArray[np.bool_]
    delay_ms: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.is_lost)

    @classmethod
    def of_losses(cls, is_lost: NDArray[np.bool_]) -> "LossTrace":
        """Return a trace in which nothing is late."""
        return cls(is_lost, np.zeros(len(is_lost)))

    def window(self, start: int, count: int) -> "LossTrace":
        """Return `count` packets from `start` on; behind the last one the trace begins anew.

        Raises
        ------
        ValueError
            The trace is empty.
        """
        if not len(self):
            raise ValueError("an empty trace has no window")
        places = (start + np.arange(count)) % len(self)
        return LossTrace(self.is_lost[places], self.delay_ms[places])

    @property
    def loss_percent(self) -> float:
        """Share of lost packets; 0 for an empty trace."""
        return 100.0 * float(self.is_lost.mean()) if len(self) else 0.0

    @property
    def bursts(self) -> list[int]:
        """Lengths of the rows of lost packets, in packets."""
        return [len(list(row)) for is_lost, row in groupby(self.is_lost.tolist()) if is_lost]
