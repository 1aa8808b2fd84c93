"""Putting extensions into a packet that exists: it becomes a code 3 packet that carries them."""

from collections.abc import Sequence

from dred_reference.clauses import clause
from dred_reference.errors import WriteError
from dred_reference.extension import LARGEST_FILL, Extension, parse_extensions, write_extensions
from dred_reference.packet import padding_length_bytes, parse_packet, write_frame_length, write_toc
from dred_reference.packet.writer import write_code3_header

__all__ = ["add_extensions"]


@clause("EXT-packet", "EXT-write-pad", "RFC6716-3.2.5-padzero")
def add_extensions(packet: bytes, extensions: Sequence[Extension], *, size: int | None = None) -> bytes:
    """Rewrite a packet with more extensions.

    Parameters
    ----------
    packet : bytes
        Any valid packet, not self-delimited.
    extensions : sequence of Extension
        What to add. Extensions that the packet has already are kept, behind these.
    size : int, optional
        Size of the result in bytes, as a constant bitrate wants it. The room left is filled in front of the
        extensions with one-byte padding, or with zeros where there is no extension. Without it the area is as
        small as possible.

    Returns
    -------
    bytes
        A code 3 packet: CBR if all frames have the same size, else VBR.

    Raises
    ------
    PacketError, ExtensionError
        The packet, or what its padding holds, is invalid.
    WriteError
        W1: an extension out of its range. W2: `size` is too small.
    """
    old = parse_packet(packet)
    count = len(old.frames)
    everything = [*extensions, *parse_extensions(old.padding, count)]
    vbr = len(set(map(len, old.frames))) > 1
    lengths = b"".join(write_frame_length(len(frame)) for frame in old.frames[:-1]) if vbr else b""
    unpadded_size = 2 + len(lengths) + sum(map(len, old.frames))
    if size is None:
        area = write_extensions(everything, count)
        amount = len(area) + ((len(area) + 253) // 254 if area else 1)
    else:
        amount = size - unpadded_size
        if amount < 0:
            raise WriteError("W2", "extension", f"the packet alone takes {unpadded_size} bytes, not {size}")
        if amount > LARGEST_FILL:
            raise WriteError("W1", "extension", f"a packet of {size} bytes")
        room = amount - len(padding_length_bytes(amount)) if amount > 0 else 0
        area = write_extensions(everything, count, size=room, pad=True) if everything else bytes(room)
    length_bytes = padding_length_bytes(amount) if amount > 0 else b""
    header = bytes([write_toc(old.config, old.stereo, 3)]) + write_code3_header(count, vbr, amount > 0)
    return header + length_bytes + lengths + b"".join(old.frames) + area
