"""Stage ``packet``: Opus packets taken apart and put together (RFC 6716 section 3).

A packet is a TOC byte, frame lengths as its frame count code demands, the compressed frames, and with code 3
possibly padding. An RFC 6716 decoder throws the padding away; the extensions, and DRED among them, live
there.
"""

from dred_reference.packet.frame_length import LARGEST_FRAME, read_frame_length, write_frame_length
from dred_reference.packet.framing import LONGEST_PACKET
from dred_reference.packet.reader import parse_packet
from dred_reference.packet.record import Packet
from dred_reference.packet.toc import CONFIGURATIONS, Configuration, frame_samples, read_toc, write_toc
from dred_reference.packet.writer import padding_length_bytes, write_packet

__all__ = [
    "CONFIGURATIONS",
    "LARGEST_FRAME",
    "LONGEST_PACKET",
    "Configuration",
    "Packet",
    "frame_samples",
    "padding_length_bytes",
    "parse_packet",
    "read_frame_length",
    "read_toc",
    "write_frame_length",
    "write_packet",
    "write_toc",
]
