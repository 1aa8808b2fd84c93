"""The Opus decoder underneath, and how it is told what was played instead of the packets it missed.

After a loss a decoder goes on from what its own concealment left: prediction from speech that nobody heard.
The decoder of libopus cannot be handed other audio. But it can be handed packets: what was played in the hole
is coded by an encoder of the same mode and bandwidth and decoded, so the decoder's memory holds nearly what
the listener heard. What comes out then is thrown away.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dred_conformance.encoding.optional import system_opus
from dred_reference.packet import Packet

if TYPE_CHECKING:
    from dred_opus import Encoder

__all__ = ["BaseCodec", "Carried"]

Float64Array = NDArray[np.float64]
FULL_SCALE = 32768
PIECES_PER_SECOND = 50
WARM_UP_PIECES = 3  # what the encoder hears of the past before its packets count
MOST_PIECES = 6
LONGEST_DECODE_MS = 120
CONCEALED_PIECES_PER_SECOND = 400  # libopus conceals multiples of 2.5 ms
COMPLEXITY = 1
# Bandwidth: bits per second at which libopus keeps mode and bandwidth.
_SILK_RATES = {"NB": 24000, "MB": 24000, "WB": 32000, "SWB": 36000, "FB": 40000}
_CELT_RATES = {"NB": 48000, "WB": 64000, "SWB": 80000, "FB": 96000}


class Carried:
    """How much audio a refresh needs: up to the end of the hole, and of what would have followed."""

    def __init__(self, sampling_rate: int) -> None:
        self.piece = sampling_rate // PIECES_PER_SECOND
        self.past = (WARM_UP_PIECES + MOST_PIECES) * self.piece
        self.future = self.piece


class BaseCodec:
    """Decodes packets of one stream.

    Parameters
    ----------
    sampling_rate : int
        16000, 24000 or 48000 Hz.
    channels : int

    Raises
    ------
    StreamError
        S1: this build has no libopus.
    """

    def __init__(self, sampling_rate: int, channels: int) -> None:
        self._opus = system_opus()
        self._rate, self._channels = sampling_rate, channels
        self._decoder = self._opus.Decoder(sampling_rate, channels)
        self.carried = Carried(sampling_rate)
        self._concealed_ahead = np.zeros((0, channels))

    def _scaled(self, samples: NDArray[np.int16]) -> Float64Array:
        return samples.astype(np.float64).reshape(-1, self._channels) / FULL_SCALE

    def regular(self, packet: bytes) -> Float64Array:
        """Return the audio of a packet, shape (samples, channels), full scale is 1."""
        self._concealed_ahead = self._concealed_ahead[:0]
        return self._scaled(self._decoder.decode(packet))

    def lbrr(self, packet: bytes, duration_48k: int) -> Float64Array:
        """Return the audio of the frame before a packet, from its in-band FEC."""
        self._concealed_ahead = self._concealed_ahead[:0]
        return self._scaled(self._decoder.decode(packet, duration_48k * self._rate // 48000, fec=True))

    def conceal(self, samples: int) -> Float64Array:
        """Return what the concealment of the base codec plays, as many samples as are asked for."""
        step = self._rate // CONCEALED_PIECES_PER_SECOND
        pieces, missing = [self._concealed_ahead], samples - len(self._concealed_ahead)
        while missing > 0:
            size = min(-(-missing // step) * step, LONGEST_DECODE_MS * self._rate // 1000)
            pieces.append(self._scaled(self._decoder.decode(None, size)))
            missing -= size
        concealed = np.concatenate(pieces)
        self._concealed_ahead = concealed[samples:]
        return concealed[:samples]

    def refresh(self, past: Float64Array, future: Float64Array, missed: int, last: Packet | None) -> None:
        """Bring the decoder to where it would be had it decoded what was played.

        Parameters
        ----------
        past : array of float64, shape (carried.past, channels)
            What was played, up to the end of the hole.
        future : array of float64, shape (carried.future or more, channels)
            What would have been played next: the encoder looks ahead.
        missed : int
            Length of the hole in samples.
        last : Packet or None
            The last packet that was decoded: it tells mode, bandwidth and channels.
        """
        if last is None or not missed:
            return
        encoder = self._encoder(last)
        pieces = min(MOST_PIECES, -(-missed // self.carried.piece))
        heard = np.concatenate([past, future])
        first = len(past) - (pieces + WARM_UP_PIECES) * self.carried.piece + encoder.lookahead
        for index in range(pieces + WARM_UP_PIECES):
            start = first + index * self.carried.piece
            piece = np.ascontiguousarray(heard[start : start + self.carried.piece], dtype=np.float32)
            packet = encoder.encode_float(np.clip(piece, -1, 1))
            if index >= WARM_UP_PIECES:
                self._decoder.decode(packet)

    def _encoder(self, last: Packet) -> "Encoder":
        is_celt = last.configuration.mode == "CELT"
        bandwidth = last.configuration.bandwidth
        encoder: Encoder = self._opus.Encoder(
            self._rate, self._channels, "restricted_lowdelay" if is_celt else "voip"
        )
        encoder.bitrate = (_CELT_RATES if is_celt else _SILK_RATES)[bandwidth]
        encoder.bandwidth = bandwidth.lower()
        encoder.signal = "voice"
        encoder.complexity = COMPLEXITY
        if self._channels == 2:
            encoder.force_channels = "stereo" if last.stereo else "mono"
        return encoder
