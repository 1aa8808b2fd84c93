"""Speech of the vocoder at the rate, the bandwidth and the channels of the output."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dred_conformance.receiving.rate import RateConverter

__all__ = ["HISTORY_16K", "VOCODER_RATE", "JoinedSpeech", "WideSpeech", "look_ahead_16k"]

Float64Array = NDArray[np.float64]
VOCODER_RATE = 16000
HISTORY_16K = 1600  # 100 ms: what levels are measured on
JOIN_MS = 2.5
HIGHEST_GAIN = 0.5  # measured: more makes fricatives after vowels too sharp, less leaves a dull hole
SILENCE = 1e-9
_BAND_EDGES_HZ = {"NB": 3800.0, "MB": 5700.0, "SWB": 12000.0, "FB": 15000.0}


def look_ahead_16k(sampling_rate: int) -> int:
    """Return how far ahead of the output the vocoder has to be, in its samples."""
    return 0 if sampling_rate == VOCODER_RATE else VOCODER_RATE // 1000


@dataclass(frozen=True)
class WideSpeech:
    """What the output was before a hole, so that the hole can be like it.

    Attributes
    ----------
    played : array of float64, shape (n, channels)
        The last 100 ms or more at the rate of the output.
    narrow : array of float64, shape (HISTORY_16K,)
        The same, mixed down, at 16 kHz, up to where the vocoder goes on.
    sampling_rate : int
    bandwidth : str
        Of the stream: NB to FB.
    """

    played: Float64Array
    narrow: Float64Array
    sampling_rate: int
    bandwidth: str


class JoinedSpeech:
    """Takes frames of the vocoder from the beginning of a hole on.

    Parameters
    ----------
    before : WideSpeech
    """

    def __init__(self, before: WideSpeech) -> None:
        rate = before.sampling_rate
        look_ahead = VOCODER_RATE // 1000
        edge = _BAND_EDGES_HZ.get(before.bandwidth)
        is_narrow = edge is not None and edge < VOCODER_RATE / 2
        self._low = (
            None
            if rate == VOCODER_RATE and not is_narrow
            else RateConverter(VOCODER_RATE, rate, look_ahead, edge if is_narrow else None)
        )
        self._high = None
        if rate > VOCODER_RATE and edge is not None and not is_narrow:
            self._high = RateConverter(VOCODER_RATE, rate, look_ahead, image_to_hz=edge)
        self._high_gain = 0.0 if self._high is None else _high_gain(before, edge or 0.0)
        self._balance = _balance(before.played[-rate // 10 :])
        self._begin(before)

    def _begin(self, before: WideSpeech) -> None:
        """Run the filters up to the hole, and see what is missing there to what was played."""
        passed = self._raised(before.narrow)
        lag = look_ahead_16k(before.sampling_rate)
        expected = (len(before.narrow) + lag) * before.sampling_rate // VOCODER_RATE
        self._to_drop = expected - len(passed)
        self._last = passed[-1:] * self._balance
        steps = round(JOIN_MS * before.sampling_rate / 1000)
        self._ramp = (1 - (np.arange(steps) + 1) / (steps + 1))[:, None]
        self._played_last = before.played[-1:]

    def _raised(self, frame: Float64Array) -> Float64Array:
        raised = frame if self._low is None else self._low.push(frame)
        if self._high is not None:
            raised = raised + self._high_gain * self._high.push(frame)
        return raised[:, None]

    def push(self, frame: Float64Array) -> Float64Array:
        """Take samples at 16 kHz and return output from the beginning of the hole on, shape (n, channels)."""
        speech = self._raised(frame) * self._balance
        dropped = min(self._to_drop, len(speech))
        if dropped:
            self._to_drop -= dropped
            self._last, speech = speech[dropped - 1 : dropped], speech[dropped:]
        count = min(len(self._ramp), len(speech))
        if count:
            speech[:count] += self._ramp[:count] * (self._played_last - self._last)
            self._ramp = self._ramp[count:]
        return speech


def _balance(played: Float64Array) -> Float64Array:
    """Return the gain of each channel against their mean."""
    if played.shape[1] == 1:
        return np.ones((1, 1))
    of_mean = np.sqrt(np.mean(np.mean(played, axis=1) ** 2) + SILENCE)
    gains: Float64Array = np.sqrt(np.mean(played**2, axis=0, keepdims=True) + SILENCE) / of_mean
    return np.clip(gains, 0, 2)


def _high_gain(before: WideSpeech, edge_hz: float) -> float:
    """Return by how much the mirror image has to be raised to be as loud as the high band was."""
    rate = before.sampling_rate
    mono = before.played[-rate // 10 :].mean(axis=1)
    power = np.abs(np.fft.rfft(mono * np.hanning(len(mono)))) ** 2
    frequencies = np.fft.rfftfreq(len(mono), 1 / rate)
    high = power[(frequencies >= VOCODER_RATE / 2) & (frequencies <= edge_hz)].sum()
    image = RateConverter(VOCODER_RATE, rate, VOCODER_RATE // 1000, image_to_hz=edge_hz).push(before.narrow)
    of_image = (np.abs(np.fft.rfft(image * np.hanning(len(image)))) ** 2).sum()
    return min(HIGHEST_GAIN, float(np.sqrt(high / (of_image + SILENCE))))
