"""Every ramp of quantiser levels that a header can say, each once."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dred_reference.clauses import clause
from dred_reference.schedule import SLOPE_SIXTEENTHS, quantiser_level
from dred_reference.tables import LEVELS

__all__ = ["Schedules", "all_schedules"]

LARGEST_LEVEL = LEVELS - 1
_FIXED_BITS = 4 + 3 + 1 + 5  # q0, dQ, flag and low part of the offset


@dataclass(frozen=True, eq=False)
class Schedules:
    """Ramps.

    Attributes
    ----------
    headers : tuple of (q0, dq, qmax)
    levels : array of int, shape (ramps, latents)
        Level of each latent, newest first.
    header_bits : array of float64, shape (ramps,)
        Bits of the header, the upper part of a large offset not counted.
    """

    headers: tuple[tuple[int, int, int], ...]
    levels: NDArray[np.int64]
    header_bits: NDArray[np.float64]


def _largest_levels(q0: int, dq: int) -> tuple[int, ...]:
    """Return the values of qmax that a header can say, the cheapest first."""
    if q0 >= LARGEST_LEVEL - 1 or dq == 0:
        return (LARGEST_LEVEL,)
    return (LARGEST_LEVEL, *range(q0 + 1, LARGEST_LEVEL))


def _header_bits(q0: int, dq: int, qmax: int) -> float:
    choices = len(_largest_levels(q0, dq)) - 1
    if choices == 0:
        return _FIXED_BITS
    return _FIXED_BITS + (1.0 if qmax == LARGEST_LEVEL else 1.0 + float(np.log2(choices)))


@clause("ENC-chosen-barrier")
@lru_cache(maxsize=64)
def all_schedules(count: int, barrier: int | None = None) -> Schedules:
    """Return all the ramps for a number of latents; of those with the same levels the cheapest to say.

    Parameters
    ----------
    count : int
        Latents, 1 or more.
    barrier : int, optional
        Leave out ramps that start at this level or below and go above it.
    """
    found: dict[tuple[int, ...], tuple[tuple[int, int, int], float]] = {}
    for q0 in range(LEVELS):
        for dq in range(len(SLOPE_SIXTEENTHS)):
            for qmax in _largest_levels(q0, dq):
                levels = tuple(quantiser_level(q0, dq, qmax, index) for index in range(count))
                if barrier is not None and q0 <= barrier < levels[-1]:
                    continue
                bits = _header_bits(q0, dq, qmax)
                if levels not in found or bits < found[levels][1]:
                    found[levels] = (q0, dq, qmax), bits
    return Schedules(
        tuple(header for header, _ in found.values()),
        np.array(list(found)),
        np.array([bits for _, bits in found.values()]),
    )
