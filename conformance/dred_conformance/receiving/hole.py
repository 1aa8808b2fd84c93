"""A hole in the stream, filled by the vocoder."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from dred_conformance.receiving.fading import LONGEST_FADE_MS
from dred_conformance.receiving.past import Past
from dred_conformance.receiving.rate import RateConverter
from dred_conformance.receiving.upward import HISTORY_16K, VOCODER_RATE, JoinedSpeech, WideSpeech
from dred_reference.concealment import Concealer

__all__ = ["Hole", "HoleFilling", "NextFeatures"]

Float64Array = NDArray[np.float64]
FRAME_SIZE = 160
NextFeatures = Callable[[int], Float64Array | None]
"""Features by the number of the frame: 0 for the first of the block, or after the hole; None if not known."""


class HoleFilling:
    """Follows what is played, and goes on with it where nothing comes.

    Parameters
    ----------
    concealer : Concealer
        Makes frames from features of the redundancy or predicted ones.
    sampling_rate : int
        Of the output: 16000, 24000 or 48000 Hz.
    """

    def __init__(self, concealer: Concealer, sampling_rate: int) -> None:
        self.concealer = concealer
        self.sampling_rate = sampling_rate
        self._down = None
        if sampling_rate != VOCODER_RATE:
            look_ahead = sampling_rate // 1000
            self._down = RateConverter(sampling_rate, VOCODER_RATE, look_ahead)
            self._down.push(np.zeros(look_ahead))  # so that it gives as many samples as come in, 1 ms late
        self._narrow = Past(HISTORY_16K, 1)

    def hear(self, played: Float64Array, *, is_real: bool) -> None:
        """Take output of shape (n, channels): real speech, or what this class made for a hole."""
        mono = played.mean(axis=1)
        narrow = mono if self._down is None else self._down.push(mono)
        self._narrow.append(narrow[:, None])
        take = self.concealer.update if is_real else self.concealer.remember
        for start in range(0, len(narrow), FRAME_SIZE):
            take(narrow[start : start + FRAME_SIZE])

    def begin(self, played: Float64Array, bandwidth: str) -> "Hole":
        """Return a hole that begins here, after ``played`` of shape (100 ms or more, channels)."""
        before = WideSpeech(played, self._narrow.samples[:, 0], self.sampling_rate, bandwidth)
        return Hole(self.concealer, before)


class Hole:
    """The audio of one hole, in order.

    Parameters
    ----------
    concealer : Concealer
    before : WideSpeech
    """

    def __init__(self, concealer: Concealer, before: WideSpeech) -> None:
        self._concealer = concealer
        self._joined = JoinedSpeech(before)
        self._rate = before.sampling_rate
        self._ready = np.zeros((0, before.played.shape[1]))
        self._made_16k = 0
        self._length = 0
        self._given = 0

    @property
    def length(self) -> int:
        """Samples of the output so far, those included that are yet to be given."""
        return self._length

    def _frame(self, features: Float64Array | None, priming: tuple[Float64Array | None, ...]) -> None:
        first, second = priming
        frame = self._concealer.synthesise(features, (first, second))
        self._made_16k += len(frame)
        self._ready = np.concatenate([self._ready, self._joined.push(frame)])

    def _give(self, count: int) -> Float64Array:
        given, self._ready = self._ready[:count], self._ready[count:]
        self._given += len(given)
        return given

    def fill(self, samples: int, features: NextFeatures) -> Float64Array:
        """Make the hole longer by a block, and return what is ready: the filters look ahead.

        Parameters
        ----------
        samples : int
            Length of the block at the rate of the output.
        features : callable
            Features of the block and, under the numbers -2 and -1, those that prime the vocoder.
        """
        self._length += samples
        index = 0
        while self._made_16k * self._rate < self._length * VOCODER_RATE:
            self._frame(features(index), (features(index - 2), features(index - 1)))
            index += 1
        return self._give(self._length - self._given)

    def end(self, features: NextFeatures) -> tuple[Float64Array, Float64Array]:
        """Return what of the hole was not given yet, and what would have followed, long enough to fade.

        The concealer goes on from the end of the hole afterwards, not from that of the fade.
        """
        wanted = self._length - self._given + self._rate * LONGEST_FADE_MS // 1000
        with self._concealer.looking_ahead():
            index = 0
            while len(self._ready) < wanted:
                self._frame(features(index), (None, None))
                index += 1
        return self._give(self._length - self._given), self._ready[: self._rate * LONGEST_FADE_MS // 1000]
