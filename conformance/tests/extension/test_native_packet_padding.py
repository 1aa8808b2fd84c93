"""Putting extensions into packets with the native core (facts 2.7)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dred_native
from dred_native import DredError

DRED = (126, 0, b"D\x0cpayload")
AREA = b"\xfcD\x0cpayload"


@pytest.mark.clause("EXT-packet", "EXT-ignored-by-old")
@pytest.mark.parametrize(
    ("packet", "padded"),
    [
        (b"\x18ab", b"\x1b\x41\x0aab" + AREA),
        (b"\x1dabcd", b"\x1f\x42\x0aabcd" + AREA),
        (b"\x1a\x02abc", b"\x1b\xc2\x0a\x02abc" + AREA),
        (b"\x1a\x01ab", b"\x1b\x42\x0aab" + AREA),
        (b"\x1b\x82\x01ab", b"\x1b\x42\x0aab" + AREA),
        (b"\x1b\x41\x03ab" + bytes(3), b"\x1b\x41\x0aab" + AREA),
    ],
)
def test_padded_bytes(packet: bytes, padded: bytes) -> None:
    assert dred_native.pad_packet(packet, [DRED]) == padded


@pytest.mark.clause("EXT-packet")
def test_what_was_there_comes_behind() -> None:
    packet = b"\x1b\x41\x03a" + b"\x01\x07x"
    padded = dred_native.pad_packet(packet, [DRED])
    area = dred_native.parse_packet(padded)["padding"]
    assert dred_native.parse_extensions(area, 1) == [DRED, (3, 0, b"x")]
    assert area == b"\xfd\x09D\x0cpayload\x07x"


@pytest.mark.clause("EXT-packet", "RFC6716-3.2.5-P")
@pytest.mark.parametrize("size", [15, 16, 60, 258, 259, 260, 261, 262, 513, 514, 515, 516, 517, 1500])
def test_filling_up_to_a_size(size: int) -> None:
    padded = dred_native.pad_packet(b"\x18ab", [DRED], size)
    parsed = dred_native.parse_packet(padded)
    assert (len(padded), parsed["frames"]) == (size, [b"ab"])
    assert parsed["padding"].endswith(AREA)
    assert set(parsed["padding"][: -len(AREA)]) <= {1}


@pytest.mark.clause("EXT-packet", "RFC6716-3.2.5-padzero")
def test_filling_without_extensions_is_zero() -> None:
    assert dred_native.pad_packet(b"\x18ab", [], 9) == b"\x1b\x41\x04ab" + bytes(4)
    assert dred_native.pad_packet(b"\x18ab", [], 4) == b"\x1b\x01ab"


@pytest.mark.clause("EXT-packet")
@pytest.mark.parametrize(
    ("packet", "extensions", "size", "rule", "stage"),
    [
        (b"\x18ab", [DRED], 14, "W2", "extension"),
        (b"\x18ab", [], 3, "W2", "extension"),
        (b"\x18ab", [DRED], -1, "W1", "extension"),
        (b"\x18ab", [DRED], 2**40, "W1", "extension"),
        (b"\x18ab", [(126, 1, b"")], None, "W1", "extension"),
        (b"\x18ab", [(2, 0, b"")], None, "W1", "extension"),
        (b"\x1b\x00", [DRED], None, "R5", "packet"),
        (b"\x1b\x41\x01a\x07", [DRED], None, "E1", "extension"),
    ],
)
def test_refusals(packet: bytes, extensions: Any, size: int | None, rule: str, stage: str) -> None:
    with pytest.raises(DredError) as caught:
        dred_native.pad_packet(packet, extensions, size)
    assert (caught.value.rule, caught.value.stage) == (rule, stage)


@pytest.mark.clause("EXT-packet", "EXT-ignored-by-old")
@given(
    st.lists(st.binary(max_size=300), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(32, 127), st.integers(0, 5), st.binary(max_size=300)), max_size=4),
    st.lists(st.tuples(st.integers(32, 127), st.integers(0, 5), st.binary(max_size=300)), max_size=4),
    st.none() | st.integers(0, 700),
)
def test_frames_stay_and_extensions_add_up(
    frames: list[bytes], first: Any, second: Any, growth: int | None
) -> None:
    packet = dred_native.write_packet(16, False, 3, frames, vbr=True)
    first = [extension for extension in first if extension[1] < len(frames)]
    second = [extension for extension in second if extension[1] < len(frames)]
    once = dred_native.pad_packet(packet, first)
    twice = dred_native.pad_packet(once, second)
    if growth is not None:
        twice = dred_native.pad_packet(once, second, len(twice) + growth)
    parsed = dred_native.parse_packet(twice)
    assert parsed["frames"] == frames
    found = dred_native.parse_extensions(parsed["padding"], len(frames))
    in_frame_order = sorted([*second, *sorted(first, key=lambda e: e[1])], key=lambda e: e[1])
    assert sorted(found, key=lambda e: e[1]) == in_frame_order
