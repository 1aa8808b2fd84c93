"""Opus in Ogg read whole, with all that is needed to write the file again: headers, comments, positions.

`read_ogg` passes the packets on one by one; here each logical stream is kept, because a file that is changed
must keep its comments, its granule positions (RFC 7845 section 4) and the trimming of its end.
"""

from dataclasses import dataclass, field

from dred_conformance.inputs.byte_stream import ByteStream
from dred_conformance.inputs.errors import InputError
from dred_conformance.inputs.ogg_head import OpusHead, read_opus_head
from dred_conformance.inputs.ogg_page import Page, read_pages
from dred_conformance.inputs.record import MAX_PACKET_BYTES
from dred_reference.errors import PacketError
from dred_reference.packet import frame_samples, parse_packet

__all__ = ["LogicalStream", "TimedPacket", "packet_samples", "read_logical_streams"]

_LARGEST_COMMENTS = 1 << 26  # bytes; comments may hold pictures


@dataclass(frozen=True, slots=True)
class TimedPacket:
    """An Opus packet and where its audio ends.

    Attributes
    ----------
    granule
        Samples at 48 kHz from the start of the stream to the end of the packet, the pre-skip included, as the
        pages of the file say; less than the packet holds where the end is trimmed.
    """

    data: bytes
    granule: int


@dataclass(slots=True)
class LogicalStream:
    """One logical stream.

    Attributes
    ----------
    head_packet, tags_packet
        The two header packets, byte for byte.
    ended
        The last page says that the stream ends.
    """

    serial: int
    head: OpusHead
    head_packet: bytes
    tags_packet: bytes = b""
    packets: list[TimedPacket] = field(default_factory=list)
    ended: bool = False


def packet_samples(packet: bytes) -> int:
    """Return the duration of a packet in samples at 48 kHz; 0 for one that is invalid."""
    try:
        parsed = parse_packet(packet)
    except PacketError:
        return 0
    return len(parsed.frames) * frame_samples(parsed.config, 48000)


class _Reader:
    """One logical stream while its pages come in."""

    def __init__(self, page: Page) -> None:
        if not page.pieces or not page.pieces[0].startswith(b"OpusHead"):
            raise InputError(
                "I3", "a logical stream is not Opus", position=page.offset,
                advice="take the Opus stream out of the file first (ffmpeg -i IN -map 0:a -c copy OUT.opus)",
            )  # fmt: skip
        head_packet = page.pieces[0]
        self.stream = LogicalStream(page.serial, read_opus_head(head_packet, page.offset), head_packet)
        self.next_sequence = page.sequence
        self._pending: bytearray | None = None
        self._headers = 0
        self._granule: int | None = None

    def add(self, page: Page) -> None:
        if page.sequence != self.next_sequence:
            raise InputError(
                "I2",
                f"Ogg pages {self.next_sequence} to {page.sequence - 1} are missing",
                position=page.offset,
                advice="the file is damaged; what cannot be placed in time cannot be changed",
            )
        self.next_sequence += 1
        self.stream.ended = page.last
        finished = [packet for packet in self._finished(page) if self._is_audio(packet)]
        self._place(finished, page)

    def _finished(self, page: Page) -> list[bytes]:
        packets = []
        for number, piece in enumerate(page.pieces):
            if number > 0 or not page.continued:
                self._pending = bytearray()
            if self._pending is None:
                raise InputError("I2", "a packet has no beginning", position=page.offset)
            self._pending += piece
            limit = MAX_PACKET_BYTES if self._headers != 1 else _LARGEST_COMMENTS
            if len(self._pending) > limit:
                raise InputError("I4", f"an Ogg packet is longer than {limit} bytes", position=page.offset)
            if number < len(page.pieces) - 1 or page.complete:
                packets.append(bytes(self._pending))
                self._pending = None
        return packets

    def _is_audio(self, packet: bytes) -> bool:
        self._headers += self._headers < 3
        if self._headers == 2:
            self.stream.tags_packet = packet
        return self._headers == 3

    def _place(self, packets: list[bytes], page: Page) -> None:
        """Give each packet its position, counted back from the page's; on the last page, forth."""
        if not packets:
            return
        durations = [packet_samples(packet) for packet in packets]
        before = page.position - sum(durations)
        if page.position < 0:
            before = self._granule or 0
        elif page.last:
            before = max(0, before) if self._granule is None else self._granule
        end = page.position if page.position >= 0 else before + sum(durations)
        granule = before
        for packet, duration in zip(packets, durations, strict=True):
            granule = min(granule + duration, end)
            self.stream.packets.append(TimedPacket(packet, granule))
        if granule != end:  # a gap on the last page stands before its last packet
            self.stream.packets[-1] = TimedPacket(packets[-1], end)
        self._granule = end

    def finish(self, end: int) -> LogicalStream:
        if self._pending is not None:
            raise InputError(
                "I2", f"the last packet of logical stream {self.stream.serial:#x} has no end", position=end,
                advice="the file was cut",
            )  # fmt: skip
        if self._headers < 2:
            raise InputError("I2", "the file ends before the comments of the stream", position=end)
        return self.stream


def read_logical_streams(stream: ByteStream) -> list[LogicalStream]:
    """Read the logical streams of a file, which follow each other.

    Raises
    ------
    InputError
        ``I1`` damaged page, ``I2`` cut or with pages missing, ``I3`` other codecs or interleaved streams,
        ``I4`` too large, ``I6`` mutagen is missing.
    """
    done: list[LogicalStream] = []
    reader: _Reader | None = None
    for page in read_pages(stream):
        if page.first:
            if reader is not None:
                if not reader.stream.ended and not reader.stream.packets:
                    raise _interleaved(page)
                done.append(reader.finish(page.offset))
            reader = _Reader(page)
        elif reader is None or page.serial != reader.stream.serial:
            raise _interleaved(page)
        reader.add(page)
    if reader is None:
        raise InputError("I2", "there is no Ogg page", position=stream.tell())
    return [*done, reader.finish(stream.tell())]


def _interleaved(page: Page) -> InputError:
    return InputError(
        "I3", f"logical stream {page.serial:#x} is interleaved with another", position=page.offset,
        advice="streams that follow each other are handled; separate these first",
    )  # fmt: skip
