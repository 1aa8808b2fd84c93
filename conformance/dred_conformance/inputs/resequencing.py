"""RTP packets back into the order in which they were sent, with the gaps told."""

import heapq
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from dred_conformance.inputs.capture import Datagram
from dred_conformance.inputs.rtp import RtpPacket

WINDOW_PACKETS = 32
LARGEST_GAP = 3000
"""Beyond that a jump is a restart of the sender, not a loss (RFC 3550 appendix A.1 uses the same number)."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A packet that arrived."""

    datagram: Datagram
    packet: RtpPacket
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A sequence number that did not arrive."""

    sequence: int


class Resequencer:
    """Orders by sequence number within a window, drops duplicates, tells what it did."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int]] = []
        self._waiting: dict[int, tuple[Datagram, RtpPacket, tuple[str, ...]]] = {}
        self._expected: int | None = None
        self._highest = 0
        self._emitted: deque[int] = deque(maxlen=4 * WINDOW_PACKETS)
        self._notes: list[str] = []

    def push(self, datagram: Datagram, packet: RtpPacket) -> Iterator[Arrival | Gap]:
        """Take one packet and yield those whose turn has come."""
        if self._expected is None:
            self._expected = self._highest = packet.sequence
        step = (packet.sequence - self._highest + 32768) % 65536 - 32768
        number = self._highest + step
        if number in self._waiting or number in self._emitted:
            self._notes.append(
                f"a duplicate of sequence {packet.sequence} in frame {datagram.frame} was dropped"
            )
            return
        if abs(step) > LARGEST_GAP:
            yield from self.flush()
            self._notes.append(f"sequence numbers jump from {self._highest % 65536} to {packet.sequence}")
            self._expected = number
        elif number < self._expected:
            self._emitted.append(number)
            late = (
                f"sequence {packet.sequence} arrived after {self._expected - number - 1} later ones were read"
            )
            yield Arrival(datagram, packet, (*self._take_notes(), late))
            return
        reordered = number < self._highest
        note = (f"reordered: arrived after sequence {self._highest % 65536}",) if reordered else ()
        self._highest = max(self._highest, number) if abs(step) <= LARGEST_GAP else number
        heapq.heappush(self._heap, (number, datagram.frame))
        self._waiting[number] = (datagram, packet, note)
        while self._heap and (self._heap[0][0] == self._expected or len(self._heap) > WINDOW_PACKETS):
            yield from self._pop()

    def flush(self) -> Iterator[Arrival | Gap]:
        """Yield what still waits."""
        while self._heap:
            yield from self._pop()

    def _take_notes(self) -> tuple[str, ...]:
        notes, self._notes = tuple(self._notes), []
        return notes

    def _pop(self) -> Iterator[Arrival | Gap]:
        number, _ = heapq.heappop(self._heap)
        datagram, packet, notes = self._waiting.pop(number)
        for missing in range(self._expected if self._expected is not None else number, number):
            yield Gap(missing % 65536)
        self._expected = number + 1
        self._emitted.append(number)
        yield Arrival(datagram, packet, (*self._take_notes(), *notes))
