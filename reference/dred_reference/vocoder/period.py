"""The pitch period that the vocoder network looks back by."""

import math

from dred_reference.analysis.pitch import PITCH_OFFSET
from dred_reference.analysis.sizes import PITCH_MAX
from dred_reference.clauses import clause

__all__ = ["LONGEST_PERIOD", "SHORTEST_PERIOD", "synthesis_period"]

SHORTEST_PERIOD = 1  # a limit of this package: with 0 the samples to come would be asked for
LONGEST_PERIOD = 4096  # a limit of this package: beyond 300 all periods do the same
_MOST_OCTAVES = 16.0  # at which both limits are reached long since


@clause("VOC-period")
def synthesis_period(pitch: float) -> int:
    """Return the period of a pitch feature, in samples.

    Features of speech give 32 to 256. A network that predicts them may go beyond, and no number that it gives
    may do harm: the period is 1 to 4096.
    """
    octaves = min(max(pitch + PITCH_OFFSET, -_MOST_OCTAVES), _MOST_OCTAVES)
    period = math.floor(0.5 + PITCH_MAX / 2**octaves)
    return min(max(period, SHORTEST_PERIOD), LONGEST_PERIOD)
