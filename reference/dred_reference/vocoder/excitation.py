"""What drives the source-filter vocoder: pulses at the pitch and noise, together as flat as white noise."""

import math

import numpy as np

from dred_reference.analysis.correlation import SHARPNESS
from dred_reference.analysis.sizes import SAMPLING_RATE
from dred_reference.clauses import clause
from dred_reference.network.vocoder import SUBFRAME_SIZE
from dred_reference.vocoder.sizes import FloatArray

__all__ = ["MixedExcitation", "periodic_share"]

NOISE_SEED = 20
VOICE_EDGES_HZ = (2000.0, 6000.0)  # between them periodicity fades
PULSE_REACH = 32  # samples on both sides of a pulse
PULSE_PHASES = 32  # places of a pulse between two samples
_SPECTRUM_SIZE = 1 << 10
_RANDOM_BITS = 64


@clause("VOC-source-filter")
def periodic_share(correlation: float) -> float:
    """Return the share of periodic power that a correlation feature speaks of, 0 to 1.

    The feature is log(1 + exp(5 c)) / log(1 + exp(5)) - 1/2 of a normalised correlation c, and of a periodic
    signal in noise c is the share. Where it is negative, nothing is periodic.
    """
    grown = math.exp(min(max(correlation + 0.5, 0.0), 1.0) * math.log1p(math.exp(SHARPNESS)))
    return min(math.log(max(grown - 1.0, 1.0)) / SHARPNESS, 1.0)


def _amplitudes() -> tuple[FloatArray, FloatArray]:
    """Return how much of each frequency pulses have, and the noise above them; the powers add up to 1."""
    frequencies = np.arange(_SPECTRUM_SIZE // 2 + 1) * SAMPLING_RATE / _SPECTRUM_SIZE
    first, last = VOICE_EDGES_HZ
    angle = np.pi / 2 * np.clip((frequencies - first) / (last - first), 0, 1)
    return np.cos(angle), np.sin(angle)


def _taps(amplitudes: FloatArray, delay: float) -> FloatArray:
    """Return the impulse response of amplitudes with a delay in samples, up to the reach on both sides."""
    turns = np.arange(len(amplitudes)) / _SPECTRUM_SIZE * (PULSE_REACH + delay)
    taps: FloatArray = np.fft.irfft(amplitudes * np.exp(-2j * np.pi * turns))[: 2 * PULSE_REACH + 1]
    return taps


_PULSES = np.array([_taps(_amplitudes()[0], phase / PULSE_PHASES) for phase in range(PULSE_PHASES)])
_HIGH = _taps(_amplitudes()[1], 0.0)


class MixedExcitation:
    """Pulses and noise of power 1 together, subframe by subframe; the noise is the same in every run."""

    def __init__(self) -> None:
        self._source = np.random.PCG64(NOISE_SEED)
        self._noise = self._white(len(_HIGH) - 1)
        self._pulses = np.zeros(SUBFRAME_SIZE + 3 * PULSE_REACH)  # from now on
        self._next_pulse, self._sign = 0.0, 1.0

    def restart(self, next_pulse: float, sign: float) -> None:
        """Let pulses go on from others that were heard.

        Parameters
        ----------
        next_pulse : float
            When the next one is due, in samples from now.
        sign : float
            Of the pulses, 1 or -1.
        """
        self._pulses[:] = 0.0
        self._next_pulse, self._sign = next_pulse, sign

    @clause("VOC-source-filter")
    def subframe(self, period: float, share: float) -> FloatArray:
        """Return the next 40 samples.

        Parameters
        ----------
        period : float
            Samples from pulse to pulse, 1 or more.
        share : float
            Of periodic power below the frequencies at which periodicity fades, 0 to 1.
        """
        self._noise = np.concatenate([self._noise[-(len(_HIGH) - 1) :], self._white(SUBFRAME_SIZE)])
        above = np.convolve(self._noise, _HIGH, "valid")
        voiced = self._pulse_train(period) + above
        unvoiced: FloatArray = self._white(SUBFRAME_SIZE)
        return math.sqrt(share) * voiced + math.sqrt(1 - share) * unvoiced

    def _pulse_train(self, period: float) -> FloatArray:
        """Return the next 40 samples of pulses, each of which begins 32 samples before it is due."""
        while self._next_pulse < SUBFRAME_SIZE + PULSE_REACH:
            steps = round(self._next_pulse * PULSE_PHASES)
            place, phase = divmod(steps, PULSE_PHASES)
            pulse = self._sign * math.sqrt(period) * _PULSES[phase]
            first = place - PULSE_REACH
            missed = max(-first, 0)  # of a pulse that should have begun in the past
            self._pulses[first + missed : first + len(pulse)] += pulse[missed:]
            self._next_pulse += period
        train, self._pulses = self._pulses[:SUBFRAME_SIZE], np.roll(self._pulses, -SUBFRAME_SIZE)
        train = train.copy()
        self._pulses[-SUBFRAME_SIZE:] = 0.0
        self._next_pulse -= SUBFRAME_SIZE
        return train

    def _white(self, count: int) -> FloatArray:
        """Return uniform noise of power 1."""
        raw = self._source.random_raw(count).astype(np.float64)
        noise: FloatArray = (raw / 2.0**_RANDOM_BITS - 0.5) * math.sqrt(12.0)
        return noise
