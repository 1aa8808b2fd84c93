"""The native packet reader against packets made by hand (RFC 6716 section 3)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dred_native
from dred_native import DredError

# Durations of the 32 configurations in 2.5 ms units, as the table of RFC 6716 section 3.1 has them.
DURATIONS_2P5MS = [4, 8, 16, 24] * 3 + [4, 8] * 2 + [1, 2, 4, 8] * 4


def fault(packet: bytes, *, self_delimited: bool = False) -> tuple[str, int | None]:
    with pytest.raises(DredError) as caught:
        dred_native.parse_packet(packet, self_delimited)
    assert caught.value.stage == "packet"
    return caught.value.rule, caught.value.position


@pytest.mark.clause("RFC6716-3.1-toc", "RFC6716-3.2.2-code0", "RFC6716-3-framing")
@pytest.mark.parametrize("toc", [0x00, 0x08, 0x7C, 0xFC, 0x94])
def test_code_0_is_one_frame_to_the_end(toc: int) -> None:
    assert dred_native.parse_packet(bytes([toc]) + b"abc") == {
        "config": toc >> 3,
        "stereo": bool(toc & 4),
        "code": 0,
        "frames": [b"abc"],
        "padding": b"",
        "consumed": 4,
    }


@pytest.mark.clause("RFC6716-3.2.3-code1", "RFC6716-3.2.4-code2", "RFC6716-3.2.1-zero")
@pytest.mark.parametrize(
    ("packet", "frames"),
    [
        (b"\x09abcd", [b"ab", b"cd"]),
        (b"\x09", [b"", b""]),
        (b"\x0a\x01abc", [b"a", b"bc"]),
        (b"\x0a\x00", [b"", b""]),
        (b"\x0a\xfc\x00" + bytes(252) + b"z", [bytes(252), b"z"]),
        (b"\x0a\xff\xff" + bytes(1275), [bytes(1275), b""]),
        (b"\x0a\xfe\x02" + bytes(262), [bytes(262), b""]),
    ],
)
def test_two_frames(packet: bytes, frames: list[bytes]) -> None:
    parsed = dred_native.parse_packet(packet)
    assert (parsed["frames"], parsed["consumed"]) == (frames, len(packet))


@pytest.mark.clause("RFC6716-3.2.5-code3", "RFC6716-3.2.5-padany", "RFC6716-3.2.5-P")
@pytest.mark.parametrize(
    ("packet", "frames", "padding"),
    [
        (b"\x0b\x03abcdef", [b"ab", b"cd", b"ef"], b""),
        (b"\x0b\x43\x02abcxy", [b"a", b"b", b"c"], b"xy"),
        (b"\x0b\x41\x00a", [b"a"], b""),
        (b"\x0b\x41\xfea" + bytes(254), [b"a"], bytes(254)),
        (b"\x0b\x41\xff\x00a" + bytes(254), [b"a"], bytes(254)),
        (b"\x0b\x41\xff\xff\x03" + b"\x07" * 511, [b""], b"\x07" * 511),
        (b"\x0b\x83\x01\x02abbccc", [b"a", b"bb", b"ccc"], b""),
        (b"\x0b\xc2\x01\x03abbcc!", [b"abb", b"cc"], b"!"),
        (b"\x0b\x81abc", [b"abc"], b""),
    ],
)
def test_code_3(packet: bytes, frames: list[bytes], padding: bytes) -> None:
    parsed = dred_native.parse_packet(packet)
    assert (parsed["code"], parsed["frames"], parsed["padding"]) == (3, frames, padding)
    assert parsed["consumed"] == len(packet)


@pytest.mark.clause("RFC6716-3.2.5-R5")
@pytest.mark.parametrize("config", range(32))
def test_120_ms_is_the_most(config: int) -> None:
    most = 48 // DURATIONS_2P5MS[config]
    toc = config << 3 | 3
    assert len(dred_native.parse_packet(bytes([toc, most]))["frames"]) == most
    assert fault(bytes([toc, most + 1])) == ("R5", 1)


# Rules and positions of CONTRACT.md; every packet breaks one rule only, unless it says so.
FAULTS: list[Any] = [
    pytest.param(b"", "R1", 0, marks=pytest.mark.clause("RFC6716-3.1-R1")),
    pytest.param(b"\x08" + bytes(1276), "R2", 1, marks=pytest.mark.clause("RFC6716-3.2.1-R2")),
    pytest.param(b"\x09" + bytes(2552), "R2", 1, marks=pytest.mark.clause("RFC6716-3.2.1-R2")),
    pytest.param(b"\x0a\x02" + bytes(1278), "R2", 4, marks=pytest.mark.clause("RFC6716-3.2.1-R2")),
    pytest.param(b"\x0b\x02" + bytes(2552), "R2", 2, marks=pytest.mark.clause("RFC6716-3.2.1-R2")),
    pytest.param(b"\x0b\x83\x01\x02" + bytes(1279), "R2", 7, marks=pytest.mark.clause("RFC6716-3.2.1-R2")),
    pytest.param(b"\x09abc", "R3", 1, marks=pytest.mark.clause("RFC6716-3.2.3-R3")),
    pytest.param(b"\x09" + bytes(2553), "R3", 1, marks=pytest.mark.clause("RFC6716-3.2.3-R3")),  # R2 too
    pytest.param(b"\x0a", "R4", 1, marks=pytest.mark.clause("RFC6716-3.2.4-R4")),
    pytest.param(b"\x0a\xfc", "R4", 1, marks=pytest.mark.clause("RFC6716-3.2.4-R4")),
    pytest.param(b"\x0a\x03ab", "R4", 1, marks=pytest.mark.clause("RFC6716-3.2.4-R4")),
    pytest.param(b"\x0b", "R6", 1, marks=pytest.mark.clause("RFC6716-3.2.5-count")),
    pytest.param(b"\x0b\x00", "R5", 1, marks=pytest.mark.clause("RFC6716-3.2.5-R5")),
    pytest.param(b"\x0b\xff", "R5", 1, marks=pytest.mark.clause("RFC6716-3.2.5-R5")),
    pytest.param(b"\x0b\x41", "R6", 2, marks=pytest.mark.clause("RFC6716-3.2.5-padlen")),
    pytest.param(b"\x0b\x41\xff", "R6", 3, marks=pytest.mark.clause("RFC6716-3.2.5-padlen")),
    pytest.param(b"\x0b\xc1\xff", "R7", 3, marks=pytest.mark.clause("RFC6716-3.2.5-padlen")),
    pytest.param(b"\x0b\x41\x03ab", "R6", 2, marks=pytest.mark.clause("RFC6716-3.2.5-P")),
    pytest.param(b"\x0b\xc1\x03ab", "R7", 2, marks=pytest.mark.clause("RFC6716-3.2.5-P")),
    pytest.param(b"\x0b\x41\xff\x00" + bytes(253), "R6", 2, marks=pytest.mark.clause("RFC6716-3.2.5-P")),
    pytest.param(b"\x0b\x41\xff\xff\x00" + bytes(253), "R6", 2, marks=pytest.mark.clause("RFC6716-3.2.5-P")),
    pytest.param(b"\x0b\x42\x01abcx", "R6", 3, marks=pytest.mark.clause("RFC6716-3.2.5-R6")),
    pytest.param(b"\x0b\x02abc", "R6", 2, marks=pytest.mark.clause("RFC6716-3.2.5-R6")),
    pytest.param(b"\x0b\x82", "R7", 2, marks=pytest.mark.clause("RFC6716-3.2.5-R7")),
    pytest.param(b"\x0b\x83\x01\xfd", "R7", 3, marks=pytest.mark.clause("RFC6716-3.2.5-R7")),
    pytest.param(b"\x0b\x82\x03ab", "R7", 2, marks=pytest.mark.clause("RFC6716-3.2.5-R7")),
    pytest.param(b"\x0b\x83\x02\x02abc", "R7", 3, marks=pytest.mark.clause("RFC6716-3.2.5-R7")),
]


@pytest.mark.clause("RFC6716-3.4-reject")
@pytest.mark.parametrize(("packet", "rule", "position"), FAULTS)
def test_a_malformed_packet_is_refused_with_rule_and_position(
    packet: bytes, rule: str, position: int
) -> None:
    assert fault(packet) == (rule, position)


@pytest.mark.clause("RFC6716-3-framing", "RFC6716-3.4-reject")
@given(st.binary(max_size=80))
def test_whatever_the_bytes_a_packet_is_split_completely_or_refused(data: bytes) -> None:
    (parsed,) = dred_native.parse_packets([data])
    if isinstance(parsed, DredError):
        assert parsed.rule.startswith("R")
        assert parsed.position is not None
        assert 0 <= parsed.position <= len(data)
        return
    body = b"".join(parsed["frames"]) + parsed["padding"]
    assert data.endswith(body)
    assert parsed["consumed"] == len(data)
    assert len(parsed["frames"]) * DURATIONS_2P5MS[parsed["config"]] <= 48
