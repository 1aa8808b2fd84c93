"""Which extensions of a frame the frames after it have too, so that one repeat can announce them all."""

from collections.abc import Sequence
from dataclasses import dataclass

from dred_reference.clauses import clause
from dred_reference.extension.record import FIRST_LONG_ID, Extension

__all__ = ["Repetition", "find_repetition"]


@dataclass(frozen=True)
class Repetition:
    """The outcome of the search.

    Attributes
    ----------
    count : int
        How many of the frame's first extensions are repeated in every later frame.
    has_long : bool
        Whether one of them is long. The copy that the last long one has in the last frame may go without
        length.
    last_long : int
        Index of that last long one among the repeated; -1 without a long one.
    """

    count: int
    last_long: int

    @property
    def has_long(self) -> bool:
        """Whether a long extension is among the repeated."""
        return self.last_long >= 0


@clause("EXT-write-repeat")
def find_repetition(own: Sequence[Extension], others: Sequence[Sequence[Extension]]) -> Repetition:
    """Find the longest repeatable prefix.

    Parameters
    ----------
    own : sequence of Extension
        The extensions of a frame that are not yet written.
    others : sequence of sequences of Extension
        The same for each frame after it.

    Returns
    -------
    Repetition
        An extension can be repeated if every later frame has, at the same place, one of the same number and,
        for short ones, of the same size. Nothing is repeated where there is no later frame.
    """
    count, last_long = 0, -1
    for index, extension in enumerate(own):
        if not others or not all(_matches(extension, other, index) for other in others):
            break
        count += 1
        if extension.id >= FIRST_LONG_ID:
            last_long = index
    return Repetition(count, last_long)


def _matches(extension: Extension, others: Sequence[Extension], index: int) -> bool:
    if index >= len(others) or others[index].id != extension.id:
        return False
    return extension.id >= FIRST_LONG_ID or len(others[index].payload) == len(extension.payload)
