"""Which latents a packet carries: where the newest one lies, and where silence lets them end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dred_reference.clauses import clause
from dred_reference.redundancy.activity import INACTIVE, is_active

__all__ = ["History", "Start", "StartRule", "trimmed"]

STEPS_PER_LATENT = 2
UNITS_PER_STEP = 8  # 20 ms in units of 2.5 ms


class History(Protocol):
    """What a writer reads of a `SpeechHistory`; its attributes are described there."""

    @property
    def dred_offset(self) -> int:
        """Where the newest latent that may be sent ends, in units of 2.5 ms."""
        ...

    @property
    def latent_offset(self) -> int:
        """How many newer latents there are."""
        ...

    @property
    def activity(self) -> NDArray[np.uint8]:
        """Activity per 2.5 ms, newest first."""
        ...

    @property
    def latents(self) -> NDArray[np.float32]:
        """Latents, newest first, 20 ms apart."""
        ...

    @property
    def states(self) -> NDArray[np.float32]:
        """A state for each latent."""
        ...


@dataclass(frozen=True)
class Start:
    """Where the redundancy of a packet begins.

    Attributes
    ----------
    first : int
        The newest latent sent, as an index into the history  # lo
    skipped : int
        Silent steps skipped before it, as counted for this packet  # extra
    offset : int
        The offset to signal, in units of 2.5 ms.
    """

    first: int
    skipped: int
    offset: int


@dataclass
class StartRule:
    """Skips silence at the new end.

    Attributes
    ----------
    is_delayed : bool
        Whether the first packet after silence repeats what the last packet of the silence had.
    is_offset_true : bool
        Whether the offset of that packet says so.
    skipped_before : int
        Steps that the packet before skipped  # last_extra
    """

    is_delayed: bool
    is_offset_true: bool
    skipped_before: int = 0

    @clause(
        "ENC-write-skip", "ENC-write-delayed", "ENC-write-offset", "ENC-corrected-offset", "ENC-kept-onset"
    )
    def start(self, history: History, fill: int) -> Start:
        """Find the newest latent to send among the `fill` newest ones, and note what was skipped."""
        first = history.latent_offset
        repeats = self.is_delayed and history.activity[0] != INACTIVE and self.skipped_before > 0
        if repeats:
            first, self.skipped_before = self.skipped_before, 0
        skipped = 0
        while first < fill - 1 and not is_active(history.activity, first):
            first += 1
            skipped += 1
        if not repeats:
            self.skipped_before = skipped
        counted = first - history.latent_offset if self.is_offset_true else skipped
        return Start(first, skipped, history.dred_offset - UNITS_PER_STEP * counted)


@clause("ENC-write-trim")
def trimmed(activity: NDArray[np.uint8], first: int, coded: int) -> int:
    """Return how many latents are left without the silence at the old end.

    Parameters
    ----------
    activity : array of uint8, shape (416,)
    first : int
        The newest latent, as an index into the history.
    coded : int
        How many latents there are.

    Returns
    -------
    int
        One silent latent behind the last active one is kept.
    """
    active: Sequence[bool] = [is_active(activity, first + STEPS_PER_LATENT * index) for index in range(coded)]
    return max((index + 1 for index in range(coded) if any(active[max(0, index - 1) : index + 1])), default=0)
