"""From speech to features, with progress."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dred_conformance.analysis.errors import AnalysisError
from dred_conformance.analysis.method import PitchMethod
from dred_conformance.analysis.speech import SpeechAt16k
from dred_reference.analysis import FEATURES, FRAME_SIZE, LPC_ORDER, FeatureExtractor

__all__ = ["VOICED_ABOVE", "ExtractedFeatures", "extract"]

VOICED_ABOVE = 0.2  # of the correlation feature, as in the working group's comparison
FREQUENCY_AT_ZERO = 62.5 * 2**1.5  # Hz, of pitch feature 0


@dataclass(frozen=True, eq=False)
class ExtractedFeatures:
    """The features of a file.

    Attributes
    ----------
    values : array of float32, shape (frames, 20)
    taps : array of float32, shape (frames, 16)
        Of the prediction-error filter (LPC).
    speech : SpeechAt16k
    method : PitchMethod
    """

    values: NDArray[np.float32]
    taps: NDArray[np.float32]
    speech: SpeechAt16k
    method: PitchMethod

    @property
    def is_voiced(self) -> NDArray[np.bool_]:
        """For each frame."""
        voiced: NDArray[np.bool_] = self.values[:, 19] > VOICED_ABOVE
        return voiced

    @property
    def fundamentals_hz(self) -> NDArray[np.float64]:
        """The pitch of each frame as a frequency."""
        return FREQUENCY_AT_ZERO * np.exp2(self.values[:, 18].astype(np.float64))

    @property
    def samples_left(self) -> int:
        """Samples at 16 kHz after the last whole frame, which were not looked at."""
        return len(self.speech.samples) % FRAME_SIZE


def extract(
    speech: SpeechAt16k, method: PitchMethod, advance: Callable[[], None] = lambda: None
) -> ExtractedFeatures:
    """Extract the features of speech.

    Parameters
    ----------
    speech : SpeechAt16k
    method : PitchMethod
    advance : callable
        Called after each frame.

    Raises
    ------
    AnalysisError
        There is not one whole frame.
    """
    count = len(speech.samples) // FRAME_SIZE
    if not count:
        raise AnalysisError(
            f"{len(speech.samples)} samples at 16 kHz are less than a frame of {FRAME_SIZE} (10 ms)"
        )
    extractor = FeatureExtractor(method.estimator())
    features = np.empty((count, FEATURES + LPC_ORDER), dtype=np.float32)
    for row, frame in zip(features, np.split(speech.samples[: count * FRAME_SIZE], count), strict=True):
        row[:] = extractor.frame(frame)
        advance()
    return ExtractedFeatures(features[:, :FEATURES], features[:, FEATURES:], speech, method)
