"""Between the sampling rate of the output and the 16 kHz of the vocoder, piece by piece and in time.

libopus and soxr resample whole files or with a delay of their own choice; here the delay must be known to the
sample, as holes begin and end where they do.
"""

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["RateConverter"]

Float64Array = NDArray[np.float64]
TRANSITION = 0.92  # of half the lower rate: where the low-pass ends
KAISER_BETA = 7.0  # stop band about 70 dB down


class RateConverter:
    """A symmetric low-pass between two rates: what goes in at a time comes out at the same time.

    An output sample is given as soon as all inputs in its window are there, so the output ends `look_ahead`
    inputs before the input.

    Parameters
    ----------
    rate_in, rate_out : int
        In Hz.
    look_ahead : int
        Half the length of the window, in input samples.
    cutoff_hz : float or None
        Where the pass band ends; by default as far as both rates allow.
    image_to_hz : float or None
        Instead of the signal, give its mirror image above half the rate of the input, up to this frequency.
    """

    def __init__(
        self,
        rate_in: int,
        rate_out: int,
        look_ahead: int,
        cutoff_hz: float | None = None,
        *,
        image_to_hz: float | None = None,
    ) -> None:
        common = math.gcd(rate_in, rate_out)
        self._up, self._down = rate_out // common, rate_in // common
        self.look_ahead = look_ahead
        limit = TRANSITION * min(rate_in, rate_out) / 2
        cutoff = limit if cutoff_hz is None else min(limit, cutoff_hz)
        if image_to_hz is None:
            self._taps = _low_pass(self._up, look_ahead, 2 * cutoff / rate_in)
        else:
            upper = min(image_to_hz, TRANSITION * rate_out / 2)
            self._taps = _kernel(self._up, look_ahead, 2 * upper / rate_in)
            self._taps -= _kernel(self._up, look_ahead, 1.0)
        self._inputs = np.zeros(look_ahead)  # before the first input there is silence
        self._first = -look_ahead  # number of the first input that is kept
        self._next = 0  # number of the next output

    def push(self, samples: Float64Array) -> Float64Array:
        """Take inputs of shape (n,) and return the outputs that they complete."""
        self._inputs = np.concatenate([self._inputs, samples])
        complete = self._first + len(self._inputs) - self.look_ahead  # inputs whose window is there
        count = max(0, -(-complete * self._up // self._down) - self._next)
        if not count:
            return np.zeros(0)
        places = np.arange(self._next, self._next + count) * self._down
        starts = places // self._up - self.look_ahead + 1 - self._first
        windows = np.lib.stride_tricks.sliding_window_view(self._inputs, 2 * self.look_ahead)[starts]
        outputs: Float64Array = np.einsum("ij,ij->i", windows, self._taps[places % self._up])
        self._next += count
        self._forget()
        return outputs

    def _forget(self) -> None:
        unused = self._next * self._down // self._up - self.look_ahead + 1 - self._first
        if unused > 0:
            self._inputs = self._inputs[unused:].copy()
            self._first += unused


def _kernel(up: int, look_ahead: int, cutoff: float) -> Float64Array:
    """Return a windowed sinc for every place between two inputs.

    It covers the inputs 1 - look_ahead to look_ahead. The cutoff is a share of half the rate of the input.
    """
    places = np.arange(1 - look_ahead, look_ahead + 1)[None, :] - np.arange(up)[:, None] / up
    shape = np.i0(KAISER_BETA * np.sqrt(np.maximum(0, 1 - (places / look_ahead) ** 2))) / np.i0(KAISER_BETA)
    taps: Float64Array = cutoff * np.sinc(cutoff * places) * shape
    return taps


def _low_pass(up: int, look_ahead: int, cutoff: float) -> Float64Array:
    taps = _kernel(up, look_ahead, cutoff)
    whole: Float64Array = taps / taps.sum(axis=1, keepdims=True)
    return whole
