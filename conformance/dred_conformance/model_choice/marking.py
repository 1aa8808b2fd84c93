"""How the DRED of a stream is marked: what its first packet with DRED says."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, islice

from dred_conformance.inputs import InputError, PacketInput, RtpSelection, SourcePacket, open_input
from dred_conformance.model_choice.versions import VERSIONED
from dred_reference.errors import DredError
from dred_reference.location import find_dred
from dred_reference.packet import parse_packet
from dred_reference.wire import WireProfile

__all__ = ["LOOK_AHEAD_BYTES", "LOOK_AHEAD_PACKETS", "dred_profile", "first_profile", "open_with_profile"]

LOOK_AHEAD_PACKETS = 1000  # 20 s; of what can be read only once
LOOK_AHEAD_BYTES = 1 << 24
_CODE_WITH_PADDING = 3


def dred_profile(packet: bytes, *, self_delimited: bool = False) -> WireProfile | None:
    """Return the profile by which the DRED of a packet is marked; None without DRED that names its version.

    DRED of ``draft-32`` names none, and an extension of that number in a stream of today is not DRED.
    """
    if not packet or packet[0] & 3 != _CODE_WITH_PADDING:
        return None
    try:
        parsed = parse_packet(packet, self_delimited=self_delimited)
    except DredError:
        return None
    if not parsed.padding:
        return None
    for profile in VERSIONED:
        try:
            if find_dred(parsed, profile) is not None:
                return profile
        except DredError:
            continue
    return None


def first_profile(packets: Iterable[SourcePacket]) -> WireProfile | None:
    """Return the profile of the first packet that has one; reads no further, and not behind an error."""
    try:
        for source in packets:
            if source.lost or source.fault is not None:
                continue
            profile = dred_profile(source.data, self_delimited=source.self_delimited)
            if profile is not None:
                return profile
    except InputError:
        pass  # it comes again, and is told, when the packets are read for good
    return None


@contextmanager
def open_with_profile(
    argument: str, *, container: str | None = None, selection: RtpSelection | None = None
) -> Iterator[tuple[PacketInput, WireProfile | None]]:
    """Open an input as `open_input` does, and tell how its DRED is marked.

    A file is read twice, up to its first DRED. Standard input can be read once: of it, no more than
    `LOOK_AHEAD_PACKETS` packets and about `LOOK_AHEAD_BYTES` bytes are looked at.

    Raises
    ------
    InputError
        As `open_input`.
    """
    with open_input(argument, container=container, selection=selection) as opened:
        if argument == "-":
            head, packets = _look_ahead(opened.packets)
            yield replace(opened, packets=packets), first_profile(head)
            return
        with open_input(argument, container=opened.container, selection=selection) as again:
            profile = first_profile(again.packets)
        yield opened, profile


def _look_ahead(packets: Iterator[SourcePacket]) -> tuple[list[SourcePacket], Iterator[SourcePacket]]:
    """Take the first packets, up to one with DRED; give them, and all packets from the first one on."""
    head: list[SourcePacket] = []
    size = 0
    try:
        for source in islice(packets, LOOK_AHEAD_PACKETS):
            head.append(source)
            size += len(source.data)
            if size > LOOK_AHEAD_BYTES or first_profile([source]) is not None:
                break
    except InputError as error:
        return head, _ending(head, error)
    return head, chain(head, packets)


def _ending(packets: list[SourcePacket], error: InputError) -> Iterator[SourcePacket]:
    yield from packets
    raise error
