"""Which part of a hole the redundancy of a packet is for."""

from collections.abc import Callable
from dataclasses import dataclass

from dred_reference.clauses import clause
from dred_reference.errors import DredError
from dred_reference.location import find_dred
from dred_reference.payload import decode_payload
from dred_reference.tables import QuantiserTables
from dred_reference.wire import WireProfile

__all__ = ["BLOCK_48K", "ReadRedundancy", "Redundancy", "feature_index", "redundancy_reader"]

BLOCK_48K = 480
OFFSET_UNIT_48K = 120
FEATURES_PER_LATENT = 4
LOOK_AHEAD = 2  # the vocoder is given the frame after the one it makes, whose window reaches further


@dataclass(frozen=True, slots=True)
class Redundancy:
    """What a packet says of the time before it.

    Attributes
    ----------
    offset_2p5ms : int
        Where its newest feature frame ends, against the start of the packet, the frame offset included.
    features : int
        Feature frames of 10 ms.
    """

    offset_2p5ms: int
    features: int


ReadRedundancy = Callable[[bytes], Redundancy | None]


def redundancy_reader(wire: WireProfile, tables: QuantiserTables) -> ReadRedundancy:
    """Return a function that reads the redundancy of a packet; None where there is none that can be read."""

    @clause("RX-dred")
    def read(packet: bytes) -> Redundancy | None:
        try:
            found = find_dred(packet, wire)
            if found is None:
                return None
            payload = decode_payload(found.payload, wire, tables, frame_offset=found.frame_offset)
        except DredError:
            return None
        return Redundancy(payload.offset, FEATURES_PER_LATENT * len(payload.latents))

    return read


@clause("RX-dred")
def feature_index(redundancy: Redundancy, packet_48k: int, start_48k: int) -> int:
    """Return which feature frame a vocoder needs for the 10 ms from a time on; it may be out of range."""
    distance = packet_48k - start_48k + OFFSET_UNIT_48K * redundancy.offset_2p5ms
    return distance // BLOCK_48K - LOOK_AHEAD
