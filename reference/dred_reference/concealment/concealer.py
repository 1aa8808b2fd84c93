"""From holes in speech to speech: the deployed state machine around features, prediction and vocoder."""

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import ArrayLike

from dred_reference.analysis import FeatureExtractor
from dred_reference.clauses import clause
from dred_reference.concealment.attenuation import attenuated
from dred_reference.concealment.burg import burg_features
from dred_reference.concealment.history import SpeechHistory
from dred_reference.concealment.interface import (
    FeaturePrediction,
    FrameVocoder,
    checked_frame,
    checked_known,
    checked_priming,
)
from dred_reference.concealment.prediction import NetworkPrediction
from dred_reference.network.concealment import BURG_FEATURES, CONCEALMENT_INPUTS, ConcealmentNetwork
from dred_reference.vocoder.sizes import CONTINUATION_VECTORS, FEATURES, FloatArray
from dred_reference.vocoder.speech import FULL_SCALE, as_int16

__all__ = ["Concealer"]

HEARD, KNOWN = 1.0, -1.0  # flags; that of a lost frame is 0


class Concealer:
    """Follows speech of 16 kHz in frames of 10 ms and makes those that are lost.

    Parameters
    ----------
    network : ConcealmentNetwork or FeaturePrediction
        What predicts features that are not known: the network of a model, `NetworkPrediction` with another
        profile than ``float64``, or `PredictionWithoutModel`.
    extractor : FeatureExtractor
        Fresh; this object keeps it and a copy of it.
    vocoder : FrameVocoder
        Fresh; this object calls it with arrays of float32.

    Examples
    --------
    >>> import numpy as np
    >>> from dred_reference.analysis import FeatureExtractor, PitchTracker
    >>> from dred_reference.concealment import Concealer, PredictionWithoutModel
    >>> from dred_reference.vocoder import SourceFilterVocoder
    >>> concealer = Concealer(
    ...     PredictionWithoutModel(), FeatureExtractor(PitchTracker()), SourceFilterVocoder()
    ... )
    >>> concealer.update(np.zeros(160))
    >>> concealer.conceal().shape, concealer.concealing
    ((160,), True)
    """

    def __init__(
        self,
        network: ConcealmentNetwork | FeaturePrediction,
        extractor: FeatureExtractor,
        vocoder: FrameVocoder,
    ) -> None:
        if isinstance(network, ConcealmentNetwork):
            network = NetworkPrediction(network)
        self._prediction: FeaturePrediction = network
        self._vocoder = vocoder
        self._fresh_extractor = extractor
        self._fresh_state = self._prediction.state
        self.reset()

    @clause("PLC-reset")
    def reset(self) -> None:
        """Forget all speech; only the vocoder keeps its state, as in deployed decoders."""
        self._extractor = copy.deepcopy(self._fresh_extractor)
        self._history = SpeechHistory()
        self._queue = np.zeros((CONTINUATION_VECTORS, FEATURES))  # oldest first
        self._prediction.state = self._fresh_state
        self._before = [self._fresh_state] * 2  # states before the last two steps, oldest first  # bak
        self._predicted = 0  # loss_count
        self._concealing = False

    @property
    def concealing(self) -> bool:
        """Whether the last frame was concealed: the next one then needs no priming."""
        return self._concealing  # blend

    @clause("PLC-history")
    def update(self, pcm: ArrayLike) -> None:
        """Take a frame that arrived, or a part of one.

        Deployed decoders take whole frames only; packets of 2.5 ms bring parts.

        Parameters
        ----------
        pcm : array_like of float64, shape (160,) or shorter
            16 kHz, full scale is 1.

        Raises
        ------
        FeatureError
            N3: another shape, or a sample that is no finite number within 2^10. The state stays as it was.
        """
        self._history.append_heard(checked_frame(pcm))
        self._predicted = 0
        self._concealing = False

    @clause("PLC-conceal")
    def conceal(
        self, features: ArrayLike | None = None, priming: Sequence[ArrayLike | None] = (None, None)
    ) -> FloatArray:
        """Make the next frame.

        Parameters
        ----------
        features : array_like of float64, shape (20,), or None
            Of the frame 15 ms ahead of the one that is made, see `SpeechSynthesis`. None: not known, they are
            predicted.
        priming : pair of the same
            The two feature frames before `features`, oldest first. For the first frame of a hole only.

        Returns
        -------
        array of float64, shape (160,)
            16 kHz, full scale is 1; whole multiples of 1/32768, which also is what this object remembers.

        Raises
        ------
        FeatureError
            N3: another shape, or a number that is not finite or beyond 2^10. The state stays as it was.
        """
        samples = self.synthesise(features, priming)
        self.remember(samples)
        return samples

    @clause("PLC-conceal")
    def synthesise(
        self, features: ArrayLike | None = None, priming: Sequence[ArrayLike | None] = (None, None)
    ) -> FloatArray:
        """Make the next frame as `conceal` does, but leave it to the caller to `remember` what is played."""
        known, ahead = checked_known(features), checked_priming(priming)
        if not self._concealing:
            self._begin_hole(ahead)
        vector = self._next_features(known)
        self._predicted = self._predicted + 1 if known is None else 0
        vector = attenuated(vector, self._predicted)
        made = np.asarray(self._vocoder.frame(vector.astype(np.float32)), dtype=np.float64)
        self._push(vector)
        self._concealing = True
        return as_int16(made).astype(np.float64) / FULL_SCALE

    @clause("PLC-history")
    def remember(self, pcm: ArrayLike) -> None:
        """Take a frame that was made and played; parameters and errors as for `update`."""
        self._history.append_concealed(checked_frame(pcm))

    @contextmanager
    def looking_ahead(self) -> Iterator[None]:
        """Return a context in which frames can be made that are not meant to be gone on from.

        At its end all is as it was at its beginning, except for the vocoder, which cannot go back: the next
        call has to be `update` or `remember`, not another frame of the same hole.
        """
        kept = (copy.copy(self._history), self._queue, self._prediction.state, self._before)
        counted = (self._predicted, self._concealing)
        extractor = self._extractor if self._concealing else copy.deepcopy(self._extractor)
        try:
            yield
        finally:
            self._history, self._queue, self._prediction.state, self._before = kept
            self._predicted, self._concealing = counted
            self._extractor = extractor

    @clause("PLC-analysis", "PLC-rewind", "PLC-priming")
    def _begin_hole(self, priming: Sequence[FloatArray | None]) -> None:
        """Analyse what was heard since the last hole, look two frames ahead, and start the vocoder."""
        self._prediction.state = self._before[0]
        for frame, is_news in self._history.waiting():
            speech = FULL_SCALE * frame
            features = self._extractor.frame(speech)[:FEATURES]
            if is_news:
                self._push(features)
                self._step(np.concatenate([burg_features(speech), features, [HEARD]]))
        for known in priming:
            self._push(self._next_features(known))
        self._vocoder.start(self._history.latest.astype(np.float32), self._queue.astype(np.float32))

    @clause("PLC-net-input")
    def _next_features(self, known: FloatArray | None) -> FloatArray:
        """Return the next feature frame; where it is known the prediction only follows it."""
        if known is None:
            return self._step(np.zeros(CONCEALMENT_INPUTS))
        self._step(np.concatenate([np.zeros(BURG_FEATURES), known, [KNOWN]]))
        return known

    @clause("PLC-rewind")
    def _step(self, vector: FloatArray) -> FloatArray:
        """Take a step of the prediction that can be taken back."""
        self._before = [self._before[1], self._prediction.state]
        return self._prediction.step(vector)

    @clause("PLC-continuation")
    def _push(self, features: FloatArray) -> None:
        """Append to what a vocoder starts from."""
        self._queue = np.concatenate([self._queue[1:], features[None]])
