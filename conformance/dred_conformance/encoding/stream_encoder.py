"""Speech to packets: the base codec, its redundancy, and the bits that both share."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dred_conformance.encoding.base_codec import LOWEST_BITRATE, BaseSettings, base_encoder
from dred_conformance.encoding.bitrate_control import BitrateControl
from dred_conformance.encoding.carrying import LARGEST_PACKET
from dred_conformance.encoding.errors import StreamError
from dred_conformance.encoding.high_pass import InputHighPass
from dred_conformance.encoding.model import EncoderModel
from dred_conformance.encoding.rate_rule import RateRule
from dred_conformance.encoding.redundant_packets import RedundantPacket, RedundantPackets
from dred_conformance.encoding.speech_file import Speech
from dred_conformance.encoding.stopwatch import Stopwatch
from dred_reference.redundancy import ActivityDetector
from dred_reference.wire import WireProfile

__all__ = ["EncodedPacket", "StreamEncoder"]

SMALLEST_PACKET = 3  # bytes; fewer are discontinuous transmission
LARGEST_BASE_PACKET = 7657  # bytes: six frames of 1275 with their lengths


@dataclass(frozen=True)
class EncodedPacket(RedundantPacket):
    """A packet with the final range of the base codec, as opus_demo files want it."""

    final_range: int = 0


class StreamEncoder:
    """Encodes one signal.

    Parameters
    ----------
    speech
        The signal.
    settings
        Of the base codec.
    bitrate
        Of base codec and redundancy together, in bits per second.
    rule
        Made for this bitrate.
    model, profile
        Of the redundancy.

    Attributes
    ----------
    pre_skip
        Samples at 48 kHz that a decoder has to drop at the start.
    packet_count
        As many as are needed until the last sample is out.

    Raises
    ------
    StreamError
        S1: the build has no base codec. S4: the rule leaves it too little.
    """

    def __init__(
        self,
        speech: Speech,
        settings: BaseSettings,
        bitrate: int,
        rule: RateRule,
        model: EncoderModel,
        profile: WireProfile,
        *,
        stopwatch: Stopwatch,
        largest_packet: int = LARGEST_PACKET,
    ) -> None:
        if rule.base_bitrate < LOWEST_BITRATE:
            raise StreamError(
                "S4", f"the redundancy leaves {rule.base_bitrate} b/s to the base codec",
                "raise --bitrate, or ask for less redundancy",
            )  # fmt: skip
        rate = speech.sampling_rate
        self._speech = speech
        self._stopwatch = stopwatch
        self._encoder = base_encoder(settings, rate, speech.channels)
        lookahead = self._encoder.lookahead
        self._frame_samples = round(settings.duration_ms * rate / 1000)
        self.pre_skip = lookahead * 48000 // rate
        self.packet_count = math.ceil((len(speech.samples) + lookahead) / self._frame_samples)
        self._history = model.history(rate, speech.channels, stopwatch, lookahead - rate // 400)
        self._high_pass = InputHighPass(rate, speech.channels, settings.application)
        self._activity = ActivityDetector(rate)
        self._control = BitrateControl(bitrate, rule.base_bitrate, settings.duration_ms / 1000)
        self._is_cbr = settings.mode == "cbr"
        self._size = round(bitrate * settings.duration_ms / 8000) if self._is_cbr else None
        if self._size is not None and self._size < SMALLEST_PACKET:
            raise StreamError(
                "S4", f"packets of {self._size} bytes", "raise --bitrate, or take longer packets"
            )
        self._encoder.bitrate = rule.base_bitrate
        self._packets = RedundantPackets(
            model.tables,
            rule,
            profile,
            profile.prefix,
            stopwatch=stopwatch,
            largest_packet=largest_packet,
        )

    @property
    def granule_end(self) -> int:
        """The granule position at which the last sample has been played (RFC 7845 section 4.4)."""
        return self.pre_skip + len(self._speech.samples) * 48000 // self._speech.sampling_rate

    def packets(self) -> Iterator[EncodedPacket]:
        """Yield the packets in order."""
        for index in range(self.packet_count):
            start = index * self._frame_samples
            frame = self._speech.samples[start : start + self._frame_samples]
            missing = self._frame_samples - len(frame)
            if missing:
                frame = np.pad(frame, ((0, missing), (0, 0)))
            yield self._encode(frame)

    def _encode(self, frame: NDArray[np.float32]) -> EncodedPacket:
        with self._stopwatch.stage("base codec"):
            if not self._is_cbr:
                self._encoder.bitrate = self._control.base_bitrate()
            packet = self._encoder.encode_float(
                frame, min(self._size or LARGEST_BASE_PACKET, LARGEST_BASE_PACKET)
            )
            final_range = self._encoder.final_range
        with self._stopwatch.stage("analysis"):
            filtered = self._high_pass.process(frame)
            self._history.add(filtered, self._activity.is_active(frame))
        made = self._packets.add(packet, self._history, size=self._size)
        self._control.spend(made.base_bytes, made.redundancy_bytes)
        return EncodedPacket(made.data, made.base_bytes, made.redundancy, made.redundancy_bytes, final_range)
