"""Finding DRED in a packet, and checking how many there are."""

from dataclasses import dataclass

from dred_reference.clauses import clause
from dred_reference.extension import iterate_extensions, parse_extensions
from dred_reference.packet import Packet, frame_samples, parse_packet
from dred_reference.trace import Trace
from dred_reference.wire import WireProfile

__all__ = ["LocatedPayload", "broken_placement_rules", "find_dred", "frame_offset_2p5ms"]


@dataclass(frozen=True)
class LocatedPayload:
    """A DRED extension found in a packet.

    Attributes
    ----------
    payload : bytes
        The whole extension payload, prefix included.
    frame : int
        Index of the frame it belongs to.
    frame_offset : int
        Where that frame starts in the packet, in units of 2.5 ms.
    position : int
        Byte offset of the payload in the packet.
    """

    payload: bytes
    frame: int
    frame_offset: int
    position: int


@clause("DRED-frame-offset")
def frame_offset_2p5ms(config: int, frame: int) -> int:
    """Return where a frame starts in a packet, in units of 2.5 ms."""
    return frame * frame_samples(config, 48000) // 120


@clause("DRED-locate", "DRED-locate-first")
def find_dred(
    packet: bytes | Packet, wire: WireProfile, *, trace: Trace | None = None
) -> LocatedPayload | None:
    """Find the DRED that a decoder uses: the first of its profile, in the order of the bitstream.

    Parameters
    ----------
    packet : bytes or Packet
        A packet that is not self-delimited.
    wire : WireProfile
        What to look for. Other extensions, also those of the same number, are passed over.
    trace : Trace, optional
        Records the fields of the packet (if it comes as bytes) and, as its child, those of the padding up to
        the DRED.

    Returns
    -------
    LocatedPayload or None

    Raises
    ------
    PacketError
        The packet is invalid.
    ExtensionError
        The extensions break off before any DRED. What stands behind the DRED is not looked at.
    """
    if not isinstance(packet, Packet):
        packet = parse_packet(packet, trace=trace)
    inner = None if trace is None else trace.child("padding", 8 * packet.padding_offset, "padding")
    for extension in iterate_extensions(packet.padding, len(packet.frames), trace=inner):
        if wire.matches(extension.id, extension.payload):
            return LocatedPayload(
                extension.payload,
                extension.frame,
                frame_offset_2p5ms(packet.config, extension.frame),
                packet.padding_offset + extension.position,
            )
    return None


@clause("DRED-one-per-frame", "DRED-one-per-packet", "DRED-first-frame")
def broken_placement_rules(packet: bytes | Packet, wire: WireProfile) -> tuple[str, ...]:
    """List the clauses on the number and place of DRED extensions that a packet does not keep.

    A decoder copes with such packets; a sender should not make them.

    Raises
    ------
    PacketError, ExtensionError
        The packet or its padding is invalid.
    """
    if not isinstance(packet, Packet):
        packet = parse_packet(packet)
    extensions = parse_extensions(packet.padding, len(packet.frames))
    frames = [extension.frame for extension in extensions if wire.matches(extension.id, extension.payload)]
    broken = []
    if len(set(frames)) < len(frames):
        broken.append("DRED-one-per-frame")
    if len(frames) > 1:
        broken.append("DRED-one-per-packet")
    if frames and 0 not in frames:
        broken.append("DRED-first-frame")
    return tuple(broken)
