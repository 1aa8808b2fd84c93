"""The redundancy of packets: what it covers, and its features, decoded by the native core."""

from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

import dred_native
from dred_reference.errors import DredError
from dred_reference.location import find_dred
from dred_reference.receiver import Redundancy
from dred_reference.wire import WireProfile

__all__ = ["PacketRedundancy"]

Float64Array = NDArray[np.float64]
FEATURES = 20
FIXED_ONE = 65536
PACKETS_KEPT = 8
LARGEST_FEATURE = 1024.0  # what a vocoder takes; that of speech is 15


class PacketRedundancy:
    """Reads packets of one stream.

    Parameters
    ----------
    model : dred_native.Model
        With tables and a decoder network.
    wire : WireProfile
    """

    def __init__(self, model: dred_native.Model, wire: WireProfile) -> None:
        self._model = model
        self._wire = wire
        self._kept: OrderedDict[bytes, Float64Array] = OrderedDict()

    def read(self, packet: bytes) -> Redundancy | None:
        """Return what the redundancy of a packet covers, or None if it has none that can be read."""
        try:
            found = find_dred(packet, self._wire)
        except DredError:
            return None
        if found is None:
            return None
        decoded = dred_native.decode_payloads([found.payload], self._wire.name, self._model)[0]
        if isinstance(decoded, dred_native.DredError):
            return None
        return Redundancy(decoded["offset"] + found.frame_offset, 4 * len(decoded["latents"]))

    def features(self, packet: bytes) -> Float64Array:
        """Return the features of a packet that has some, shape (frames, 20), newest first."""
        if packet in self._kept:
            self._kept.move_to_end(packet)
            return self._kept[packet]
        decoded = dred_native.decode_packet_features(packet, self._wire.name, self._model)
        values = np.zeros((0, FEATURES))
        if decoded is not None:
            values = decoded["features"].reshape(-1, FEATURES).astype(np.float64) / FIXED_ONE
            values = np.clip(values, -LARGEST_FEATURE, LARGEST_FEATURE)
        self._kept[packet] = values
        if len(self._kept) > PACKETS_KEPT:
            self._kept.popitem(last=False)
        return values
