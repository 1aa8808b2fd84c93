"""What a rate rule knows of a model beside its tables: how large the error of each level is.

The errors are means over speech, measured once per model (spec-notes/rate-control.md has the command); they
need not be exact, as only their ratios decide how bits are shared between newer and older latents.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dred_reference.tables import LEVELS

__all__ = [
    "ALL_AGES",
    "ANY_MODEL",
    "AS_HEARD",
    "LIBOPUS_1_6",
    "MIDDLE_LEVEL",
    "Aim",
    "RateModel",
    "age_weights",
]

MIDDLE_LEVEL = 8
LATENT_MS = 40.0
USE_DECAY_MS = 100.0


@dataclass(frozen=True)
class RateModel:
    """Errors by level, and where a ramp must not cross.

    Attributes
    ----------
    errors : tuple of float, one per level
        Squared error of a feature frame, summed over the cepstrum and the correlation, mean over speech and
        ages, where all latents have that level.
    unknown_error : float
        The same where nothing is known: the variance of the features of loud speech.
    middle_bits : float
        Bits of a latent at `MIDDLE_LEVEL`, mean over speech.
    barrier : int or None
        A ramp that starts at this level or below must not go above it: the level beyond which the model no
        longer codes the pitch, which a decoder that received it so far takes for a pitch of zero.
    """

    errors: tuple[float, ...]
    unknown_error: float
    middle_bits: float
    barrier: int | None

    def __post_init__(self) -> None:
        if len(self.errors) != LEVELS:
            raise ValueError(f"{len(self.errors)} errors, not one for each of {LEVELS} levels")


# 1342 packets of 1.04 s from the 25 clips of the evaluation set, all latents at one level
_ERRORS = (
    *(0.951, 1.014, 1.101, 1.225, 1.405, 1.649, 1.989, 2.363),
    *(2.672, 3.229, 3.877, 4.705, 5.509, 6.056, 6.710, 7.704),
)

LIBOPUS_1_6 = RateModel(_ERRORS, unknown_error=41.3, middle_bits=21.9, barrier=8)
"""The official model."""

ANY_MODEL = RateModel(_ERRORS, unknown_error=41.3, middle_bits=21.9, barrier=None)
"""A model of which nothing is known: levels in the same proportions, no barrier."""


@dataclass(frozen=True)
class Aim:
    """What bits shall buy.

    Attributes
    ----------
    recent_share, decay_ms : float
        See `age_weights`.
    exponent : float
        Of the squared errors: 1 counts them as they are; 0.5 counts their roots, so that speech that is
        missing is not so much worse than speech that is coarse.
    start_price : float
        At which speech takes about 40 bytes a packet; only a start, see `ChosenRate`.
    """

    recent_share: float
    decay_ms: float
    exponent: float
    start_price: float

    def __post_init__(self) -> None:
        is_share = 0 <= self.recent_share <= 1
        if not (is_share and self.decay_ms > 0 and 0 < self.exponent <= 1 and self.start_price > 0):
            raise ValueError(f"no aim: {self}")


ALL_AGES = Aim(recent_share=0.25, decay_ms=USE_DECAY_MS, exponent=1.0, start_price=0.11)
"""The least squared error over all ages that are wanted."""

AS_HEARD = Aim(recent_share=1.0, decay_ms=150.0, exponent=0.5, start_price=0.0215)
"""The best speech in bursts as they happen, by PLCMOS: most are short."""


def age_weights(
    count: int, recent_share: float = 0.25, decay_ms: float = USE_DECAY_MS
) -> NDArray[np.float64]:
    """Return how much the error of each latent counts.

    Most losses are short, so the newest latents are needed most often; but redundancy is bought for the long
    ones. A part of the weight falls off with age, as the use that bursts of 100 ms and more make of DRED
    does; the rest is the same at all ages.

    Parameters
    ----------
    count : int
        Latents that are wanted, 1 or more.
    recent_share : float
        The part that falls off, 0 to 1.
    decay_ms : float
        A span that is this much older is needed 1/e times as often.

    Returns
    -------
    array of float64, shape (count,)
        Newest first; the sum is 1.
    """
    use = np.exp(-np.arange(count) * LATENT_MS / decay_ms)
    weights: NDArray[np.float64] = (1 - recent_share) / count + recent_share * use / use.sum()
    return weights
