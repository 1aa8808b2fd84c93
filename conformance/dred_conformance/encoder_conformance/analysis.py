"""What the checks with input share: decoded features of a choice of packets, and the speech behind them."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

import dred_native
from dred_conformance.differential.built_payloads import native_model
from dred_conformance.encoder_conformance.alignment import Delay, Track, estimate_delay
from dred_conformance.encoder_conformance.checks.offset_after_silence import (
    first_after_silence,
    is_in_silence,
)
from dred_conformance.encoder_conformance.sound import Sound, resampled
from dred_conformance.encoder_conformance.speech import Speech
from dred_conformance.encoder_conformance.stream import EncodedStream, ReadPacket
from dred_model import ModelBundle, ModelError
from dred_reference.analysis import NetworkPitch
from dred_reference.wire import WireProfile

__all__ = ["MOST_PACKETS", "MOST_SECONDS", "REACH_UNITS", "StreamAnalysis", "speech_of"]

MOST_PACKETS = 200
"""Packets whose features are decoded and compared, evenly spread."""
MOST_AFTER_SILENCE = 50
MOST_SECONDS = 60
"""Of each input; what comes later is not compared."""
MOST_LATENTS = 26
REACH_UNITS = 64
"""Delays up to 160 ms either way are looked at."""
_Q16 = 65536


def speech_of(sound: Sound, lookahead_ms: float, bundle: ModelBundle | None) -> Speech:
    """Return the input of an encoder as the checks compare with.

    Parameters
    ----------
    sound
        The input.
    lookahead_ms
        How much earlier than its input the decoded stream starts.
    bundle
        Its pitch network is used; without one the pitch is not compared.
    """
    cut = sound.samples[: MOST_SECONDS * sound.rate]
    units = len(cut) * 400 // sound.rate
    edges = np.arange(units + 1) * sound.rate // 400
    sounding = np.concatenate([[0], np.cumsum(np.any(cut != 0, axis=1))])
    silent = sounding[edges[1:]] == sounding[edges[:-1]]
    samples = resampled(cut.mean(axis=1), sound.rate, 16000) * 32768
    try:
        network = None if bundle is None else bundle.to_reference_pitch_network()
    except ModelError:
        network = None
    if network is None:
        return Speech(samples, silent, lookahead_ms)
    return Speech(samples, silent, lookahead_ms, lambda: NetworkPitch(network))


class StreamAnalysis:
    """Decodes a choice of the packets of a stream.

    Parameters
    ----------
    stream
    speech
        Its input.
    bundle
        The model, with its decoder network.
    wire
        How DRED is marked.

    Raises
    ------
    dred_native.DredError
        The model has no decoder network.
    """

    def __init__(self, stream: EncodedStream, speech: Speech, bundle: ModelBundle, wire: WireProfile) -> None:
        self.speech = speech
        self.bundle = bundle
        self.model = native_model(bundle)
        self._wire = wire
        within = [packet for packet in stream.with_dred if packet.newest <= speech.units]
        after = first_after_silence(within)
        numbers = {packet.index for packet in after}
        silent = [packet for packet in within if is_in_silence(packet) and packet.index not in numbers]
        usual = [packet for packet in within if not is_in_silence(packet) and packet.index not in numbers]
        self.usual = self._tracks(_spread(usual, MOST_PACKETS))
        self.in_silence = self._tracks(_spread(silent, MOST_AFTER_SILENCE))
        self.after_silence = self._tracks(_spread(after, MOST_AFTER_SILENCE))
        self.candidates = len(within)

    @cached_property
    def delay(self) -> Delay | None:
        """The delay that the usual packets have in common; None where too little can be compared."""
        return estimate_delay(self.usual, self.speech.cepstra, REACH_UNITS)

    def _tracks(self, packets: Sequence[ReadPacket]) -> list[Track]:
        return [track for track in map(self._track, packets) if len(track.values)]

    def _track(self, packet: ReadPacket) -> Track:
        found = dred_native.decode_packet_features(
            packet.data, self._wire.name, self.model, max_latents=MOST_LATENTS
        )
        assert found is not None
        assert packet.dred is not None
        return Track(packet.index, packet.newest, found["features"] / _Q16, packet.dred)


def _spread(packets: Sequence[ReadPacket], most: int) -> list[ReadPacket]:
    """Return at most so many packets, evenly spread."""
    if len(packets) <= most:
        return list(packets)
    return [packets[index * len(packets) // most] for index in range(most)]
