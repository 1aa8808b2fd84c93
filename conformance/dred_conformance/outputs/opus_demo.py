"""Files of libopus' opus_demo: length, final range, packet."""

import struct
from collections.abc import Iterable

__all__ = ["write_opus_demo"]

_HEADER = struct.Struct(">II")


def write_opus_demo(records: Iterable[tuple[bytes, int]]) -> bytes:
    """Return a ``.bit`` file.

    Parameters
    ----------
    records
        Packets, each with the final range of the Opus encoder; an empty packet is a lost one.
    """
    return b"".join(_HEADER.pack(len(packet), final_range) + packet for packet, final_range in records)
