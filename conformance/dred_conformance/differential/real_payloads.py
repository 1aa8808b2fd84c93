"""DRED payloads of real streams, read where the user has some; they are never part of this repository."""

from pathlib import Path

from dred_conformance.inputs import open_input
from dred_reference.errors import DredError
from dred_reference.location import find_dred
from dred_reference.wire import WIRE_PROFILES, WireProfile

__all__ = ["real_packets", "real_payloads"]


def real_payloads(folder: Path, wire: str = "experimental-12") -> list[bytes]:
    """Return the DRED payloads, without prefix, of every opus_demo ``.bit`` file of a folder.

    Raises
    ------
    InputError
        If a file cannot be read.
    """
    profile = WIRE_PROFILES[wire]
    found = (_dred_of(packet, profile) for packet in real_packets(folder))
    return [payload for payload in found if payload is not None]


def real_packets(folder: Path) -> list[bytes]:
    """Return the packets of every opus_demo ``.bit`` file of a folder.

    Raises
    ------
    InputError
        If a file cannot be read.
    """
    packets: list[bytes] = []
    for path in sorted(folder.glob("*.bit")):
        with open_input(str(path), container="bit") as source:
            packets += [record.data for record in source.packets if not record.lost]
    return packets


def _dred_of(packet: bytes, profile: WireProfile) -> bytes | None:
    try:
        found = find_dred(packet, profile)
    except DredError:
        return None
    return None if found is None else found.payload[len(profile.prefix) :]
