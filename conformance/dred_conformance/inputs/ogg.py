"""Opus in Ogg (RFC 7845): pages to packets.

Packets may go over several pages; logical streams may follow each other (chained) or be interleaved
(multiplexed), also with streams of other codecs, which are skipped. Packets that hold several streams
(mapping families other than 0) are split; all but the last part are self-delimited.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dred_conformance.inputs.byte_stream import ByteStream
from dred_conformance.inputs.errors import InputError
from dred_conformance.inputs.ogg_head import OpusHead, read_opus_head
from dred_conformance.inputs.ogg_page import Page, read_pages
from dred_conformance.inputs.record import MAX_PACKET_BYTES, Origin, SourcePacket
from dred_reference.errors import PacketError
from dred_reference.packet import parse_packet

_MAX_LOGICAL_STREAMS = 1024


@dataclass(slots=True)
class _LogicalStream:
    """What is known of one logical stream while its pages come in."""

    serial: int
    head: OpusHead | None = None
    codec: str = ""
    packets: int = 0
    next_sequence: int = 0
    pending: bytearray | None = None
    pending_offset: int = 0
    pending_bytes: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Piece:
    data: bytes
    offset: int
    opens: bool
    closes: bool


def _pieces(page: Page) -> Iterator[_Piece]:
    lacing = sum(len(piece) // 255 + 1 for piece in page.pieces)
    if not page.complete and page.pieces and len(page.pieces[-1]) % 255 == 0:
        lacing -= 1
    offset = page.offset + 27 + lacing
    for number, data in enumerate(page.pieces):
        is_last = number == len(page.pieces) - 1
        yield _Piece(data, offset, number > 0 or not page.continued, not is_last or page.complete)
        offset += len(data)


def _codec_name(packet: bytes) -> str:
    for magic, name in (
        (b"OpusHead", "Opus"), (b"\x01vorbis", "Vorbis"), (b"\x80theora", "Theora"), (b"\x7fFLAC", "FLAC"),
        (b"Speex   ", "Speex"), (b"fishead\0", "Skeleton"),
    ):  # fmt: skip
        if packet.startswith(magic):
            return name
    return "unknown codec"


def _split(record: SourcePacket, head: OpusHead) -> Iterator[SourcePacket]:
    """Split a packet of several streams; the part that cannot be parsed takes the rest with it."""
    data = record.data
    offset = record.origin.byte_offset or 0
    for number in range(1, head.streams + 1):
        is_last = number == head.streams
        place = f"{record.origin.description}, stream {number} of {head.streams}"
        part = replace(record, origin=Origin("ogg", offset, place), self_delimited=not is_last, data=data)
        if is_last:
            yield part
            return
        try:
            consumed = parse_packet(data, self_delimited=True).consumed
        except PacketError:
            rest = f"the {head.streams - number} stream(s) after this one cannot be found in the packet"
            yield replace(part, notes=(*part.notes, rest))
            return
        yield replace(part, data=data[:consumed])
        data = data[consumed:]
        offset += consumed


class _Demultiplexer:
    """State over the whole file."""

    def __init__(self) -> None:
        self._streams: dict[int, _LogicalStream] = {}
        self._index = 0
        self.codecs: list[str] = []

    def _stream(self, page: Page) -> _LogicalStream:
        stream = self._streams.get(page.serial)
        if stream is None or page.first:
            if stream is None and len(self._streams) >= _MAX_LOGICAL_STREAMS:
                raise InputError(
                    "I4", f"more than {_MAX_LOGICAL_STREAMS} logical streams", position=page.offset
                )
            stream = _LogicalStream(page.serial, next_sequence=page.sequence)
            self._streams[page.serial] = stream
        if page.sequence != stream.next_sequence:
            stream.note = f"Ogg pages {stream.next_sequence} to {page.sequence - 1} are missing before this"
            stream.pending = None
        stream.next_sequence = page.sequence + 1
        return stream

    def packets(self, page: Page) -> Iterator[SourcePacket]:
        stream = self._stream(page)
        for piece in _pieces(page):
            if piece.opens:
                stream.pending = bytearray()
                stream.pending_offset = piece.offset
            if stream.pending is None:
                continue
            # comments may carry pictures of many megabytes; they are passed over, not kept
            if stream.head is None or stream.packets != 1:
                stream.pending += piece.data
            if len(stream.pending) > MAX_PACKET_BYTES:
                raise InputError(
                    "I4",
                    f"an Ogg packet is longer than {MAX_PACKET_BYTES} bytes",
                    position=stream.pending_offset,
                )
            if piece.closes:
                data, stream.pending = bytes(stream.pending), None
                yield from self._finish(stream, data, page)

    def _finish(self, stream: _LogicalStream, data: bytes, page: Page) -> Iterator[SourcePacket]:
        number, stream.packets = stream.packets, stream.packets + 1
        if number == 0:
            stream.codec = _codec_name(data)
            self.codecs.append(stream.codec)
            if stream.codec == "Opus":
                stream.head = read_opus_head(data, stream.pending_offset)
        if stream.head is None or number < 2:
            return
        place = f"packet {number - 2} of logical stream {stream.serial:#x}, ends on page {page.sequence}"
        notes = (stream.note,) if stream.note else ()
        stream.note = ""
        record = SourcePacket(self._index, data, Origin("ogg", stream.pending_offset, place), notes=notes)
        for part in _split(record, stream.head):
            yield replace(part, index=self._index)
            self._index += 1

    def finish(self, end: int) -> None:
        for stream in self._streams.values():
            if stream.head is not None and stream.pending is not None:
                raise InputError(
                    "I2", f"the last packet of logical stream {stream.serial:#x} has no end",
                    position=stream.pending_offset, advice="the file was cut",
                )  # fmt: skip
        if "Opus" not in self.codecs:
            found = ", ".join(self.codecs) or "no logical stream"
            raise InputError("I3", f"no Opus in this Ogg file (found: {found})", position=end)


def read_ogg(stream: ByteStream) -> Iterator[SourcePacket]:
    """Yield the Opus packets of all logical streams in file order, headers and comments left out.

    Raises
    ------
    InputError
        ``I1`` damaged page, ``I2`` cut, ``I3`` no Opus or an unknown header version, ``I4`` too large.
    """
    demultiplexer = _Demultiplexer()
    for page in read_pages(stream):
        yield from demultiplexer.packets(page)
    demultiplexer.finish(stream.tell())
