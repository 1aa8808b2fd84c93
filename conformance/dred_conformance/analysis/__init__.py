"""Files of speech to files of acoustic features, for ``dred features``.

=================  ======================================================================================
module             what it holds
=================  ======================================================================================
``errors``         why a file has no features
``speech``         files of speech at 16 kHz, whatever they are at
``method``         which pitch estimator, and of which model
``extraction``     from speech to features, with progress
``feature_file``   ``.f32`` and ``.npz``
``plot``           envelope, pitch and correlation over time
=================  ======================================================================================
"""

from dred_conformance.analysis.errors import AnalysisError
from dred_conformance.analysis.extraction import ExtractedFeatures, extract
from dred_conformance.analysis.feature_file import FEATURE_SUFFIXES, feature_bytes
from dred_conformance.analysis.method import PITCH_METHODS, PitchMethod, choose_pitch
from dred_conformance.analysis.speech import SPEECH_SUFFIXES, SpeechAt16k, read_speech_at_16k

__all__ = [
    "FEATURE_SUFFIXES",
    "PITCH_METHODS",
    "SPEECH_SUFFIXES",
    "AnalysisError",
    "ExtractedFeatures",
    "PitchMethod",
    "SpeechAt16k",
    "choose_pitch",
    "extract",
    "feature_bytes",
    "read_speech_at_16k",
]
