"""DRED into packets that exist: they are decoded, and what was heard is coded again.

The analysis hears what a receiver hears, in time with it: the offset of a latent counts from the start of the
audio of its packet, with no delay in between. Nothing later than the end of a packet is known to it.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dred_conformance.encoding.model import EncoderModel
from dred_conformance.encoding.optional import system_opus
from dred_conformance.encoding.redundant_packets import RedundantPacket, RedundantPackets
from dred_conformance.encoding.stopwatch import Stopwatch
from dred_conformance.encoding.stripping import has_dred
from dred_conformance.inputs.ogg_streams import packet_samples
from dred_reference.errors import DredError
from dred_reference.packet import parse_packet
from dred_reference.redundancy import ActivityDetector

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Listener", "add_redundancy"]

DECODING_RATE = 16000  # Hz: that of the analysis
USUAL_DURATION = 960  # samples at 48 kHz, of a packet that is lost before any was received
_OVERLAP_UNITS = 1  # 2.5 ms: the look-ahead of encoders that `SpeechHistory` counts on, and that is not here


class Listener:
    """Decodes packets and follows what they say.

    Parameters
    ----------
    model
        Of the redundancy.

    Attributes
    ----------
    history
        Up to the end of the last packet heard.
    """

    def __init__(self, model: EncoderModel, stopwatch: Stopwatch) -> None:
        opus = system_opus()
        self._decoder = opus.Decoder(DECODING_RATE, 1)
        self._error = opus.OpusError
        self._stopwatch = stopwatch
        self._activity = ActivityDetector(DECODING_RATE)
        self._duration = USUAL_DURATION
        self.history = model.history(DECODING_RATE, 1, stopwatch, 0)
        self.seconds = 0.0

    def hear(self, packet: bytes) -> bool:
        """Decode a packet, or conceal one that is lost or invalid; tell whether it was decoded."""
        with self._stopwatch.stage("base codec"):
            pcm, is_decoded = self._decoded(packet)
        self.seconds += len(pcm) / DECODING_RATE
        with self._stopwatch.stage("analysis"):
            self.history.add(pcm, self._activity.is_active(pcm))
            self.history.dred_offset -= _OVERLAP_UNITS
        return is_decoded

    def _decoded(self, packet: bytes) -> "tuple[NDArray[np.float32], bool]":
        duration = packet_samples(packet) if packet else 0
        if duration:
            try:
                pcm = self._decoder.decode_float(packet)
            except self._error:
                pass
            else:
                self._duration = duration
                return pcm, True
        pcm = self._decoder.decode_float(None, self._duration * DECODING_RATE // 48000)
        return pcm, False


def add_redundancy(
    packets: Sequence[bytes],
    model: EncoderModel,
    adder: RedundantPackets,
    *,
    stopwatch: Stopwatch,
    keep: bool = False,
) -> Iterator[RedundantPacket | None]:
    """Yield each packet with redundancy, or ``None`` for one that stays as it is.

    Parameters
    ----------
    packets
        Of one stream; an empty one is lost.
    keep
        Leave packets alone that carry DRED already; otherwise theirs is replaced.
    """
    listener = Listener(model, stopwatch)
    for packet in packets:
        is_decoded = listener.hear(packet)
        if not is_decoded or (keep and _carries_dred(packet)):
            yield None
        else:
            yield adder.add(packet, listener.history)


def _carries_dred(packet: bytes) -> bool:
    try:
        return has_dred(parse_packet(packet))
    except DredError:
        return False
