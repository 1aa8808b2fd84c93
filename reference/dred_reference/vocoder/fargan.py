"""FARGAN as a stream: features in, 10 ms of speech out."""

import numpy as np
from numpy.typing import ArrayLike

from dred_reference.clauses import clause
from dred_reference.feature.arithmetic import Vector
from dred_reference.network.vocoder import SUBFRAME_SIZE, SUBFRAMES, VocoderNetwork
from dred_reference.vocoder.arithmetic import vocoder_arithmetic
from dred_reference.vocoder.conditioning import Conditioning
from dred_reference.vocoder.emphasis import DeEmphasis, pre_emphasised
from dred_reference.vocoder.interface import checked_features, checked_past
from dred_reference.vocoder.period import SHORTEST_PERIOD, synthesis_period
from dred_reference.vocoder.sizes import FRAME_SIZE, FloatArray
from dred_reference.vocoder.subframe import SignalNetwork

__all__ = ["Vocoder"]

_PITCH = 18  # place of the pitch in the features


class Vocoder:
    """FARGAN; before `start` there was silence.

    Parameters
    ----------
    network : VocoderNetwork
    profile : str
        One of `VOCODER_PROFILES`: ``float64``; ``int8`` for what x86 decoders compute; ``reproducible`` for
        float64 that comes out the same to the last bit everywhere, four times slower.

    Raises
    ------
    ValueError
        There is no such profile.
    FeatureError
        N1: the profile ``int8`` needs an array that the network does not have.
    """

    def __init__(self, network: VocoderNetwork, profile: str = "float64") -> None:
        arithmetic = vocoder_arithmetic(network, profile)
        self._dtype = arithmetic.zeros(1).dtype
        self._conditioning = Conditioning(network, arithmetic)
        self._signal = SignalNetwork(network, arithmetic)
        self._de_emphasis = DeEmphasis()
        self._last_period = SHORTEST_PERIOD

    @clause("VOC-continuation")
    def start(self, past: ArrayLike, features: ArrayLike) -> None:
        """Go on from past audio, see `SpeechSynthesis.start`.

        GRU states and the memory of the signal network are not set back: they go on from where they were
        after the speech that was synthesised last.
        """
        samples, vectors = checked_past(past, features)
        conditions: list[Vector] = []
        period_before = period = self._last_period
        for vector in vectors:
            period_before, period = period, synthesis_period(vector[_PITCH])
            conditions = self._conditioning.frame(vector.astype(self._dtype), period)
        # The period of the last vector is never predicted from: deployed decoders stay one behind here, and
        # the first frame synthesised uses this one again.
        self._last_period = period_before
        emphasised = pre_emphasised(samples).astype(self._dtype)
        first, second = emphasised[:FRAME_SIZE], emphasised[FRAME_SIZE:]
        self._signal.history = np.concatenate([self._signal.history[:-FRAME_SIZE], first])
        for condition, real in zip(conditions, np.split(second, SUBFRAMES), strict=True):
            self._signal.subframe(condition, self._last_period)
            self._signal.history[-SUBFRAME_SIZE:] = real
        self._de_emphasis.last = float(samples[-1])

    @clause("VOC-frame", "VOC-output")
    def frame(self, features: ArrayLike) -> FloatArray:
        """Return the next 10 ms, see `SpeechSynthesis.frame`."""
        vector = checked_features(features)
        period = synthesis_period(vector[_PITCH])
        conditions = self._conditioning.frame(vector.astype(self._dtype), period)
        subframes = [self._signal.subframe(condition, self._last_period) for condition in conditions]
        self._last_period = period
        return self._de_emphasis.process(np.concatenate(subframes).astype(np.float64))
