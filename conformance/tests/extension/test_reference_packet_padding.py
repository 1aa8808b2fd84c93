"""Putting extensions into packets that exist."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dred_reference.errors import ExtensionError, PacketError, WriteError
from dred_reference.extension import Extension, parse_extensions
from dred_reference.packet import parse_packet, write_packet
from dred_reference.packet_padding import add_extensions

pytestmark = pytest.mark.clause("EXT-packet")
DRED = Extension(126, 0, b"D\x0cdata")


def test_one_extension_in_a_code_0_packet() -> None:
    packet = add_extensions(b"\x08frame", [DRED])
    assert packet == b"\x0b\x41\x07frame\xfcD\x0cdata"


def test_frames_of_several_sizes_keep_their_lengths() -> None:
    packet = add_extensions(b"\x0a\x01abb", [DRED])
    assert packet == b"\x0b\xc2\x07\x01abb\xfcD\x0cdata"


def test_what_was_there_stands_behind_what_is_added() -> None:
    before = add_extensions(b"\x08frame", [Extension(33, 0, b"old"), Extension(126, 0, b"older")])
    extensions = parse_extensions(parse_packet(add_extensions(before, [DRED])).padding, 1)
    assert [e.payload for e in extensions] == [DRED.payload, b"old", b"older"]


@pytest.mark.parametrize("size", [0, 1, 252, 253, 254, 255, 506, 507, 508, 509, 762])
def test_areas_of_every_length(size: int) -> None:
    packet = add_extensions(b"\x08f", [Extension(40, 0, bytes(size))])
    read = parse_packet(packet)
    assert len(read.padding) == size + 1
    assert parse_extensions(read.padding, 1) == (Extension(40, 0, bytes(size)),)
    # As write_packet codes the same area: no length byte too many.
    assert packet == write_packet(1, False, 3, [b"f"], padding=read.padding)


def test_without_any_extension_the_area_is_empty() -> None:
    assert add_extensions(b"\x08frame", []) == b"\x0b\x41\x00frame"


@pytest.mark.clause("EXT-write-pad", "RFC6716-3.2.5-padzero")
@pytest.mark.parametrize("size", [*range(15, 30), *range(255, 280), 520, 521, 522])
def test_a_constant_size_is_filled_up(size: int) -> None:
    packet = add_extensions(b"\x08frame", [DRED], size=size)
    padding = parse_packet(packet).padding
    assert len(packet) == size
    assert padding.lstrip(b"\x01") == b"\xfcD\x0cdata"
    empty = add_extensions(b"\x08frame", [], size=size)
    assert len(empty) == size
    assert parse_packet(empty).padding.strip(b"\x00") == b""


def test_a_size_that_leaves_nothing_has_no_padding_flag() -> None:
    assert add_extensions(b"\x08frame", [], size=7) == b"\x0b\x01frame"
    assert add_extensions(b"\x08frame", [], size=8) == b"\x0b\x41\x00frame"


@pytest.mark.clause("EXT-write-limits")
@pytest.mark.parametrize("size", [-1, 0, 6, 7, 8, 14])
def test_w2_too_small(size: int) -> None:
    with pytest.raises(WriteError, match="W2"):
        add_extensions(b"\x08frame", [DRED], size=size)
    assert len(add_extensions(b"\x08frame", [DRED], size=15)) == 15


@pytest.mark.clause("EXT-write-limits")
def test_w1_a_frame_that_the_packet_lacks() -> None:
    with pytest.raises(WriteError, match="W1"):
        add_extensions(b"\x08frame", [Extension(126, 1, b"")])
    with pytest.raises(WriteError, match="W1"):
        add_extensions(b"\x08frame", [], size=2**31 - 1)


def test_invalid_packets_are_rejected_by_their_own_rules() -> None:
    with pytest.raises(PacketError, match="R1"):
        add_extensions(b"", [DRED])
    with pytest.raises(ExtensionError, match="E4"):
        add_extensions(b"\x0b\x41\x01frame\x02", [DRED])


@given(
    sizes=st.lists(st.integers(0, 300), min_size=1, max_size=6),
    payload=st.binary(max_size=600),
    frame=st.integers(0, 5),
    room=st.none() | st.integers(0, 300),
)
def test_frames_and_extensions_survive(
    sizes: list[int], payload: bytes, frame: int, room: int | None
) -> None:
    frames = [bytes([65 + index]) * size for index, size in enumerate(sizes)]
    before = write_packet(16, True, 3, frames, vbr=True, padding=b"\x01\x07o")
    added = Extension(60, frame % len(frames), payload)
    smallest = len(add_extensions(before, [added]))
    size = None if room is None else smallest + room
    packet = add_extensions(before, [added], size=size)
    read = parse_packet(packet)
    assert len(packet) == (smallest if size is None else size)
    assert (read.config, read.stereo, read.frames) == (16, True, tuple(frames))
    assert set(parse_extensions(read.padding, len(frames))) == {added, Extension(3, 0, b"o")}
