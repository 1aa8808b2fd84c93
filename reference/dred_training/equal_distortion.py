"""
Bits at equal distortion.

Levels of two models are not comparable, errors are: along the constant levels the bits that a model needs for
an error are interpolated, logarithmically, and those of one model are set against those of the other over
the errors that both reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .outcomes import Outcome

POINTS = 5  # where a comparison is shown
FINE = 200  # steps of the mean
DISTORTIONS = ("total", "cepstrum", "pitch", "voicing")


@dataclass(frozen=True)
class Curve:
    """
    What an error costs.

    Parameters
    ----------
    errors : tuple of float
        Rising.
    bits : tuple of float
        Falling, per second.
    """

    errors: tuple[float, ...]
    bits: tuple[float, ...]

    def bits_at(self, errors: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the bits for errors within the range of the curve."""
        return np.exp(np.interp(errors, self.errors, np.log(self.bits)))


@dataclass(frozen=True)
class Comparison:
    """
    Bits of a model in shares of those of another, at equal errors.

    Parameters
    ----------
    mean : float
        Geometric, over the errors that both reach.
    points : tuple of (error, share)
        At five errors, evenly over that range.
    """

    mean: float
    points: tuple[tuple[float, float], ...]


def curve(outcomes: Sequence[Outcome], distortion: str, *, with_state: bool = False) -> Curve:
    """
    Return the curve of a model.

    A level that costs more bits than another and errs as much or more is no use and is left out.

    Parameters
    ----------
    outcomes : sequence of Outcome
        At constant levels.
    distortion : str
        One of `DISTORTIONS`; means over all ages.
    with_state : bool
        Count the bits of the state, too.
    """
    points = sorted(
        (
            each.packet_bits_per_second if with_state else each.bits_per_second,
            float(np.mean(getattr(each, distortion))),
        )
        for each in outcomes
    )
    useful: list[tuple[float, float]] = []
    for bits, error in points:
        if bits > 0 and (not useful or error < useful[-1][1]):
            useful.append((bits, error))
    useful.reverse()
    return Curve(tuple(error for _, error in useful), tuple(bits for bits, _ in useful))


def compared(reference: Curve, candidate: Curve) -> Comparison | None:
    """Return the candidate's bits in shares of the reference's; None where no error is reached by both."""
    if min(len(reference.errors), len(candidate.errors)) < 1:
        return None
    low = max(reference.errors[0], candidate.errors[0])
    high = min(reference.errors[-1], candidate.errors[-1])
    if low >= high:
        return None
    shown = np.linspace(low, high, POINTS)
    fine = low + (high - low) * (np.arange(FINE) + 0.5) / FINE
    logarithms = np.log(candidate.bits_at(fine) / reference.bits_at(fine))
    shares = candidate.bits_at(shown) / reference.bits_at(shown)
    return Comparison(
        float(np.exp(logarithms.mean())),
        tuple(zip(shown.tolist(), shares.tolist(), strict=True)),
    )
