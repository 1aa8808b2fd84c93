"""Every packet of every real stream is read, and its extensions too."""

import struct
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dred_reference.extension import parse_extensions
from dred_reference.packet import parse_packet

pytestmark = pytest.mark.interop


def packets_of(stream: Path) -> Iterator[bytes]:
    data = stream.read_bytes()
    position = 0
    while position < len(data):
        length, _ = struct.unpack_from(">II", data, position)
        yield data[position + 8 : position + 8 + length]
        position += 8 + length
    assert position == len(data)


@pytest.mark.clause("RFC6716-3-framing", "RFC6716-3.2.5-padany")
def test_all_packets_of_all_streams_parse(interop_streams: list[Path]) -> None:
    assert len(interop_streams) == 22
    ids: Counter[int] = Counter()
    for stream in interop_streams:
        count = 0
        for data in packets_of(stream):
            packet = parse_packet(data)
            ids.update(e.id for e in parse_extensions(packet.padding, len(packet.frames)))
            count += 1
        assert count > 20, stream.name
    assert set(ids) == {126}
    assert ids[126] > 1000


@pytest.mark.clause("RFC6716-3-framing")
def test_frame_counts_are_those_of_libopus(interop_expected: list[dict[str, Any]]) -> None:
    assert len(interop_expected) == 289
    for entry in interop_expected:
        assert len(parse_packet(bytes.fromhex(entry["packet"])).frames) == entry["frames"]
