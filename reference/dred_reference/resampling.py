"""From the sampling rate of the input to 16 kHz, the rate of DRED.

The samples are rounded to integers of 16 bits, stuffed with zeros where the rate has to rise first, filtered
by a recursive low-pass of order seven, and decimated. The filter is a difference equation; here it runs over
blocks of 2.5 ms: what a block and the state before it contribute to the outputs and to the state after it is
linear, and one small matrix holds it. Nothing is approximated but by the rounding of float64.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dred_reference.clauses import clause
from dred_reference.errors import WriteError

__all__ = [
    "DRED_RATE",
    "FILTERS",
    "SAMPLING_RATES",
    "LowPass",
    "RateConversion",
    "Resampler",
    "to_int16_units",
]

Float64Array = NDArray[np.float64]

DRED_RATE = 16000
FULL_SCALE = 32768
NEVER_ZERO = 1e-30  # added to every input sample, so that no state decays into denormal numbers
BLOCKS_PER_SECOND = 400  # a block is 2.5 ms, the shortest frame of Opus


@dataclass(frozen=True)
class LowPass:
    """A recursive filter of order seven.

    Attributes
    ----------
    numerator : tuple of float, eight entries
        Of the input now, and up to seven samples ago  # b0, b[0..6]
    denominator : tuple of float, seven entries
        Of the output one to seven samples ago  # a[0..6]
    """

    numerator: tuple[float, ...]
    denominator: tuple[float, ...]


@dataclass(frozen=True)
class RateConversion:
    """How a rate becomes 16 kHz.

    Attributes
    ----------
    up : int
        Each input sample is followed by ``up - 1`` zeros.
    down : int
        Of the filtered samples one in so many is kept, the first one first.
    low_pass : LowPass or None
    """

    up: int
    down: int
    low_pass: LowPass | None


_WIDE = LowPass(  # elliptic, .2 dB, 70 dB, to 7750 of 24000 Hz
    (
        *(0.004523418224, 0.005873358047, 0.012980854831, 0.014531340042),
        *(0.014531340042, 0.012980854831, 0.005873358047, 0.004523418224),
    ),
    (
        *(-3.878718597768, 7.748834257468, -9.653651699533, 8.007342726666),
        *(-4.379450178552, 1.463182111810, -0.231720677804),
    ),
)
_MEDIUM = LowPass(  # to 5800 of 24000 Hz
    (
        *(0.002033596776, -0.001017101081, 0.003673127243, 0.001009165267),
        *(0.001009165267, 0.003673127243, -0.001017101081, 0.002033596776),
    ),
    (
        *(-4.930414411612, 11.291643096504, -15.322037343815, 13.216403930898),
        *(-7.220409219553, 2.310550142771, -0.334338618782),
    ),
)
_NARROW = LowPass(  # to 3900 of 8000 Hz
    (
        *(0.020109185709, 0.081670120929, 0.180401598565, 0.259391051971),
        *(0.259391051971, 0.180401598565, 0.081670120929, 0.020109185709),
    ),
    (
        *(-1.393651933659, 2.609789872676, -2.403541968806, 2.056814957331),
        *(-1.148908574570, 0.473001413788, -0.110359852412),
    ),
)
_WIDE_96 = LowPass(  # to 7750 of 48000 Hz
    (
        *(0.000880286074, -0.002160290245, 0.002887088080, -0.001214921271),
        *(-0.001214921271, 0.002887088080, -0.002160290245, 0.000880286074),
    ),
    (
        *(-5.813483928050, 14.932091805554, -21.900933283269, 19.774128964756),
        *(-10.978028462771, 3.467650469467, -0.480641240411),
    ),
)

FILTERS = {
    8000: RateConversion(2, 1, _NARROW),
    12000: RateConversion(4, 3, _MEDIUM),
    16000: RateConversion(1, 1, None),
    24000: RateConversion(2, 3, _WIDE),
    48000: RateConversion(1, 3, _WIDE),
    96000: RateConversion(1, 6, _WIDE_96),
}
SAMPLING_RATES = tuple(FILTERS)


@clause("ENC-resample-round")
def to_int16_units(pcm: ArrayLike, channels: int) -> Float64Array:
    """Mix to one channel and round to integers of 16 bits.

    Parameters
    ----------
    pcm : array_like of float, shape (n,) or (n, channels)
        Full scale is 1. Computed with as float32.
    channels : int
        1 or 2.

    Returns
    -------
    array of float64, shape (n,)
        Integers from -32768 to 32767; halves are rounded to even.

    Raises
    ------
    WriteError
        W1: another shape, or a sample that is no finite number of float32.
    """
    with np.errstate(over="ignore"):  # beyond float32 is infinite, and refused
        samples = np.asarray(pcm, dtype=np.float32)
    if samples.ndim == 1 and channels == 1:
        samples = samples[:, np.newaxis]
    if samples.ndim != 2 or samples.shape[1] != channels:
        raise WriteError("W1", "audio", f"samples of shape {samples.shape} for {channels} channels")
    if not np.isfinite(samples).all():
        first = int(np.flatnonzero(~np.isfinite(samples).all(axis=1))[0])
        raise WriteError("W1", "audio", f"sample {first} is no finite number")
    with np.errstate(over="ignore"):  # what is infinite now is limited next
        mono = samples[:, 0] if channels == 1 else np.float32(0.5) * (samples[:, 0] + samples[:, 1])
        scaled = np.clip(mono * np.float32(FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1)
    rounded: Float64Array = np.rint(scaled).astype(np.float64)
    return rounded


class _BlockFilter:
    """A low-pass that runs over blocks of samples and keeps one output in `down`."""

    @clause("ENC-resample-filter")
    def __init__(self, low_pass: LowPass, down: int, block: int) -> None:
        order = len(low_pass.denominator)
        b0, *b = low_pass.numerator
        a = np.array(low_pass.denominator)
        # y = b0*x + mem[0];  mem[j] = mem[j+1] + b[j]*x - a[j]*y,  mem[order] = 0
        step = np.diag(np.ones(order - 1), 1)
        step[:, 0] -= a
        entry = np.array(b) - a * b0
        reach = np.eye(order)  # the state at the start, some samples on
        powers = []
        for _ in range(block):
            powers.append(reach)
            reach = step @ reach
        response = np.array([b0, *(power[0] @ entry for power in powers[:-1])])
        self._state = np.zeros(order)
        # From the state before a block and its input: the outputs that are kept, then the state after it.
        rows = [
            [*powers[n][0], *(response[n - m] if m <= n else 0.0 for m in range(block))]
            for n in range(0, block, down)
        ]
        after = np.array([powers[block - 1 - m] @ entry for m in range(block)]).T
        self._matrix = np.vstack([np.array(rows), np.hstack([reach, after])])

    def process(self, blocks: Float64Array) -> Float64Array:
        """Filter blocks, shape (count, block); return what is kept, one after the other."""
        order = len(self._state)
        outputs = np.empty((len(blocks), len(self._matrix) - order))
        for kept, block in zip(outputs, blocks, strict=True):
            product = self._matrix @ np.concatenate([self._state, block])
            kept[:], self._state = product[:-order], product[-order:]
        return outputs.reshape(-1)


class Resampler:
    """Turns a signal into 16 kHz, part by part.

    Parameters
    ----------
    sampling_rate : int
        One of `SAMPLING_RATES`.
    channels : int
        1 or 2.

    Raises
    ------
    WriteError
        W1: another rate or number of channels.
    """

    @clause("ENC-resample-filter")
    def __init__(self, sampling_rate: int, channels: int) -> None:
        if sampling_rate not in FILTERS or channels not in {1, 2}:
            raise WriteError("W1", "audio", f"{channels} channels at {sampling_rate} Hz cannot be resampled")
        self.sampling_rate = sampling_rate
        self.channels = channels
        self.conversion = FILTERS[sampling_rate]
        low_pass = self.conversion.low_pass
        self._block = sampling_rate * self.conversion.up // BLOCKS_PER_SECOND
        self._filter = None if low_pass is None else _BlockFilter(low_pass, self.conversion.down, self._block)
        self._waiting = np.zeros(0)

    @clause("ENC-resample-stuff", "ENC-resample-decimate")
    def process(self, pcm: ArrayLike) -> Float64Array:
        """Resample the next part.

        Parameters
        ----------
        pcm : array_like of float, shape (n,) or (n, channels)
            Full scale is 1.

        Returns
        -------
        array of float64, shape (n16,)
            In units of 16-bit integers. What is left of the input after whole 2.5 ms waits for the next part,
            except at 16 kHz.

        Raises
        ------
        WriteError
            W1: another shape, or a sample that is no finite number; the resampler is as before.
        """
        samples = to_int16_units(pcm, self.channels)
        if self._filter is None:
            return samples
        up = self.conversion.up
        stuffed = np.zeros(len(samples) * up)
        stuffed[::up] = up * samples + NEVER_ZERO
        signal = np.concatenate([self._waiting, stuffed])
        whole = len(signal) // self._block * self._block
        self._waiting = signal[whole:]
        return self._filter.process(signal[:whole].reshape(-1, self._block))
