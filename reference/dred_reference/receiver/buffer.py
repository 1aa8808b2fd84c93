"""The packets of a receiver: which of them are at hand at what time."""

from bisect import bisect_right, insort
from collections.abc import Iterable
from dataclasses import dataclass

from dred_reference.clauses import clause
from dred_reference.errors import DredError
from dred_reference.packet import Packet, frame_samples, parse_packet
from dred_reference.receiver.record import Arrival

__all__ = ["BufferedPacket", "JitterBuffer"]


@dataclass(frozen=True, slots=True)
class BufferedPacket:
    """A packet that counts.

    Attributes
    ----------
    timestamp_48k, arrival_48k : int
        As in `Arrival`.
    data : bytes
        The packet.
    parsed : Packet
        Its parts.
    """

    timestamp_48k: int
    arrival_48k: int
    data: bytes
    parsed: Packet

    @property
    def duration_48k(self) -> int:
        """Duration of its audio."""
        return frame_samples(self.parsed.config, 48000) * len(self.parsed.frames)


@clause("RX-parse", "RX-duplicate")
def _counting(arrivals: Iterable[Arrival]) -> dict[int, BufferedPacket]:
    """Return the packets that count by their timestamps, in order of arrival."""
    kept: dict[int, BufferedPacket] = {}
    for each in arrivals:
        if each.timestamp_48k < 0 or each.timestamp_48k in kept:
            continue
        try:
            parsed = parse_packet(each.packet)
        except DredError:
            continue
        kept[each.timestamp_48k] = BufferedPacket(each.timestamp_48k, each.arrival_48k, each.packet, parsed)
    return kept


class JitterBuffer:
    """Everything that arrives in a stream, looked at when it is due.

    Parameters
    ----------
    arrivals : iterable of Arrival
        In the order in which they came in.
    delay_48k : int or None
        How long after its arrival the first packet is played; None: the receiver waits for whatever comes.
    """

    def __init__(self, arrivals: Iterable[Arrival], delay_48k: int | None = None) -> None:
        self._packets = _counting(arrivals)
        self._delay_48k = delay_48k
        first = next(iter(self._packets.values()), None)
        self._base_48k = 0 if first is None else first.arrival_48k - first.timestamp_48k
        self._on_time = sorted(
            each.timestamp_48k
            for each in self._packets.values()
            if self._is_at_hand(each, each.timestamp_48k)
        )
        self._to_come = sorted(self._packets.values(), key=lambda each: each.arrival_48k, reverse=True)
        self._at_hand: list[int] = []

    def __len__(self) -> int:
        """Return how many packets count."""
        return len(self._packets)

    @property
    def packets(self) -> dict[int, BufferedPacket]:
        """The packets that count by their timestamps."""
        return self._packets

    @clause("RX-clock")
    def _is_at_hand(self, packet: BufferedPacket, time_48k: int) -> bool:
        if self._delay_48k is None:
            return True
        return packet.arrival_48k <= time_48k + self._base_48k + self._delay_48k

    @clause("RX-regular")
    def on_time(self, time_48k: int) -> BufferedPacket | None:
        """Return the packet that starts at a time, if it is there by then."""
        packet = self._packets.get(time_48k)
        return packet if packet is not None and self._is_at_hand(packet, time_48k) else None

    @clause("RX-block")
    def next_on_time_48k(self, time_48k: int) -> int | None:
        """Return when the next packet starts that is there when it is due."""
        place = bisect_right(self._on_time, time_48k)
        return self._on_time[place] if place < len(self._on_time) else None

    @clause("RX-clock")
    def later(self, time_48k: int) -> list[int]:
        """Return the timestamps after a time of all packets at hand at that time, in order.

        Times must not go back from call to call.
        """
        while self._to_come and self._is_at_hand(self._to_come[-1], time_48k):
            insort(self._at_hand, self._to_come.pop().timestamp_48k)
        del self._at_hand[: bisect_right(self._at_hand, time_48k)]
        return self._at_hand
