"""Packets of the base codec, one after the other, and the redundancy that each gets."""

from dataclasses import dataclass, replace

from dred_conformance.encoding.carrying import LARGEST_PACKET, Carrier, carrier
from dred_conformance.encoding.rate_rule import RateRule
from dred_conformance.encoding.stopwatch import Stopwatch
from dred_reference.redundancy import Redundancy, RedundancyWriter, SpeechHistory
from dred_reference.tables import QuantiserTables
from dred_reference.wire import WireProfile

__all__ = ["RedundantPacket", "RedundantPackets"]


@dataclass(frozen=True)
class RedundantPacket:
    """A packet as it goes out.

    Attributes
    ----------
    data
        The packet.
    base_bytes
        Bytes that it would have without DRED.
    redundancy
        What it carries; ``None`` without DRED.
    redundancy_bytes
        What DRED costs in the packet, headers included.
    """

    data: bytes
    base_bytes: int
    redundancy: Redundancy | None = None
    redundancy_bytes: int = 0

    @property
    def filling_bytes(self) -> int:
        """What is neither: padding up to a constant size."""
        return len(self.data) - self.base_bytes - self.redundancy_bytes


class RedundantPackets:
    """Puts redundancy into packets.

    Parameters
    ----------
    tables
        Of the model.
    rule
        Says what each packet shall carry.
    profile, prefix
        How DRED is marked; the prefix holds the version of the model.
    largest_packet
        In bytes; a packet that would be larger goes without DRED.
    """

    def __init__(
        self,
        tables: QuantiserTables,
        rule: RateRule,
        profile: WireProfile,
        prefix: bytes,
        *,
        stopwatch: Stopwatch,
        largest_packet: int = LARGEST_PACKET,
    ) -> None:
        self._writer = RedundancyWriter(tables, rule.writing)
        self._rule = rule
        self._profile = profile
        self._prefix = prefix
        self._largest_packet = largest_packet
        self._stopwatch = stopwatch

    def add(self, packet: bytes, history: SpeechHistory, *, size: int | None = None) -> RedundantPacket:
        """Return the packet with as much redundancy as the rule and the room allow.

        Parameters
        ----------
        packet
            Of the base codec.
        history
            Up to the frame of the packet.
        size
            The size it is to have, for a constant bitrate.
        """
        with self._stopwatch.stage("writing"):
            carried = carrier(packet, size=size, limit=size or self._largest_packet)
            if carried is None:
                return RedundantPacket(packet, len(packet))
            redundancy = self._redundancy(carried, history)
            if redundancy is not None:
                payload = self._prefix + redundancy.data
                data = carried.with_payload(self._profile, payload)
                if data is not None:
                    cost = carried.cost(self._profile, payload)
                    return RedundantPacket(data, len(carried.packet), redundancy, cost)
            return RedundantPacket(carried.without_payload(), len(carried.packet))

    def _redundancy(self, carried: Carrier, history: SpeechHistory) -> Redundancy | None:
        room = carried.room(self._profile, self._prefix)
        choice = self._rule.choose(history, room) if room > 0 else None
        if choice is None:
            return None
        redundancy = self._writer.write(history, replace(choice, max_bytes=min(choice.max_bytes, room)))
        if redundancy is not None:
            self._rule.spent(len(redundancy.data))
        return redundancy
