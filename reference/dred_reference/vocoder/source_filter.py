"""A vocoder that needs no model: a linear predictor from the cepstrum, driven by pulses and noise."""

import math

import numpy as np
from numpy.typing import ArrayLike

from dred_reference.analysis.pitch import PITCH_OFFSET
from dred_reference.analysis.sizes import BANDS, LPC_ORDER, PITCH_MAX, PITCH_MIN
from dred_reference.clauses import clause
from dred_reference.network.vocoder import SUBFRAME_SIZE
from dred_reference.vocoder.emphasis import DeEmphasis, pre_emphasised
from dred_reference.vocoder.envelope import CORRECTION_SIZE, SpeechFilter, speech_filter
from dred_reference.vocoder.excitation import MixedExcitation, periodic_share
from dred_reference.vocoder.interface import checked_features, checked_past
from dred_reference.vocoder.sizes import FEATURES, FloatArray

__all__ = ["SourceFilterVocoder"]

INTEGER_SCALE = 32768.0
SUBFRAME_WEIGHTS = ((3, 5, 0), (1, 7, 0), (0, 7, 1), (0, 5, 3))
"""Eighths of the features before, of those of the frame and of those after it, for each subframe."""

_PITCH, _CORRELATION = 18, 19  # places in the features


class SourceFilterVocoder:
    """Pulses and noise through a filter; before `start` there was silence.

    It has the look-ahead of FARGAN: the frame that a call returns is centred where the features of the call
    before are. Features of a subframe are interpolated.
    """

    def __init__(self) -> None:
        self._excitation = MixedExcitation()
        self._de_emphasis = DeEmphasis()
        self._driven = np.zeros(CORRECTION_SIZE - 1)  # past excitation, oldest first
        self._filtered = np.zeros(LPC_ORDER)  # past pre-emphasised speech, oldest first
        self._before = np.zeros((2, FEATURES))  # features, oldest first

    @clause("VOC-source-filter")
    def start(self, past: ArrayLike, features: ArrayLike) -> None:
        """Go on from past audio, see `SpeechSynthesis.start`.

        The filters go on from the samples of the past, and pulses from the largest one in the residual of its
        last period.
        """
        samples, vectors = checked_past(past, features)
        self._before = vectors[-2:].copy()
        speech = INTEGER_SCALE * pre_emphasised(samples)
        self._filtered = speech[-LPC_ORDER:].copy()
        self._de_emphasis.last = float(samples[-1])
        heard = vectors[-3]
        inverse = np.concatenate([[1.0], speech_filter(heard[:BANDS]).taps])
        residual = np.convolve(speech, inverse, "valid")
        period = _period(heard[_PITCH])
        last = residual[-min(math.ceil(period), len(residual)) :]
        place = int(np.argmax(np.abs(last)))
        due = period - (len(last) - place)
        self._excitation.restart(max(due, 0.0), math.copysign(1.0, last[place]))
        self._driven[:] = 0.0

    @clause("VOC-source-filter")
    def frame(self, features: ArrayLike) -> FloatArray:
        """Return the next 10 ms, see `SpeechSynthesis.frame`."""
        newest = checked_features(features)
        around = np.concatenate([self._before, newest[None]])
        self._before = around[1:]
        subframes = [self._subframe(np.array(weights) @ around / 8) for weights in SUBFRAME_WEIGHTS]
        return self._de_emphasis.process(np.concatenate(subframes) / INTEGER_SCALE)

    def _subframe(self, features: FloatArray) -> FloatArray:
        """Return 40 pre-emphasised samples in units of int16."""
        shape = speech_filter(features[:BANDS])
        share = periodic_share(features[_CORRELATION])
        excitation = self._excitation.subframe(_period(features[_PITCH]), share)
        driven = np.concatenate([self._driven, shape.gain * excitation])
        self._driven = driven[SUBFRAME_SIZE:]
        return self._predicted(np.convolve(driven, shape.correction, "valid"), shape)

    def _predicted(self, innovation: FloatArray, shape: SpeechFilter) -> FloatArray:
        """Run the inverse of the prediction-error filter."""
        speech = np.concatenate([self._filtered, innovation])
        weights = shape.taps[::-1]
        for now in range(LPC_ORDER, len(speech)):
            speech[now] -= weights @ speech[now - LPC_ORDER : now]
        self._filtered = speech[-LPC_ORDER:]
        return speech[LPC_ORDER:]


def _period(pitch: float) -> float:
    """Return the period of a pitch feature in samples, 32 to 256 and not rounded."""
    octaves = min(max(pitch + PITCH_OFFSET, 0.0), math.log2(PITCH_MAX / PITCH_MIN))
    return PITCH_MAX / 2**octaves
