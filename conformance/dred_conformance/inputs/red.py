"""Redundant audio in RTP (RFC 2198): the primary block and the copies in front of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RedBlock:
    """One redundant copy of an earlier payload."""

    payload_type: int
    timestamp_offset: int
    length: int


@dataclass(frozen=True, slots=True)
class RedPayload:
    """A payload taken apart.

    Attributes
    ----------
    payload_type
        Payload type of the primary block.
    primary
        The primary block: the packet as it would have been sent alone.
    primary_offset
        Where it starts in the RTP payload.
    copies
        The redundant blocks, oldest first as sent.
    """

    payload_type: int
    primary: bytes
    primary_offset: int
    copies: tuple[RedBlock, ...]


def parse_red(payload: bytes) -> RedPayload | None:
    """Return `payload` as RED, or ``None`` if its block headers do not fit it."""
    copies = []
    offset = 0
    while True:
        if offset >= len(payload):
            return None
        header = payload[offset]
        if not header & 0x80:
            break
        if offset + 4 > len(payload):
            return None
        rest = int.from_bytes(payload[offset + 1 : offset + 4], "big")
        copies.append(RedBlock(header & 0x7F, rest >> 10, rest & 0x3FF))
        offset += 4
    start = offset + 1 + sum(copy.length for copy in copies)
    if start > len(payload):
        return None
    return RedPayload(payload[offset] & 0x7F, payload[start:], start, tuple(copies))
