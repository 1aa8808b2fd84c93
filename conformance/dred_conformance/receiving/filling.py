"""The audio of a stream of decisions."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from dred_conformance.receiving.base_codec import BaseCodec
from dred_conformance.receiving.fading import FADE_AFTER_DRED_MS, FADE_AFTER_PREDICTION_MS, Fading
from dred_conformance.receiving.hole import Hole, HoleFilling, NextFeatures
from dred_conformance.receiving.past import Past
from dred_conformance.receiving.redundancy import PacketRedundancy
from dred_reference.packet import Packet
from dred_reference.receiver import BufferedPacket, Decision

__all__ = ["StreamAudio"]

Float64Array = NDArray[np.float64]


def _nothing(_: int) -> None:
    """There are no features."""


class StreamAudio:
    """Makes the audio of decisions, one after another.

    Parameters
    ----------
    codec : BaseCodec
    packets : dict of BufferedPacket
        By timestamp.
    sampling_rate : int
        16000, 24000 or 48000 Hz.
    channels : int
    filling : HoleFilling or None
        None: the base codec conceals.
    redundancy : PacketRedundancy or None
        None: there are no decisions for DRED.
    """

    def __init__(
        self,
        codec: BaseCodec,
        packets: dict[int, BufferedPacket],
        sampling_rate: int,
        channels: int,
        filling: HoleFilling | None,
        redundancy: PacketRedundancy | None,
    ) -> None:
        self._codec = codec
        self._packets = packets
        self._rate = sampling_rate
        self._filling = filling
        self._redundancy = redundancy
        self._past = Past(max(codec.carried.past, sampling_rate // 10), channels)
        self._last: Packet | None = None
        self._hole: Hole | None = None
        self._following: NextFeatures = _nothing
        self._fade_ms = FADE_AFTER_DRED_MS
        self._fading: Fading | None = None

    def _samples(self, duration_48k: int) -> int:
        return duration_48k * self._rate // 48000

    def _length(self, decision: Decision) -> int:
        """Return the samples of a piece; those of all pieces add up, wherever they begin."""
        return self._samples(decision.end_48k) - self._samples(decision.start_48k)

    def play(self, decisions: Iterable[Decision]) -> Iterator[Float64Array]:
        """Yield pieces of shape (samples, channels), full scale is 1; together they are the output."""
        for decision in decisions:
            if decision.source in {"regular", "lbrr"}:
                yield from self._end_hole()
                yield self._decoded(decision)
            elif self._filling is None:
                yield self._codec.conceal(self._length(decision))
            else:
                yield self._filled(self._filling, decision)
        yield from self._end_hole()

    def _played(self, piece: Float64Array, *, is_real: bool) -> Float64Array:
        self._past.append(piece)
        if self._filling is not None:
            self._filling.hear(piece, is_real=is_real)
        return piece

    def _decoded(self, decision: Decision) -> Float64Array:
        packet = self._packets[decision.packet_48k or 0]
        if decision.source == "lbrr":
            audio = self._codec.lbrr(packet.data, packet.timestamp_48k - decision.start_48k)
        else:
            audio = self._codec.regular(packet.data)
        self._last = packet.parsed
        audio = audio[: self._length(decision)]
        if self._fading is not None:
            audio = self._fading.apply(audio)
        return self._played(audio, is_real=True)

    def _filled(self, filling: HoleFilling, decision: Decision) -> Float64Array:
        if self._hole is None:
            bandwidth = "WB" if self._last is None else self._last.configuration.bandwidth
            self._hole = filling.begin(self._past.samples, bandwidth)
        features = self._features(decision)
        self._following = _after(features, decision.duration_48k)
        self._fade_ms = FADE_AFTER_DRED_MS if decision.source == "dred" else FADE_AFTER_PREDICTION_MS
        piece = self._hole.fill(self._length(decision), features)
        return self._played(piece, is_real=False)

    def _features(self, decision: Decision) -> NextFeatures:
        if decision.packet_48k is None or decision.feature is None or self._redundancy is None:
            return _nothing
        values = self._redundancy.features(self._packets[decision.packet_48k].data)
        first = decision.feature

        def feature(index: int) -> Float64Array | None:
            place = first - index
            return values[place] if 0 <= place < len(values) else None

        return feature

    def _end_hole(self) -> Iterator[Float64Array]:
        if self._hole is None:
            return
        rest, following = self._hole.end(self._following)
        yield self._played(rest, is_real=False)
        self._codec.refresh(self._past.samples, following, self._hole.length, self._last)
        self._fading = Fading(following[: self._samples(48 * self._fade_ms)])
        self._hole = None


def _after(features: NextFeatures, duration_48k: int) -> NextFeatures:
    """Return the features of the frames after a block."""
    frames = -(-duration_48k // 480)
    return lambda index: features(index + frames)
