"""Speech where packets are missing: from what was heard before, and from features where they are known.

`Concealer` is what deployed decoders do: while all goes well it only remembers; when a frame is lost it
analyses what it heard, predicts features or takes those of a DRED payload, and lets a vocoder go on.
Speech is 16 kHz in frames of 10 ms, full scale is 1.

=====================================  ====================================================================
module                                 what it holds
=====================================  ====================================================================
``interface``                          what is asked of a prediction and of a vocoder, what is refused
``burg``                               the spectral envelope of the last 10 ms
``prediction``, ``without_model``      how features go on: by a network; without one
``attenuation``                        how what is only predicted falls silent
``history``                            speech so far, and what of it was analysed
``concealer``                          the state machine
=====================================  ====================================================================
"""

from dred_reference.concealment.concealer import Concealer
from dred_reference.concealment.interface import FeaturePrediction, FrameVocoder
from dred_reference.concealment.prediction import NetworkPrediction
from dred_reference.concealment.without_model import PredictionWithoutModel

__all__ = [
    "Concealer",
    "FeaturePrediction",
    "FrameVocoder",
    "NetworkPrediction",
    "PredictionWithoutModel",
]
