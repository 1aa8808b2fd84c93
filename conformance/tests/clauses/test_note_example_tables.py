"""The examples in the tables of the notes, against the literal implementation."""

import re
from dataclasses import dataclass

import pytest

from dred_conformance.clauses.notes import table_rows
from dred_conformance.data import data_folder
from dred_reference.errors import ExtensionError, PacketError
from dred_reference.extension import Extension, parse_extensions, write_extensions
from dred_reference.packet import parse_packet

NOTES = data_folder("spec-notes")
HEAD = ("packet", "self-delimited")
PACKETS = list(
    table_rows(
        NOTES / "framing.md", (*HEAD, "config, stereo, code", "frames", "padding", "consumed", "remark")
    )
)
REFUSED = list(table_rows(NOTES / "framing.md", (*HEAD, "rule", "position", "why")))
AREAS = list(table_rows(NOTES / "extensions.md", ("area", "frame count", "extensions", "error", "remark")))
WRITTEN = list(table_rows(NOTES / "extensions.md", ("extensions", "frame count", "written", "remark")))


def byte_strings(cell: str) -> list[bytes]:
    """Return the bytes between backquotes; a dash stands for no byte."""
    return [bytes.fromhex(text.replace("-", "")) for text in re.findall("`([^`]*)`", cell)]


def first_bytes(cell: str) -> bytes:
    """Return the bytes of a cell that holds one byte string or none."""
    return b"".join(byte_strings(cell)[:1])


@dataclass(frozen=True)
class Listed:
    """An extension as a table lists it."""

    id: int
    frame: int
    payload: bytes


def listed(cell: str) -> list[Listed]:
    found = re.findall(r"\((\d+), (\d+), (`[^`]*`)\)", cell)
    assert len(found) == cell.count("(")
    return [Listed(int(number), int(frame), first_bytes(payload)) for number, frame, payload in found]


def plain(extensions: tuple[Extension, ...]) -> list[Listed]:
    return [Listed(item.id, item.frame, item.payload) for item in extensions]


def test_the_tables_are_found() -> None:
    assert (len(PACKETS) > 5, len(REFUSED) > 10, len(AREAS) > 15, len(WRITTEN) > 5) == (True,) * 4


@pytest.mark.clause("RFC6716-3-framing", "RFC6716-3.1-toc", "RFC6716-B-selfdelim")
@pytest.mark.parametrize("row", PACKETS, ids=lambda row: row[0])
def test_packets(row: tuple[str, ...]) -> None:
    packet = parse_packet(first_bytes(row[0]), self_delimited=row[1] == "yes")
    stereo = "yes" if packet.stereo else "no"
    assert f"{packet.config}, {stereo}, {packet.code}" == row[2]
    assert list(packet.frames) == byte_strings(row[3])
    assert packet.padding == first_bytes(row[4])
    assert packet.consumed == int(row[5])


@pytest.mark.clause("RFC6716-3.4-reject")
@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row[0])
def test_refused_packets(row: tuple[str, ...]) -> None:
    with pytest.raises(PacketError) as caught:
        parse_packet(first_bytes(row[0]), self_delimited=row[1] == "yes")
    assert (caught.value.rule, caught.value.position) == (row[2], int(row[3]))


@pytest.mark.clause("EXT-order", "EXT-repeat", "EXT-error-keeps")
@pytest.mark.parametrize("row", AREAS, ids=lambda row: f"{row[0]} in {row[1]}")
def test_areas(row: tuple[str, ...]) -> None:
    area, frame_count = first_bytes(row[0]), int(row[1])
    if not row[3]:
        assert plain(parse_extensions(area, frame_count)) == listed(row[2])
        return
    with pytest.raises(ExtensionError) as caught:
        parse_extensions(area, frame_count)
    assert f"{caught.value.rule} at {caught.value.position}" == row[3]
    assert plain(caught.value.extensions) == listed(row[2])


@pytest.mark.clause("EXT-write", "EXT-write-repeat")
@pytest.mark.parametrize("row", WRITTEN, ids=lambda row: row[0])
def test_written_areas(row: tuple[str, ...]) -> None:
    area, frame_count = first_bytes(row[2]), int(row[1])
    extensions = [Extension(id=item.id, frame=item.frame, payload=item.payload) for item in listed(row[0])]
    assert write_extensions(extensions, frame_count) == area
    read = parse_extensions(area, frame_count)
    assert sorted(plain(read), key=repr) == sorted(listed(row[0]), key=repr)
