"""When somebody spoke: the last 1.04 s, in units of 2.5 ms, newest first."""

import numpy as np
from numpy.typing import NDArray

from dred_reference.clauses import clause

__all__ = ["ACTIVE", "ACTIVITY_UNITS", "INACTIVE", "UNDECIDED", "is_active", "remember", "unknown_activity"]

ACTIVITY_UNITS = 416
UNITS_PER_STEP = 8  # 20 ms
UNITS_PER_LATENT = 16  # 40 ms
INACTIVE, ACTIVE, UNDECIDED = 0, 1, 255


@clause("ENC-activity-memory")
def unknown_activity() -> NDArray[np.uint8]:
    """Return the memory at the start: nobody has spoken."""
    return np.full(ACTIVITY_UNITS, INACTIVE, dtype=np.uint8)


@clause("ENC-activity-memory")
def remember(activity: NDArray[np.uint8], active: bool | None, units: int) -> NDArray[np.uint8]:
    """Return the memory after a frame.

    Parameters
    ----------
    activity : array of uint8, shape (416,)
    active : bool or None
        What was decided about the frame; None stands for undecided.
    units : int
        Its duration in units of 2.5 ms.

    Returns
    -------
    array of uint8, shape (416,)
        1 active, 0 inactive, 255 undecided; index 0 is the end of the frame.
    """
    value = UNDECIDED if active is None else ACTIVE if active else INACTIVE
    newest = np.full(units, value, dtype=np.uint8)
    return np.concatenate([newest, activity])[:ACTIVITY_UNITS]


@clause("ENC-activity-voice")
def is_active(activity: NDArray[np.uint8], steps: int) -> bool:
    """Tell whether somebody spoke in 40 ms.

    Parameters
    ----------
    activity : array of uint8, shape (416,)
    steps : int
        How many steps of 20 ms before the end of the newest frame they end.

    Returns
    -------
    bool
        Undecided is not active, nor is what lies before the memory.
    """
    first = UNITS_PER_STEP * steps
    return bool((activity[first : first + UNITS_PER_LATENT] == ACTIVE).any())
