"""A clip as packets, for each scheme within the same total bitrate."""

from dataclasses import dataclass

import numpy as np

from dred_conformance.encoding import (
    BaseSettings,
    EncoderModel,
    RateRequest,
    Speech,
    Stopwatch,
    StreamEncoder,
    make_rule,
    wire_to_write,
)
from dred_conformance.encoding.base_codec import base_encoder
from dred_conformance.encoding.bitrate_control import BitrateControl
from dred_conformance.simulation.errors import SimulationError
from dred_conformance.simulation.schemes import Sending
from dred_conformance.simulation.settings import COMPLEXITY, RunSettings
from dred_conformance.simulation.shared_analysis import share_analysis

__all__ = ["ClipStreams", "Stream"]

# RFC 2198 section 3: four bytes of header for the copy, and one for the packet itself.
COPY_HEADER_BYTES, OWN_HEADER_BYTES = 4, 1
_LARGEST_PACKET = 7657
MOST_TOLD_PERCENT = 5  # more makes LBRR dearer than it is worth at any loss


@dataclass(frozen=True)
class Stream:
    """What a sender sends.

    Attributes
    ----------
    packets
        Opus packets in order.
    sent_bytes
        Everything in the packets of the network, redundancy and its headers included, in bytes.
    frame_48k, pre_skip_48k
        Duration of a packet, and what a decoder has to drop at the start, in samples at 48 kHz.
    """

    packets: tuple[bytes, ...]
    sent_bytes: int
    frame_48k: int
    pre_skip_48k: int

    @property
    def bitrate(self) -> float:
        """Bits per second, redundancy included."""
        return 8 * self.sent_bytes * 48000 / (len(self.packets) * self.frame_48k)


class ClipStreams:
    """Makes the streams of one clip, each of them once.

    Parameters
    ----------
    speech
        One channel.
    settings
        Of the run.
    model
        For DRED; ``None`` where no scheme needs it.
    """

    def __init__(self, speech: Speech, settings: RunSettings, model: EncoderModel | None) -> None:
        self._speech = speech
        self._settings = settings
        self._model = None if model is None else share_analysis(model)
        self._made: dict[tuple[Sending, int], Stream] = {}

    def stream(self, sending: Sending, told_percent: int) -> Stream:
        """Return the stream of a sender that expects such a loss.

        Raises
        ------
        StreamError
            The base codec is missing, or the bitrate is too low for it.
        SimulationError
            L1: DRED is asked for, and there is no model.
        """
        key = (sending, told_percent)
        if key not in self._made:
            make = self._redundant if sending.rate_rule else self._plain
            self._made[key] = make(sending, told_percent)
        return self._made[key]

    def _base(self, sending: Sending, told_percent: int) -> BaseSettings:
        # What a base codec that expects loss does beside FEC costs more than it saves a receiver that tells
        # its decoder what was heard (spec-notes/simulation.md).
        told = min(told_percent, MOST_TOLD_PERCENT) if sending.fec else 0
        return BaseSettings(
            self._settings.frame_ms, fec=sending.fec, complexity=COMPLEXITY, loss_percent=told
        )

    def _redundant(self, sending: Sending, told_percent: int) -> Stream:
        settings, model = self._settings, self._model
        if model is None:
            raise SimulationError("L1", "DRED needs a model with an encoder", "'dred model fetch' brings it")
        request = RateRequest(
            settings.bitrate, settings.frame_ms, told_percent, settings.redundancy_ms, sending.fec
        )
        encoder = StreamEncoder(
            self._speech,
            self._base(sending, told_percent),
            settings.bitrate,
            make_rule(sending.rate_rule, request, model),
            model,
            wire_to_write(settings.wire, model),
            stopwatch=Stopwatch(),
        )
        packets = tuple(packet.data for packet in encoder.packets())
        return Stream(packets, sum(map(len, packets)), round(48 * settings.frame_ms), encoder.pre_skip)

    def _plain(self, sending: Sending, told_percent: int) -> Stream:
        """Encode without DRED, with the same control of the bitrate as with it."""
        settings, speech = self._settings, self._speech
        seconds = settings.frame_ms / 1000
        bitrate = settings.bitrate
        if sending.has_copy:
            bitrate = round((bitrate - 8 * (COPY_HEADER_BYTES + OWN_HEADER_BYTES) / seconds) / 2)
        encoder = base_encoder(self._base(sending, told_percent), speech.sampling_rate, 1)
        control = BitrateControl(bitrate, bitrate, seconds)
        frame = round(seconds * speech.sampling_rate)
        count = -(-(len(speech.samples) + encoder.lookahead) // frame)
        padded = np.pad(speech.samples, ((0, count * frame - len(speech.samples)), (0, 0)))
        packets = []
        for start in range(0, count * frame, frame):
            encoder.bitrate = control.base_bitrate()
            packets.append(encoder.encode_float(padded[start : start + frame], _LARGEST_PACKET))
            control.spend(len(packets[-1]), 0)
        sent = sum(map(len, packets))
        if sending.has_copy:
            sent += sum(map(len, packets[:-1])) + OWN_HEADER_BYTES * count + COPY_HEADER_BYTES * (count - 1)
        pre_skip = encoder.lookahead * 48000 // speech.sampling_rate
        return Stream(tuple(packets), sent, round(48 * settings.frame_ms), pre_skip)
