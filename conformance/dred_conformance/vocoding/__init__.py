"""Files of acoustic features to files of speech, for ``dred vocode``.

=================  ======================================================================================
module             what it holds
=================  ======================================================================================
``errors``         why there is no speech
``features``       files of features: ``.f32`` and ``.npz``
``method``         which vocoder, and of which model
``speech_file``    ``.wav`` and ``.sw``
=================  ======================================================================================
"""

from dred_conformance.vocoding.errors import VocodingError
from dred_conformance.vocoding.features import read_feature_file
from dred_conformance.vocoding.method import VOCODERS, VocoderMethod, choose_vocoder
from dred_conformance.vocoding.speech_file import SPOKEN_SUFFIXES, speech_bytes

__all__ = [
    "SPOKEN_SUFFIXES",
    "VOCODERS",
    "VocoderMethod",
    "VocodingError",
    "choose_vocoder",
    "read_feature_file",
    "speech_bytes",
]
