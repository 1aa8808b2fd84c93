"""The last 150 ms of speech, heard or made, and which of its frames still wait for the analysis.

Nothing is analysed while all goes well: a frame waits until one is lost, and is forgotten unseen where none
is. So good frames cost nothing.
"""

from collections.abc import Iterator

import numpy as np

from dred_reference.clauses import clause
from dred_reference.vocoder.sizes import CONTINUATION_SIZE, FRAME_SIZE, FloatArray

__all__ = ["SpeechHistory"]

HISTORY_SAMPLES = 15 * FRAME_SIZE


class SpeechHistory:
    """Speech so far; at first silence that nobody analyses."""

    def __init__(self) -> None:
        self._samples = np.zeros(HISTORY_SAMPLES)  # the newest last
        self._analysis = HISTORY_SAMPLES  # where what was not analysed begins  # analysis_pos
        self._news = HISTORY_SAMPLES  # where what the prediction has not seen begins  # predict_pos
        self._has_gap = True  # speech was forgotten that was not analysed  # analysis_gap

    @clause("PLC-history")
    def append_heard(self, frame: FloatArray) -> None:
        """Append a frame that arrived."""
        self._news = max(self._news - len(frame), 0)
        self._append(frame)

    @clause("PLC-history")
    def append_concealed(self, frame: FloatArray) -> None:
        """Append a frame that was made: the prediction knows all up to its end."""
        self._news = HISTORY_SAMPLES
        self._append(frame)

    def _append(self, frame: FloatArray) -> None:
        if self._analysis >= len(frame):
            self._analysis -= len(frame)
        else:
            self._has_gap = True
        self._samples = np.concatenate([self._samples[len(frame) :], frame])

    @property
    def latest(self) -> FloatArray:
        """The last 20 ms, shape (320,)."""
        return self._samples[-CONTINUATION_SIZE:]

    @clause("PLC-analysis")
    def waiting(self) -> Iterator[tuple[FloatArray, bool]]:
        """Yield frames that were not analysed yet, oldest first, and with each whether it is news.

        A frame that the prediction has followed already is none. Nor is the first one after a gap: the window
        of the analysis reaches 10 ms back, into speech that is forgotten. What is left behind the last whole
        frame goes on waiting.
        """
        while self._analysis + FRAME_SIZE <= HISTORY_SAMPLES:
            frame = self._samples[self._analysis : self._analysis + FRAME_SIZE]
            yield frame, not self._has_gap and self._analysis >= self._news
            self._has_gap = False
            self._analysis += FRAME_SIZE
        self._has_gap = False
