"""Files of libopus' opus_demo: length, final range, packet.

Each record is a big-endian uint32 length, a big-endian uint32 final range, then the packet. A length of zero
says that the packet was lost.
"""

import struct
from collections.abc import Iterator

from dred_conformance.inputs.byte_stream import ByteStream
from dred_conformance.inputs.errors import InputError
from dred_conformance.inputs.record import MAX_PACKET_BYTES, Origin, SourcePacket

HEADER = struct.Struct(">II")


def read_opus_demo(stream: ByteStream) -> Iterator[SourcePacket]:
    """Yield the packets of a ``.bit`` file in order.

    Raises
    ------
    InputError
        ``I2`` if a record is cut, ``I4`` if a length is beyond any packet.
    """
    index = 0
    while stream.peek(1):
        start = stream.tell()
        length, final_range = HEADER.unpack(stream.read_exact(HEADER.size, f"the header of record {index}"))
        if length > MAX_PACKET_BYTES:
            raise InputError(
                "I4", f"record {index} claims a packet of {length} bytes", position=start,
                advice="the file is damaged here, or is no opus_demo file",
            )  # fmt: skip
        data = stream.read_exact(length, f"the packet of record {index}")
        yield SourcePacket(
            index,
            data,
            Origin("bit", start + HEADER.size, f"record {index}"),
            final_range=final_range,
            lost=length == 0,
        )
        index += 1


def looks_like_opus_demo(head: bytes, *, whole: bool) -> bool:
    """Tell whether `head`, the first bytes of an input, can be a ``.bit`` file.

    Parameters
    ----------
    whole
        `head` is the whole input, so that records must fill it exactly.
    """
    offset = 0
    records = 0
    while offset + HEADER.size <= len(head):
        length = HEADER.unpack_from(head, offset)[0]
        if length > MAX_PACKET_BYTES:
            return False
        offset += HEADER.size + length
        records += 1
    return records > 0 and (not whole or offset == len(head))
