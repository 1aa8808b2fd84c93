"""Where every piece of the output comes from: the rules of spec-notes/receiver.md, in their order."""

from collections.abc import Iterable, Iterator

from dred_reference.clauses import clause
from dred_reference.receiver.buffer import BufferedPacket, JitterBuffer
from dred_reference.receiver.coverage import BLOCK_48K, ReadRedundancy, Redundancy, feature_index
from dred_reference.receiver.lbrr import lbrr_start_48k
from dred_reference.receiver.record import Arrival, Decision

__all__ = ["Receiver", "decide"]

NEAR_48K = 96000  # within 2 s the packets are read one after another, as most of them cover what is asked for


class _Coverage:
    """The redundancy of the packets, read when it is asked for."""

    def __init__(self, packets: dict[int, BufferedPacket], read: ReadRedundancy) -> None:
        self._packets = packets
        self._read = read
        self._known: dict[int, Redundancy | None] = {}
        self._reach_48k: int | None = None

    def _redundancy(self, timestamp_48k: int) -> Redundancy | None:
        if timestamp_48k not in self._known:
            self._known[timestamp_48k] = self._read(self._packets[timestamp_48k].data)
        return self._known[timestamp_48k]

    def _reach(self) -> int:
        """Return how far before its packet the oldest redundancy of the stream begins, or a little more."""
        if self._reach_48k is None:
            found = [each for each in map(self._redundancy, self._packets) if each is not None]
            self._reach_48k = max(
                ((each.features + 2) * BLOCK_48K - 120 * each.offset_2p5ms for each in found), default=0
            )
        return self._reach_48k

    def feature(self, timestamp_48k: int, start_48k: int) -> int | None:
        """Return the feature frame of a packet for a block, or None if it has none for it."""
        redundancy = self._redundancy(timestamp_48k)
        if redundancy is None:
            return None
        feature = feature_index(redundancy, timestamp_48k, start_48k)
        return feature if 0 <= feature < redundancy.features else None

    def first(self, timestamps_48k: list[int], start_48k: int) -> tuple[int, int] | None:
        """Return the first of the packets that covers a block, and its feature frame."""
        for each in timestamps_48k:
            if each - start_48k > NEAR_48K and each - start_48k > self._reach():
                return None
            feature = self.feature(each, start_48k)
            if feature is not None:
                return each, feature
        return None


class Receiver:
    """Decides for a whole stream.

    Parameters
    ----------
    buffer : JitterBuffer
        The packets.
    duration_48k : int
        Where the output ends, in samples at 48 kHz.
    read : callable or None
        Reads the redundancy of a packet, see `redundancy_reader`; None: DRED is not used.
    lbrr : bool
        Whether in-band FEC is used.
    """

    def __init__(
        self, buffer: JitterBuffer, duration_48k: int, read: ReadRedundancy | None, *, lbrr: bool = True
    ) -> None:
        self._buffer = buffer
        self._duration_48k = duration_48k
        self._lbrr = lbrr
        self._coverage = None if read is None else _Coverage(buffer.packets, read)

    @clause("RX-regular")
    def decisions(self) -> Iterator[Decision]:
        """Yield the pieces of the output in order, without a gap."""
        time = 0
        while time < self._duration_48k:
            packet = self._buffer.on_time(time)
            if packet is not None:
                end = min(time + packet.duration_48k, self._duration_48k)
                decision = Decision(time, end - time, "regular", time)
            else:
                decision = self._repaired(time)
            yield decision
            time = decision.end_48k

    @clause("RX-block", "RX-lbrr", "RX-dred", "RX-concealment")
    def _repaired(self, start: int) -> Decision:
        later = self._buffer.later(start)
        ends = [start + BLOCK_48K, self._duration_48k]
        following = self._buffer.next_on_time_48k(start)
        if following is not None:
            ends.append(following)
        if later and self._lbrr:
            lbrr = lbrr_start_48k(self._buffer.packets[later[0]].parsed, later[0])
            if lbrr == start:
                return Decision(start, min(later[0], self._duration_48k) - start, "lbrr", later[0])
            if lbrr is not None and lbrr > start:
                ends.append(lbrr)
        found = None if self._coverage is None else self._coverage.first(later, start)
        if found is None:
            return Decision(start, min(ends) - start, "concealment")
        return Decision(start, min(ends) - start, "dred", *found)


def decide(
    arrivals: Iterable[Arrival],
    duration_48k: int,
    read: ReadRedundancy | None,
    *,
    delay_48k: int | None = None,
    lbrr: bool = True,
) -> list[Decision]:
    """Return where every piece of the output comes from.

    Parameters
    ----------
    arrivals : iterable of Arrival
        In the order in which they came in.
    duration_48k : int
        Length of the output in samples at 48 kHz.
    read : callable or None
        See `redundancy_reader`; None: DRED is not used.
    delay_48k : int or None
        Delay of the jitter buffer; None: the receiver waits as long as it takes.
    lbrr : bool
        Whether in-band FEC is used.
    """
    buffer = JitterBuffer(arrivals, delay_48k)
    return list(Receiver(buffer, duration_48k, read, lbrr=lbrr).decisions())
