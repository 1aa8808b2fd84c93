"""Acoustic features to speech.

``Vocoder`` is FARGAN, the neural vocoder of deployed decoders; ``SourceFilterVocoder`` needs no model. Both
go on from past audio and synthesise 10 ms per feature frame. Speech is 16 kHz, full scale is 1.

=====================================  ====================================================================
module                                 what it holds
=====================================  ====================================================================
``interface``                          what a vocoder does, and what it refuses
``arithmetic``, ``period``             numbers to compute with; the period to look back by
``conditioning``                       FARGAN: features of three frames to what four subframes are told
``prediction``, ``subframe``           FARGAN: a period ago; 40 samples
``emphasis``, ``fargan``               FARGAN: the state, the way in from past audio, the frames
``excitation``, ``envelope``           source-filter: pulses and noise; the filter of a cepstrum
``source_filter``                      source-filter: the state, the way in from past audio, the frames
``speech``                             a row of features to speech that lies where they say
=====================================  ====================================================================
"""

from dred_reference.vocoder.arithmetic import VOCODER_PROFILES
from dred_reference.vocoder.fargan import Vocoder
from dred_reference.vocoder.interface import SpeechSynthesis
from dred_reference.vocoder.source_filter import SourceFilterVocoder
from dred_reference.vocoder.speech import as_int16, speak, synthesise

__all__ = [
    "VOCODER_PROFILES",
    "SourceFilterVocoder",
    "SpeechSynthesis",
    "Vocoder",
    "as_int16",
    "speak",
    "synthesise",
]
