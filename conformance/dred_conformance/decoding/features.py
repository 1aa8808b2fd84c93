"""The features that the DRED of a packet brings, with the time each of them is for."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dred_reference.feature import FeatureDecoder
from dred_reference.latent import dequantise
from dred_reference.location import find_dred
from dred_reference.network.wiring import FEATURES
from dred_reference.payload import Payload, decode_payload
from dred_reference.tables import QuantiserTables
from dred_reference.wire import WireProfile

__all__ = ["FRAME_MS", "DredFeatures", "PacketFeatures", "real_values"]

FRAME_MS = 10.0
FRAMES_PER_LATENT = 4
OFFSET_UNIT_MS = 2.5
_FIXED_ONE = 65536


def real_values(frames: NDArray[Any]) -> NDArray[np.float64]:
    """Return features of any profile as numbers: integers, those of the fixed-point profile, are Q16."""
    one = _FIXED_ONE if np.issubdtype(frames.dtype, np.integer) else 1
    return frames.astype(np.float64) / one


@dataclass(frozen=True, eq=False)
class DredFeatures:
    """The features of one packet.

    Attributes
    ----------
    payload : Payload
        Header and symbols.
    frame : int
        Frame of the packet that the DRED is on.
    values : array of float64, shape (frames, 20)
        Newest first, 10 ms each.
    bits : array of int32, shape (frames, 20), or None
        The same in the fixed-point profile.
    """

    payload: Payload
    frame: int
    values: NDArray[np.float64]
    bits: NDArray[np.int32] | None

    def end_ms(self, index: int) -> float:
        """Return where feature frame ``index`` ends, in ms after the start of the packet's audio."""
        return self.payload.offset * OFFSET_UNIT_MS - index * FRAME_MS


class PacketFeatures:
    """Decodes packets of one stream.

    Parameters
    ----------
    decoder : FeatureDecoder
        The network in some numeric profile.
    tables : QuantiserTables
        The tables of the same model.
    wire : WireProfile
        How DRED is marked.
    """

    def __init__(self, decoder: FeatureDecoder, tables: QuantiserTables, wire: WireProfile) -> None:
        self._decoder = decoder
        self._tables = tables
        self._wire = wire

    def decode(self, packet: bytes, max_latents: int | None = None) -> DredFeatures | None:
        """Return the features of a packet, or None if it has no DRED.

        Raises
        ------
        PacketError, ExtensionError
            The packet is malformed before any DRED.
        """
        found = find_dred(packet, self._wire)
        if found is None:
            return None
        payload = decode_payload(
            found.payload, self._wire, self._tables, frame_offset=found.frame_offset, max_latents=max_latents
        )
        return self._features(payload, found.frame)

    def _features(self, payload: Payload, frame: int) -> DredFeatures:
        values = dequantise(payload, self._tables)
        self._decoder.start(values.state)
        steps = [self._decoder.step(latent) for latent in values.latents]
        frames = np.concatenate(steps) if steps else np.zeros((0, FEATURES))
        is_fixed = np.issubdtype(frames.dtype, np.integer)
        return DredFeatures(
            payload, frame, real_values(frames), frames.astype(np.int32) if is_fixed else None
        )
