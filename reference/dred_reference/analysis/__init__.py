"""Speech to acoustic features (the encoder's first half): 20 numbers per 10 ms.

Every step is a module of its own, and `extractor` puts them in their order:

===========================  ============================================================================
module                       step
===========================  ============================================================================
``spectrum``                 pre-emphasis, window of 20 ms, Fourier transform
``bands``, ``cepstrum``      energies of 18 bands, their logarithm, its cosine transform
``prediction``               a linear predictor from the cepstrum
``excitation``               the residual, tilted and low-passed
``cross_correlation``        its correlations at all lags
``instantaneous_frequency``  how the phases of the lowest bins advance
``pitch``                    what a pitch estimator gets and gives
``pitch_network``            the pitch by a neural network
``pitch_tracker``            the pitch by signal processing, without a model
``correlation``              how periodic the residual is at the pitch
===========================  ============================================================================

Speech is 16 kHz, in units of int16. Row t of the features belongs to samples 160 t to 160 t + 159 and
describes the speech from 15 ms to 5 ms before their end.
"""

from dred_reference.analysis.extractor import FeatureExtractor, extract_features
from dred_reference.analysis.pitch import PitchEstimator
from dred_reference.analysis.pitch_network import PITCH_PROFILES, NetworkPitch
from dred_reference.analysis.pitch_tracker import PitchTracker
from dred_reference.analysis.sizes import FEATURES, FRAME_SIZE, LPC_ORDER, SAMPLING_RATE

__all__ = [
    "FEATURES",
    "FRAME_SIZE",
    "LPC_ORDER",
    "PITCH_PROFILES",
    "SAMPLING_RATE",
    "FeatureExtractor",
    "NetworkPitch",
    "PitchEstimator",
    "PitchTracker",
    "extract_features",
]
