"""What every container yields."""

from dataclasses import dataclass

from dred_conformance.inputs.errors import InputError

MAX_PACKET_BYTES = 1 << 20
"""Longest packet that is read: 120 ms of Opus need 61 kB at most, the rest can only be padding."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where in the input a packet lies.

    Attributes
    ----------
    container
        ``hex``, ``bit``, ``ogg``, ``pcap`` or ``raw``.
    byte_offset
        Offset in the input of the first byte of the packet (hex: of its line; pcap: of the record of its
        frame); ``None`` if it is not in the input.
    description
        The place in the words of the container: line, page, frame and sequence number.
    """

    container: str
    byte_offset: int | None
    description: str


@dataclass(frozen=True, slots=True)
class SourcePacket:
    """One Opus packet, or the knowledge that one is missing.

    Attributes
    ----------
    index
        Count of records before this one.
    data
        The packet; empty when it is lost or could not be extracted.
    time_ms
        Time of capture since the first packet, where the container knows it.
    timestamp
        RTP timestamp, in samples at 48 kHz.
    final_range
        Final state of the range coder of the main Opus decoder (opus_demo files).
    lost
        The container says that the packet did not arrive.
    self_delimited
        The packet is framed as in RFC 6716 Appendix B (all but the last stream of a multistream packet).
    fault
        Why the packet could not be extracted although its record is there.
    notes
        What the container tells besides: duplicates, reordering, damaged RTP padding.
    """

    index: int
    data: bytes
    origin: Origin
    time_ms: float | None = None
    timestamp: int | None = None
    final_range: int | None = None
    lost: bool = False
    self_delimited: bool = False
    fault: InputError | None = None
    notes: tuple[str, ...] = ()
