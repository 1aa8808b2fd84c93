"""The RTP header (RFC 3550 section 5.1), with extension, contributing sources and padding."""

import struct
from dataclasses import dataclass

_FIXED = struct.Struct(">BBHII")


@dataclass(frozen=True, slots=True)
class RtpPacket:
    """One RTP packet.

    Attributes
    ----------
    payload_offset
        Where the payload starts in the UDP payload.
    payload
        The payload without RTP padding; untouched when the padding count is malformed.
    padding_bytes
        Count in the last byte when the padding bit is set, else 0.
    note
        What is wrong with the padding count, or an empty string.
    """

    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    marker: bool
    payload_offset: int
    payload: bytes
    padding_bytes: int
    note: str


def parse_rtp(data: bytes) -> RtpPacket | None:
    """Return `data` as RTP, or ``None`` if its header cannot be one (RTCP included)."""
    if len(data) < _FIXED.size:
        return None
    first, second, sequence, timestamp, ssrc = _FIXED.unpack_from(data)
    # 192..223 in the second byte are RTCP packet types (RFC 5761 section 4)
    if first >> 6 != 2 or 192 <= second <= 223:
        return None
    offset = _FIXED.size + 4 * (first & 0x0F)
    if first & 0x10:
        if len(data) < offset + 4:
            return None
        offset += 4 + 4 * int.from_bytes(data[offset + 2 : offset + 4], "big")
    if len(data) < offset:
        return None
    payload = data[offset:]
    padding, note = 0, ""
    if first & 0x20:
        padding = payload[-1] if payload else 0
        if 1 <= padding <= len(payload):
            payload = payload[: len(payload) - padding]
        else:
            note = (
                f"RTP padding bit set with a malformed count: {padding} of {len(payload)} payload bytes; kept"
            )
            padding = 0
    return RtpPacket(
        second & 0x7F, sequence, timestamp, ssrc, bool(second & 0x80), offset, payload, padding, note
    )
