"""DRED into a packet: how much room there is, and the packet that carries it."""

from collections.abc import Collection
from dataclasses import dataclass

from dred_conformance.encoding.stripping import ALL_PROFILES, shortest_packet, strip_dred
from dred_reference.clauses import clause
from dred_reference.errors import DredError, WriteError
from dred_reference.extension import Extension
from dred_reference.packet import parse_packet
from dred_reference.packet_padding import add_extensions
from dred_reference.wire import WireProfile

__all__ = ["LARGEST_PACKET", "LARGEST_PAYLOAD", "Carrier", "carrier"]

LARGEST_PACKET = 1400  # bytes: what a network packet holds besides the headers of IP, UDP, RTP and SRTP
LARGEST_PAYLOAD = 1000  # bytes: what deployed encoders write at most, prefix included
_LARGEST_DTX = 2  # bytes: a packet of no more is discontinuous transmission


@dataclass(frozen=True)
class Carrier:
    """A packet that DRED may be put into.

    Attributes
    ----------
    packet
        The packet with its frames and extensions, without DRED.
    size
        The size that the packet is to have, for a constant bitrate; ``None`` leaves it to the content.
    limit
        The size that it may have at most.
    """

    packet: bytes
    size: int | None
    limit: int

    def room(self, profile: WireProfile, prefix: bytes) -> int:
        """Return how many bytes of range-coded data fit behind `prefix`; 0 or less where none do."""
        empty = len(add_extensions(self.packet, [Extension(profile.extension_id, 0, b"")]))
        left = (self.limit if self.size is None else self.size) - empty
        # At worst a byte of lacing for every 255 bytes of payload, and a padding length byte for every 254.
        return min(left - 2 * (left // 254 + 1), LARGEST_PAYLOAD) - len(prefix)

    @clause("DRED-first-frame", "DRED-one-per-packet")
    def with_payload(self, profile: WireProfile, payload: bytes) -> bytes | None:
        """Return the packet with DRED on its first frame, ``None`` where it does not fit."""
        try:
            packet = add_extensions(
                self.packet, [Extension(profile.extension_id, 0, payload)], size=self.size
            )
        except WriteError:
            return None
        return packet if len(packet) <= self.limit else None

    def cost(self, profile: WireProfile, payload: bytes) -> int:
        """Return by how many bytes DRED makes the packet larger where no size is asked for."""
        extension = Extension(profile.extension_id, 0, payload)
        return len(add_extensions(self.packet, [extension])) - len(self.packet)

    def without_payload(self) -> bytes:
        """Return the packet without DRED: as it is, or filled with zeros up to its size."""
        if self.size is None or len(self.packet) >= self.size:
            return self.packet
        return add_extensions(self.packet, [], size=self.size)


def carrier(
    packet: bytes,
    *,
    size: int | None = None,
    limit: int = LARGEST_PACKET,
    replaced: Collection[WireProfile] = ALL_PROFILES,
) -> Carrier | None:
    """Prepare a packet; DRED that it holds already is taken out.

    Returns
    -------
    Carrier or None
        ``None`` for what must stay as it is: packets of discontinuous transmission, packets whose frames are
        all empty, invalid packets, and packets whose padding is no row of extensions.
    """
    if len(packet) <= _LARGEST_DTX:
        return None
    try:
        bare = strip_dred(packet, replaced)
        parsed = parse_packet(bare)
        if not any(parsed.frames):
            return None
    except DredError:
        return None
    if size is not None and not parsed.padding.strip(b"\0"):
        bare = shortest_packet(parsed)  # what the base codec filled up is room for redundancy
    return Carrier(bare, size, limit)
