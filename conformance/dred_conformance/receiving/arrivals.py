"""When the packets of a file come in, by its own clock and by a loss trace."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dred_conformance.inputs import InputError, SourcePacket, open_input
from dred_conformance.inputs.byte_stream import ByteStream
from dred_conformance.inputs.ogg_streams import packet_samples, read_logical_streams
from dred_conformance.receiving.errors import ReceivingError
from dred_conformance.simulation.trace import LossTrace
from dred_reference.receiver import Arrival

__all__ = ["TimedStream", "read_timed_stream"]

DEFAULT_PACKET_48K = 960
MOST_PACKETS = 1 << 24
WRAP = 1 << 32


@dataclass(frozen=True)
class TimedStream:
    """The packets of a file on a time line.

    Attributes
    ----------
    arrivals : list of Arrival
        In the order in which they come in.
    duration_48k : int
        From the start of the first packet to the end of the last one, lost ones included.
    skip_48k : int
        How much of the beginning is not to be heard: the pre-skip of Ogg.
    sent, lost : int
        How many packets there were, and how many did not come in.
    channels : int
        2 if any packet is stereo.
    """

    arrivals: list[Arrival]
    duration_48k: int
    skip_48k: int
    sent: int
    lost: int
    channels: int


def read_timed_stream(
    source: str, container: str | None = None, trace: LossTrace | None = None
) -> TimedStream:
    """Read a file.

    Timestamps and arrivals are those of RTP where there is a capture; else packet follows packet, and each
    comes in when it starts. A lost packet lasts as long as the one before it.

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
        The file cannot be read.
    ReceivingError
        S4: there is no packet, or more of them than can be handled.
    """
    skip, end, packets = 0, None, []
    with open_input(source, container=container) as opened:
        kind = opened.container
        if kind != "ogg":
            packets = list(_limited(opened.packets))
    if kind == "ogg":
        skip, end, packets = _ogg(source)
    timed = list(_timed(packets))
    if not timed:
        raise ReceivingError("S4", f"{source}: there is no packet")
    arrivals, lost = _after_losses(timed, trace)
    duration = max(start + length for start, length, _ in timed) if end is None else end
    stereo = any(each.packet[0] & 4 for each in arrivals)
    return TimedStream(arrivals, duration, skip, len(timed), lost, 2 if stereo else 1)


def _limited(packets: Iterable[SourcePacket]) -> Iterator[SourcePacket]:
    for count, packet in enumerate(packets):
        if count == MOST_PACKETS:
            raise ReceivingError("S4", f"more than {MOST_PACKETS} packets; cut the file")
        yield packet


def _ogg(source: str) -> tuple[int, int | None, list[SourcePacket]]:
    """Return pre-skip, end and packets of a file with one logical stream."""
    with open_input(source, container="ogg") as opened:
        packets = list(_limited(opened.packets))
    if source == "-":
        return 0, None, packets
    with open(source, "rb") as file, ByteStream(file, source) as stream:  # noqa: PTH123
        streams = read_logical_streams(stream)
    if len(streams) != 1:
        raise InputError(
            "I5", f"{source!r} holds {len(streams)} streams", advice="give a file with one of them"
        )
    only = streams[0]
    end = only.packets[-1].granule if only.packets else None
    return only.head.pre_skip, end, packets


def _timed(packets: Iterable[SourcePacket]) -> Iterator[tuple[int, int, SourcePacket]]:
    """Yield start and length of every packet, and the packet."""
    following, length, first = 0, DEFAULT_PACKET_48K, None
    for packet in packets:
        known = packet_samples(packet.data) if packet.data and not packet.lost else 0
        length = known or length
        start = following
        if packet.timestamp is not None:
            first = packet.timestamp if first is None else first
            start = following + _signed(packet.timestamp - first - following)
        following = max(following, start + length)
        yield start, length, packet


def _signed(difference: int) -> int:
    """Return a difference of RTP timestamps: they begin anew at 2^32."""
    return (difference + WRAP // 2) % WRAP - WRAP // 2


def _after_losses(
    timed: list[tuple[int, int, SourcePacket]], trace: LossTrace | None
) -> tuple[list[Arrival], int]:
    window = None if trace is None else trace.window(0, len(timed))
    arrivals = []
    for index, (start, _, packet) in enumerate(timed):
        if packet.lost or not packet.data or (window is not None and window.is_lost[index]):
            continue
        arrival = start if packet.time_ms is None else round(48 * packet.time_ms)
        if window is not None:
            arrival += round(48 * float(window.delay_ms[index]))
        arrivals.append(Arrival(start, arrival, packet.data))
    arrivals.sort(key=lambda each: each.arrival_48k)
    return arrivals, len(timed) - len(arrivals)
