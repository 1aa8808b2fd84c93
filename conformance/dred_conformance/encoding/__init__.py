"""Speech files to Opus streams with DRED, and DRED into and out of streams that exist.

The base codec is the libopus of the system (`dred_opus`); features, latents and the writing of redundancy
are those of `dred_reference`. spec-notes/streams.md says how they are put together.

| rule | meaning |
|---|---|
| S1 | something is missing: libopus, a package, a model; how to get it is said |
| S2 | the speech cannot be read |
| S3 | the speech is none: no sample, a value that is not finite, too long |
| S4 | a setting out of its range |
| S5 | a stream that cannot carry DRED, or a container that cannot carry the stream |
| S6 | an output that cannot be written, or is the input |
"""

from dred_conformance.encoding.adding import add_redundancy
from dred_conformance.encoding.base_codec import BaseSettings
from dred_conformance.encoding.errors import StreamError
from dred_conformance.encoding.model import EncoderModel, load_encoder_model, wire_to_write
from dred_conformance.encoding.rate_rule import RateRequest, RateRule
from dred_conformance.encoding.redundant_packets import RedundantPacket, RedundantPackets
from dred_conformance.encoding.rules import RATE_RULES, make_rule
from dred_conformance.encoding.speech_file import Speech, read_speech
from dred_conformance.encoding.statistics import StreamStatistics
from dred_conformance.encoding.stopwatch import Stopwatch
from dred_conformance.encoding.stream_encoder import EncodedPacket, StreamEncoder
from dred_conformance.encoding.stripping import strip_dred

__all__ = [
    "RATE_RULES",
    "BaseSettings",
    "EncodedPacket",
    "EncoderModel",
    "RateRequest",
    "RateRule",
    "RedundantPacket",
    "RedundantPackets",
    "Speech",
    "Stopwatch",
    "StreamEncoder",
    "StreamError",
    "StreamStatistics",
    "add_redundancy",
    "load_encoder_model",
    "make_rule",
    "read_speech",
    "strip_dred",
    "wire_to_write",
]
