"""When the packets of a file come in, by its own clock and by a loss trace."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from dred_conformance.inputs import InputError, PacketInput, SourcePacket, open_input
from dred_conformance.inputs.ogg_streams import LogicalStream, packet_samples, read_logical_streams
from dred_conformance.receiving.errors import ReceivingError
from dred_conformance.simulation.trace import LossTrace
from dred_reference.receiver import Arrival

__all__ = ["TimedStream", "read_timed_stream"]

DEFAULT_PACKET_48K = 960
MOST_PACKETS = 1 << 24
WRAP = 1 << 32
MOST_OVERTAKEN_48K = 48000  # by so much the first packet of a capture may have overtaken earlier ones


@dataclass(frozen=True)
class TimedStream:
    """The packets of a file on a time line.

    Attributes
    ----------
    arrivals : list of Arrival
        In the order in which they come in.
    duration_48k : int
        From the start of the first packet to the end of the last one, lost ones included; in Ogg to where the
        file says that it ends.
    skip_48k : int
        How much of the beginning is not to be heard: the pre-skip of Ogg.
    sent, lost : int
        How many packets there were, and how many did not come in.
    malformed : int
        How many of those that came in are no Opus packets.
    channels : int
        2 if any packet is stereo, lost ones included; in Ogg what the header says.
    """

    arrivals: list[Arrival]
    duration_48k: int
    skip_48k: int
    sent: int
    lost: int
    malformed: int
    channels: int


@dataclass(frozen=True, slots=True)
class _Sent:
    """A packet on the time line; without data it did not arrive."""

    start_48k: int
    length_48k: int
    data: bytes
    is_valid: bool
    time_ms: float | None = None


def read_timed_stream(
    source: str, container: str | None = None, trace: LossTrace | None = None
) -> TimedStream:
    """Read a file.

    Timestamps and arrivals are those of RTP where there is a capture, timestamps those of Ogg; else packet
    follows packet, and each comes in when it starts. A lost packet lasts as long as the one before it.

    Parameters
    ----------
    source : str
        A file, a packet in hex, or ``-``.
    container : str or None
        A format of `dred_conformance.inputs`.
    trace : LossTrace or None
        What else is lost, or late; it begins anew where it is shorter than the file.

    Raises
    ------
    InputError
        The file cannot be read, or holds several streams.
    ReceivingError
        S4: there is no packet, or more of them than can be handled.
    """
    skip, end, channels = 0, None, None
    with open_input(source, container=container) as opened:
        if opened.container == "ogg":
            stream = _only_stream(opened)
            skip, channels = stream.head.pre_skip, stream.head.channels
            sent = list(_limited(_placed_by_ogg(stream)))
            end = _end_48k(stream)
        else:
            sent = list(_limited(_placed(opened.packets)))
    if not sent:
        raise ReceivingError("S4", f"{source}: there is no packet")
    sent = _from_the_earliest(sent)
    if channels is None:
        channels = 2 if any(each.is_valid and each.data[0] & 4 for each in sent) else 1
    duration = max(each.start_48k + each.length_48k for each in sent) if end is None else end
    coming = _after_losses(sent, trace)
    malformed = sum(not each.is_valid for each, _ in coming)
    arrivals = [Arrival(each.start_48k, arrival, each.data) for each, arrival in coming]
    return TimedStream(arrivals, duration, skip, len(sent), len(sent) - len(arrivals), malformed, channels)


def _limited(packets: Iterable[_Sent]) -> Iterator[_Sent]:
    for count, packet in enumerate(packets):
        if count == MOST_PACKETS:
            raise ReceivingError("S4", f"more than {MOST_PACKETS} packets; cut the file")
        yield packet


def _only_stream(opened: PacketInput) -> LogicalStream:
    streams = read_logical_streams(opened.stream)
    if len(streams) != 1:
        raise InputError(
            "I5", f"{opened.name!r} holds {len(streams)} streams", advice="give a file with one of them"
        )
    if streams[0].head.streams != 1:
        raise InputError(
            "I3", f"{opened.name!r}: each packet holds {streams[0].head.streams} streams",
            advice="a receiver plays one mono or stereo stream",
        )  # fmt: skip
    return streams[0]


def _first_48k(stream: LogicalStream) -> int:
    """Return the granule position of the start: more than 0 where somebody began to record in the middle."""
    if not stream.packets:
        return 0
    first = stream.packets[0]
    return max(0, first.granule - packet_samples(first.data))


def _end_48k(stream: LogicalStream) -> int | None:
    return stream.packets[-1].granule - _first_48k(stream) if stream.packets else None


def _placed_by_ogg(stream: LogicalStream) -> Iterator[_Sent]:
    """Yield the packets of an Ogg file; where granule positions jump, something is missing."""
    following, length, first = 0, DEFAULT_PACKET_48K, _first_48k(stream)
    for packet in stream.packets:
        known = packet_samples(packet.data)
        length = known or length
        start = max(following, packet.granule - first - length) if known else following
        following = start + length
        yield _Sent(start, length, packet.data, known > 0)


def _placed(packets: Iterable[SourcePacket]) -> Iterator[_Sent]:
    following, length, first = 0, DEFAULT_PACKET_48K, None
    for packet in packets:
        if packet.timestamp is None and first is not None:  # how long it was shows in the next timestamp
            yield _Sent(following, 0, b"", is_valid=False)
            continue
        known = packet_samples(packet.data) if packet.data and not packet.lost else 0
        length = known or length
        start = following
        if packet.timestamp is not None:
            first = packet.timestamp if first is None else first
            start = following + _signed(packet.timestamp - first - following)
        following = max(following, start + length)
        yield _Sent(start, length, b"" if packet.lost else packet.data, known > 0, packet.time_ms)


def _signed(difference: int) -> int:
    """Return a difference of RTP timestamps: they begin anew at 2^32."""
    return (difference + WRAP // 2) % WRAP - WRAP // 2


def _from_the_earliest(sent: list[_Sent]) -> list[_Sent]:
    """Begin the time line with the packets that the first one overtook."""
    earliest = min((each.start_48k for each in sent if -MOST_OVERTAKEN_48K <= each.start_48k < 0), default=0)
    if not earliest:
        return sent
    return [replace(each, start_48k=each.start_48k - earliest) for each in sent]


def _after_losses(sent: list[_Sent], trace: LossTrace | None) -> list[tuple[_Sent, int]]:
    """Return what comes in and when, in order."""
    window = None if trace is None else trace.window(0, len(sent))
    coming = []
    for index, each in enumerate(sent):
        if not each.data or (window is not None and window.is_lost[index]):
            continue
        arrival = each.start_48k if each.time_ms is None else round(48 * each.time_ms)
        if window is not None:
            arrival += round(48 * float(window.delay_ms[index]))
        coming.append((each, arrival))
    return sorted(coming, key=lambda each: each[1])
