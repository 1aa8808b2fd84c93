"""The decoded main stream in place of an input that nobody has: it tells times, and errors at its quality."""

import numpy as np

import dred_opus
from dred_conformance.encoder_conformance.sound import Sound
from dred_conformance.encoder_conformance.stream import EncodedStream

__all__ = ["DECODED_RATE", "decoded_sound"]

DECODED_RATE = 16000
_UNIT_SAMPLES = 40  # 2.5 ms


def decoded_sound(stream: EncodedStream) -> Sound:
    """Decode the main stream with the libopus of the system, packet by packet.

    Its time is that of the stream itself: compare with a look-ahead of 0.

    Raises
    ------
    OpusNotBuiltError
        dred_opus was built without libopus.
    """
    decoder = dred_opus.Decoder(DECODED_RATE, 1)
    parts = []
    for packet in stream.packets:
        size = packet.duration * _UNIT_SAMPLES
        try:
            is_there = bool(packet.data) and not packet.lost
            samples = decoder.decode(packet.data if is_there else None, None if is_there else size)
        except dred_opus.OpusError:
            samples = np.zeros(size, dtype=np.int16)
        part = np.zeros(size, dtype=np.float64)
        part[: len(samples)] = samples.reshape(-1)[:size] / 32768
        parts.append(part)
    return Sound(np.concatenate(parts)[:, None] if parts else np.zeros((0, 1)), DECODED_RATE)
