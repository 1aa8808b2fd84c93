"""Features of what was lost, without a model: as they were, ever flatter, softer and less periodic.

What the numbers are is what speech does on average; spec-notes/concealment.md has the measurement.
"""

import numpy as np

from dred_reference.clauses import clause
from dred_reference.concealment.interface import PredictionState
from dred_reference.network.concealment import BURG_FEATURES
from dred_reference.vocoder.sizes import FEATURES, FloatArray

__all__ = ["PredictionWithoutModel"]

UNVOICED = -0.4987  # the correlation feature of what is not periodic at all
SILENCE = -12.485  # coefficient 0 of the cepstrum of silence
CORRELATION_KEPT = 0.95  # of its distance to unvoiced, per frame
SHAPE_KEPT = 0.95  # of the other coefficients, per frame
LEVEL_FALL = 0.1  # of coefficient 0 per frame; the attenuation of all predictions comes on top

_LEVEL, _SHAPE, _CORRELATION = 0, slice(1, 18), 19  # places in the features


class PredictionWithoutModel:
    """Holds the last features; a `FeaturePrediction`.

    Attributes
    ----------
    state : tuple of one array of float64, shape (20,)
        The last features; those of silence at first.
    """

    def __init__(self) -> None:
        silence = np.zeros(FEATURES)
        silence[_LEVEL], silence[_CORRELATION] = SILENCE, UNVOICED
        self.state: PredictionState = (silence,)

    @clause("PLC-without-model")
    def step(self, known: FloatArray) -> FloatArray:
        """Take the next frame, see `FeaturePrediction.step`."""
        if known[-1]:
            features = known[BURG_FEATURES : BURG_FEATURES + FEATURES].copy()
        else:
            features = self.state[0].copy()
            features[_LEVEL] = max(SILENCE, features[_LEVEL] - LEVEL_FALL)
            features[_SHAPE] *= SHAPE_KEPT
            features[_CORRELATION] = UNVOICED + CORRELATION_KEPT * (features[_CORRELATION] - UNVOICED)
        self.state = (features,)
        return features
