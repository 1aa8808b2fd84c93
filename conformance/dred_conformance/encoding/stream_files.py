"""Whole streams in memory, from any input and to Ogg or opus_demo files, with nothing lost on the way."""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dred_conformance import __version__
from dred_conformance.encoding.errors import StreamError
from dred_conformance.inputs import SourcePacket, open_input
from dred_conformance.inputs.byte_stream import ByteStream
from dred_conformance.inputs.ogg_streams import LogicalStream, packet_samples, read_logical_streams
from dred_conformance.outputs import opus_head, opus_tags, write_logical_stream, write_opus_demo

__all__ = ["SUFFIXES", "PacketStream", "StreamPacket", "ogg_file", "read_streams", "write_streams"]

SUFFIXES = {".opus": "ogg", ".ogg": "ogg", ".oga": "ogg", ".bit": "bit"}
USUAL_PRE_SKIP = 312  # samples at 48 kHz: 6.5 ms, the delay of libopus


@dataclass(frozen=True)
class StreamPacket:
    """A packet of a stream.

    Attributes
    ----------
    data
        Empty where it was lost.
    final_range
        Of the base codec; 0 where the container does not tell.
    granule
        Where its audio ends, in samples at 48 kHz; see `TimedPacket`. -1 where the container does not tell.
    """

    data: bytes
    final_range: int = 0
    granule: int = -1


@dataclass(frozen=True)
class PacketStream:
    """Packets that are decoded one after the other.

    Attributes
    ----------
    logical
        Headers and marks of the logical stream, where it comes from Ogg; its packets are not used.
    """

    packets: Sequence[StreamPacket]
    logical: LogicalStream | None = None

    def with_packets(self, data: Iterable[bytes]) -> "PacketStream":
        """Return the stream with other bytes in its packets."""
        pairs = zip(self.packets, data, strict=True)
        return replace(self, packets=[replace(packet, data=each) for packet, each in pairs])


def ogg_file(packets: Sequence[tuple[bytes, int]], channels: int, pre_skip: int, input_rate: int) -> bytes:
    """Return an Ogg file of packets with their granule positions; the serial number follows from these."""
    head = opus_head(channels, pre_skip, input_rate)
    serial = zlib.crc32(b"".join(data for data, _ in packets), zlib.crc32(head))
    tags = opus_tags(f"opus-dred-reference {__version__}")
    return write_logical_stream(serial, head, tags, packets)


def read_streams(source: str, container: str | None = None) -> list[PacketStream]:
    """Read a file: several streams where an Ogg file is chained, else one.

    Raises
    ------
    InputError
        It cannot be read.
    StreamError
        S5: an Ogg packet holds several Opus packets.
    """
    with open_input(source, container=container) as opened:
        if opened.container != "ogg":
            return [PacketStream([_packet(each) for each in opened.packets])]
    path = Path(source)
    if not path.is_file():
        raise StreamError("S5", "Ogg is read from files only", "write standard input into a file first")
    with ByteStream(path.open("rb"), source) as stream:
        return [_from_ogg(each) for each in read_logical_streams(stream)]


def _packet(source: SourcePacket) -> StreamPacket:
    if source.fault is not None:
        raise source.fault
    return StreamPacket(source.data, source.final_range or 0)


def _from_ogg(logical: LogicalStream) -> PacketStream:
    head = logical.head
    if head.mapping_family not in {0, 1} or head.streams != 1:
        raise StreamError(
            "S5",
            f"mapping family {head.mapping_family} with {head.streams} stream(s) in each packet",
            "one mono or stereo stream of mapping family 0 or 1 is handled",
        )
    packets = [StreamPacket(packet.data, 0, packet.granule) for packet in logical.packets]
    return PacketStream(packets, logical)


def write_streams(streams: Sequence[PacketStream], suffix: str) -> bytes:
    """Return streams as a file of the kind that `suffix`, a key of `SUFFIXES`, stands for.

    Headers, comments, granule positions and serial numbers of streams from Ogg stay as they are; others get
    new ones.

    Raises
    ------
    StreamError
        S5: a lost packet, which Ogg cannot say, or several streams for an opus_demo file.
    OutputError
        mutagen is missing.
    """
    if SUFFIXES[suffix] == "bit":
        if len(streams) > 1:
            raise StreamError("S5", "a .bit file holds one stream, not several", "write .opus")
        return write_opus_demo((packet.data, packet.final_range) for packet in streams[0].packets)
    return b"".join(map(_to_ogg, streams))


def _to_ogg(stream: PacketStream) -> bytes:
    if not all(packet.data for packet in stream.packets):
        raise StreamError("S5", "the input has lost packets, which Ogg has no sign for", "write .bit")
    logical = stream.logical
    if logical is not None:
        pairs = [(packet.data, packet.granule) for packet in stream.packets]
        return write_logical_stream(
            logical.serial, logical.head_packet, logical.tags_packet, pairs, ended=logical.ended
        )
    granule, pairs = 0, []
    for packet in stream.packets:
        granule += packet_samples(packet.data)
        pairs.append((packet.data, granule))
    is_stereo = any(packet.data[0] & 4 for packet in stream.packets)
    return ogg_file(pairs, 2 if is_stereo else 1, USUAL_PRE_SKIP, 48000)
