"""Writing packets, and reading back what was written."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dred_reference.errors import WriteError
from dred_reference.packet import padding_length_bytes, parse_packet, write_frame_length, write_packet
from dred_reference.trace import Trace


@st.composite
def packets(draw: st.DrawFn) -> dict[str, Any]:
    config = draw(st.integers(0, 31))
    code = draw(st.integers(0, 3))
    duration_2p5ms = ([4, 8, 16, 24] * 3 + [4, 8] * 2 + [1, 2, 4, 8] * 4)[config]
    count = (1, 2, 2)[code] if code < 3 else draw(st.integers(1, 48 // duration_2p5ms))
    vbr = code == 3 and draw(st.booleans())
    size = st.integers(0, 30) | st.integers(250, 260) | st.integers(1270, 1275)
    sizes = (
        [draw(size)] * count
        if code == 1 or (code == 3 and not vbr)
        else draw(st.lists(size, min_size=count, max_size=count))
    )
    padding = draw(st.none() | st.binary(max_size=20) | st.sampled_from([253, 254, 255, 508, 509]).map(bytes))
    return {
        "config": config,
        "stereo": draw(st.booleans()),
        "code": code,
        "frames": [bytes([index + 1]) * size for index, size in enumerate(sizes)],
        "vbr": vbr,
        "padding": padding if code == 3 else None,
        "self_delimited": draw(st.booleans()),
    }


@pytest.mark.clause(
    "RFC6716-3.2.2-code0",
    "RFC6716-3.2.3-code1",
    "RFC6716-3.2.4-code2",
    "RFC6716-3.2.5-code3",
    "RFC6716-B-selfdelim",
)
@given(packet=packets())
def test_what_is_written_is_read_back(packet: dict[str, Any]) -> None:
    written = write_packet(**packet)
    read = parse_packet(written, self_delimited=packet["self_delimited"])
    assert (read.config, read.stereo, read.code) == (packet["config"], packet["stereo"], packet["code"])
    assert read.frames == tuple(packet["frames"])
    assert read.padding == (packet["padding"] or b"")
    assert read.padded == (packet["padding"] is not None)
    assert read.vbr == packet["vbr"]
    assert read.consumed == len(written)


@pytest.mark.clause("RFC6716-3-framing", "RFC6716-3.1-toc", "RFC6716-3.2.5-code3")
@given(packet=packets())
def test_the_trace_accounts_for_every_bit(packet: dict[str, Any]) -> None:
    trace = Trace()
    data = write_packet(**packet)
    read = parse_packet(data, self_delimited=packet["self_delimited"], trace=trace)
    position = 0
    for field in trace.fields:
        assert field.start_bit == position
        position = field.end_bit
    assert position == 8 * len(data)
    values = {field.name: field.value for field in trace.fields}
    assert (values["toc.config"], values["toc.stereo"], values["toc.code"]) == (
        read.config,
        read.stereo,
        read.code,
    )
    assert [values[f"frames[{index}]"] for index in range(len(read.frames))] == list(read.frames)
    flags = (values.get("count.vbr", False), values.get("count.padding", False))
    assert flags == (read.vbr, read.padded)
    assert values.get("count.frames", len(read.frames)) == len(read.frames)
    assert values.get("padding", b"") == read.padding
    assert values.get("padding.length", 0) == len(read.padding)


@pytest.mark.clause("RFC6716-3.2.1-length")
def test_frame_lengths_take_one_byte_up_to_251() -> None:
    assert write_frame_length(0) == b"\x00"
    assert write_frame_length(251) == b"\xfb"
    assert write_frame_length(252) == b"\xfc\x00"
    assert write_frame_length(255) == b"\xff\x00"
    assert write_frame_length(256) == b"\xfc\x01"
    assert write_frame_length(1275) == b"\xff\xff"


@pytest.mark.clause("RFC6716-3.2.5-padlen")
def test_padding_lengths_by_hand() -> None:
    assert padding_length_bytes(1) == b"\x00"
    assert padding_length_bytes(255) == b"\xfe"
    assert padding_length_bytes(256) == b"\xff\x00"  # also 254 bytes of padding, in two bytes
    assert padding_length_bytes(257) == b"\xff\x01"
    assert write_packet(0, False, 3, [b"a"], padding=bytes(254))[:3] == b"\x03\x41\xfe"
    assert write_packet(0, False, 3, [b"a"], padding=bytes(255))[:4] == b"\x03\x41\xff\x01"


@pytest.mark.clause("RFC6716-3.2.1-R2", "RFC6716-3.2.3-R3", "RFC6716-3.2.5-R5", "RFC6716-3.2.5-R6")
@pytest.mark.parametrize(
    "arguments",
    [
        {"config": 32},
        {"config": -1},
        {"code": 4},
        {"code": -1},
        {"frames": []},
        {"frames": [b"a", b"b"]},
        {"frames": [bytes(1276)]},
        {"padding": b""},
        {"code": 1},
        {"code": 1, "frames": [b"a", b"bb"]},
        {"code": 2},
        {"code": 3, "frames": []},
        {"code": 3, "frames": [b"a", b"bb"]},
        {"code": 3, "frames": [b"a"] * 13},
        {"code": 3, "config": 16, "frames": [b"a"] * 49},
    ],
)
def test_what_a_packet_cannot_carry_is_refused(arguments: dict[str, Any]) -> None:
    fine: dict[str, Any] = {"config": 0, "stereo": False, "code": 0, "frames": [b"a"]}
    write_packet(**fine)
    with pytest.raises(WriteError) as caught:
        write_packet(**(fine | arguments))
    assert (caught.value.rule, caught.value.stage) == ("W1", "packet")
