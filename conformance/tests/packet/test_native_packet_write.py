"""The native packet writer, and the self-delimiting variant both ways."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dred_native
from dred_native import DredError

FRAME_SIZES = st.sampled_from([0, 1, 2, 250, 251, 252, 253, 255, 256, 259, 1274, 1275]) | st.integers(0, 1275)


@st.composite
def packet_parts(draw: st.DrawFn) -> dict[str, Any]:
    code = draw(st.integers(0, 3))
    count = draw(st.integers(1, 48)) if code == 3 else 1 if code == 0 else 2
    vbr = draw(st.booleans())
    if code == 2 or (code == 3 and vbr):
        sizes = draw(st.lists(FRAME_SIZES, min_size=count, max_size=count))
    else:
        sizes = [draw(FRAME_SIZES)] * count
    # 2.5 ms frames, so that every count fits 120 ms; for one or two frames any configuration.
    config = draw(st.sampled_from([16, 20, 24, 28]) if count > 2 else st.integers(0, 31))
    padding = (
        draw(st.none() | st.binary(max_size=5) | st.integers(250, 800).map(bytes)) if code == 3 else None
    )
    frames = [bytes([index + 1]) * size for index, size in enumerate(sizes)]
    return {
        "config": config,
        "stereo": draw(st.booleans()),
        "code": code,
        "frames": frames,
        "vbr": vbr,
        "padding": padding,
        "self_delimited": draw(st.booleans()),
    }


@pytest.mark.clause(
    "RFC6716-3.2.1-length", "RFC6716-3.2.5-code3", "RFC6716-B-selfdelim", "RFC6716-3-selfdelim"
)
@given(packet_parts(), st.binary(max_size=9))
def test_what_is_written_is_read_again(parts: dict[str, Any], behind: bytes) -> None:
    packet = dred_native.write_packet(**parts)
    follows = behind if parts["self_delimited"] else b""
    parsed = dred_native.parse_packet(packet + follows, parts["self_delimited"])
    assert parsed == {
        "config": parts["config"],
        "stereo": parts["stereo"],
        "code": parts["code"],
        "frames": parts["frames"],
        "padding": parts["padding"] or b"",
        "consumed": len(packet),
    }


@pytest.mark.clause("RFC6716-3.2.5-code3", "RFC6716-3.2.1-length")
@pytest.mark.parametrize(
    ("arguments", "more", "packet"),
    [
        ((3, False, 0, [b"ab"]), {}, b"\x18ab"),
        ((3, True, 1, [b"ab", b"cd"]), {}, b"\x1dabcd"),
        ((3, False, 2, [b"ab", b"c"]), {}, b"\x1a\x02abc"),
        ((16, False, 3, [b"a", b"b", b"c"]), {}, b"\x83\x03abc"),
        ((16, False, 3, [b"a", b"bb"]), {"vbr": True}, b"\x83\x82\x01abb"),
        ((16, False, 3, [b"a"]), {"padding": b""}, b"\x83\x41\x00a"),
        ((16, False, 3, [b"a"]), {"padding": b"xyz"}, b"\x83\x41\x03axyz"),
        ((16, False, 3, [b""]), {"padding": bytes(254)}, b"\x83\x41\xfe" + bytes(254)),
        ((16, False, 3, [b""]), {"padding": bytes(255)}, b"\x83\x41\xff\x01" + bytes(255)),
        ((16, False, 3, [b""]), {"padding": bytes(508)}, b"\x83\x41\xff\xfe" + bytes(508)),
        ((16, False, 3, [b""]), {"padding": bytes(509)}, b"\x83\x41\xff\xff\x01" + bytes(509)),
        ((3, False, 0, [b"ab"]), {"self_delimited": True}, b"\x18\x02ab"),
        ((3, False, 1, [b"ab", b"cd"]), {"self_delimited": True}, b"\x19\x02abcd"),
        ((3, False, 2, [b"a", bytes(252)]), {"self_delimited": True}, b"\x1a\x01\xfc\x00a" + bytes(252)),
        (
            (16, False, 3, [b"a", b"bb"]),
            {"vbr": True, "padding": b"p", "self_delimited": True},
            b"\x83\xc2\x01\x01\x02abbp",
        ),
    ],
)
def test_written_bytes(arguments: Any, more: Any, packet: bytes) -> None:
    assert dred_native.write_packet(*arguments, **more) == packet


@pytest.mark.clause("RFC6716-3.2.1-R2", "RFC6716-3.2.3-R3", "RFC6716-3.2.5-R5", "RFC6716-3.2.5-R6")
@pytest.mark.parametrize(
    ("arguments", "more"),
    [
        ((32, False, 0, [b""]), {}),
        ((-1, False, 0, [b""]), {}),
        ((2**70, False, 0, [b""]), {}),
        ((0, False, 4, [b""]), {}),
        ((0, False, -1, [b""]), {}),
        ((0, False, 0, []), {}),
        ((0, False, 0, [b"", b""]), {}),
        ((0, False, 1, [b"a"]), {}),
        ((0, False, 1, [b"a", b"bb"]), {}),
        ((0, False, 2, [b"a", b"b", b"c"]), {}),
        ((0, False, 3, []), {}),
        ((0, False, 3, [b"a"] * 13), {}),
        ((16, False, 3, [b"a"] * 49), {}),
        ((16, False, 3, [b"a", b"bb"]), {}),
        ((0, False, 0, [bytes(1276)]), {}),
        ((0, False, 2, [b"", bytes(1276)]), {}),
        ((0, False, 0, [b""]), {"padding": b""}),
        ((0, False, 2, [b"", b""]), {"padding": b"x"}),
    ],
)
def test_parts_that_are_no_packet_are_refused(arguments: Any, more: Any) -> None:
    with pytest.raises(DredError) as caught:
        dred_native.write_packet(*arguments, **more)
    assert (caught.value.rule, caught.value.stage, caught.value.position) == ("W1", "packet", None)


@pytest.mark.clause("RFC6716-B-selfdelim")
@pytest.mark.parametrize(
    ("packet", "rule", "position"),
    [
        (b"", "R1", 0),
        (b"\x08", "B1", 1),
        (b"\x08\xfc", "B1", 1),
        (b"\x08\x03ab", "B1", 1),
        (b"\x09\x02abc", "B2", 1),
        (b"\x0a\x01\x04abc", "B1", 2),
        (b"\x0a\x02\x02abc", "B3", 2),
        (b"\x0b\x02\x02abc", "B2", 2),
        (b"\x0b\x42\x01\x02abc!", "B2", 3),
        (b"\x0b\x82\x02\x03abcd", "B3", 3),
        (b"\x0b\x82\x02", "R7", 2),
        (b"\x0b\x82\x00", "B1", 3),
    ],
)
def test_a_delimiting_length_that_does_not_fit(packet: bytes, rule: str, position: int) -> None:
    with pytest.raises(DredError) as caught:
        dred_native.parse_packet(packet, self_delimited=True)
    assert (caught.value.rule, caught.value.position) == (rule, position)


@pytest.mark.clause("RFC6716-B-selfdelim")
@given(st.integers(0, 255), st.lists(st.integers(0, 6), max_size=8), st.binary(min_size=20, max_size=60))
def test_a_self_delimited_packet_needs_nothing_behind_it(toc: int, lengths: list[int], rest: bytes) -> None:
    data = bytes([toc, *lengths]) + rest
    try:
        parsed = dred_native.parse_packet(data, self_delimited=True)
    except DredError as error:
        position = error.position
    else:
        position = parsed["consumed"]
        assert dred_native.parse_packet(data[:position], self_delimited=True) == parsed
    assert position is not None
    assert position <= len(data)
