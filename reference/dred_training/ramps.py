"""Levels by age, as the header of a payload announces them."""

from __future__ import annotations

from dataclasses import dataclass

from dred_reference.schedule import SLOPE_SIXTEENTHS, quantiser_level

from .configuration import LEVELS

HIGHEST = LEVELS - 1


@dataclass(frozen=True)
class Ramp:
    """Start, slope and limit as in the header."""

    q0: int
    dq: int
    qmax: int = HIGHEST

    @property
    def name(self) -> str:
        """``q0``, ``q0+dq`` or ``q0+dq<=qmax``."""
        slope = f"+{self.dq}" if self.dq else ""
        limit = f"<={self.qmax}" if self.dq and self.qmax < HIGHEST else ""
        return f"{self.q0}{slope}{limit}"

    def levels(self, count: int) -> list[int]:
        """Return the levels of latents, newest first."""
        return [quantiser_level(self.q0, self.dq, self.qmax, index) for index in range(count)]


CONSTANT = tuple(Ramp(level, 0) for level in range(LEVELS))
SHOWN = tuple(Ramp(q0, dq) for q0, dq in ((6, 5), (6, 3), (4, 3), (2, 3), (0, 3), (9, 3), (0, 7)))
"""The ramps of tables: what senders use, and the extremes."""

RISING = tuple(Ramp(q0, dq) for q0 in range(HIGHEST) for dq in range(1, len(SLOPE_SIXTEENTHS)))
"""Every ramp that rises, up to the highest level; a limit below it only ends one of these earlier."""
