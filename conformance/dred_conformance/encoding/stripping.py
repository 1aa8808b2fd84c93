"""DRED out of a packet; everything else stays."""

from collections.abc import Collection

from dred_reference.extension import parse_extensions
from dred_reference.packet import Packet, parse_packet, write_packet
from dred_reference.packet_padding import add_extensions
from dred_reference.wire import WIRE_PROFILES, WireProfile

__all__ = ["has_dred", "shortest_packet", "strip_dred"]

ALL_PROFILES = tuple(WIRE_PROFILES.values())


def shortest_packet(packet: Packet) -> bytes:
    """Return the frames in the fewest bytes: code 0, 1 or 2 where they suffice, no padding."""
    frames = packet.frames
    is_equal = len(set(map(len, frames))) == 1
    code = {1: 0, 2: 1 if is_equal else 2}.get(len(frames), 3)
    return write_packet(packet.config, packet.stereo, code, frames, vbr=code == 3 and not is_equal)


def has_dred(packet: Packet, profiles: Collection[WireProfile] = ALL_PROFILES) -> bool:
    """Tell whether an extension of the packet is DRED of one of the profiles.

    Raises
    ------
    ExtensionError
        The padding is invalid.
    """
    extensions = parse_extensions(packet.padding, len(packet.frames))
    return any(
        profile.matches(extension.id, extension.payload) for extension in extensions for profile in profiles
    )


def strip_dred(
    packet: bytes, profiles: Collection[WireProfile] = ALL_PROFILES, *, keep_size: bool = False
) -> bytes:
    """Take DRED out.

    Parameters
    ----------
    packet
        A packet that is not self-delimited.
    profiles
        What counts as DRED.
    keep_size
        Fill what gets free with padding, as a constant bitrate wants it. Otherwise the packet takes its
        shortest form: with codes 0 to 2 where nothing else is in the padding.

    Returns
    -------
    bytes
        The packet itself where it holds no DRED.

    Raises
    ------
    PacketError, ExtensionError
        The packet or its padding is invalid.
    """
    parsed = parse_packet(packet)
    if not has_dred(parsed, profiles):
        return packet
    kept = [
        extension
        for extension in parse_extensions(parsed.padding, len(parsed.frames))
        if not any(profile.matches(extension.id, extension.payload) for profile in profiles)
    ]
    bare = shortest_packet(parsed)
    if keep_size:
        return add_extensions(bare, kept, size=len(packet))
    return add_extensions(bare, kept) if kept else bare
