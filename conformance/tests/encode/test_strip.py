"""DRED out of packets."""

import pytest

from dred_conformance.encoding.stripping import strip_dred
from dred_reference.errors import ExtensionError, PacketError
from dred_reference.extension import Extension, parse_extensions
from dred_reference.packet import parse_packet, write_packet
from dred_reference.packet_padding import add_extensions

DRED = Extension(126, 0, b"D\x0c" + bytes(range(40)))
OTHER = Extension(33, 0, b"other")
SHORT = Extension(5, 0, b"s")
BARE = {
    "one": write_packet(9, False, 0, [b"abc"]),
    "two equal": write_packet(9, True, 1, [b"abc", b"def"]),
    "two": write_packet(9, False, 2, [b"abc", b"defg"]),
    "three equal": write_packet(9, False, 3, [b"abc", b"def", b"ghi"]),
    "three": write_packet(9, False, 3, [b"abc", b"de", b"ghi"], vbr=True),
    "large": write_packet(31, True, 0, [bytes(1275)]),
    "empty frame": write_packet(9, False, 2, [b"", b"defg"]),
}


@pytest.mark.parametrize("packet", BARE.values(), ids=BARE)
def test_what_was_added_to_a_short_packet_comes_out_without_trace(packet: bytes) -> None:
    assert strip_dred(add_extensions(packet, [DRED])) == packet


@pytest.mark.parametrize("packet", BARE.values(), ids=BARE)
def test_other_extensions_stay(packet: bytes) -> None:
    others = [OTHER, SHORT]
    stripped = strip_dred(add_extensions(packet, [OTHER, DRED, SHORT]))
    before, after = parse_packet(packet), parse_packet(stripped)
    assert after.frames == before.frames
    assert (after.config, after.stereo) == (before.config, before.stereo)
    assert list(parse_extensions(after.padding, len(after.frames))) == others


@pytest.mark.parametrize("packet", BARE.values(), ids=BARE)
@pytest.mark.parametrize("others", [[], [OTHER]])
def test_the_size_is_kept_where_that_is_wanted(packet: bytes, others: list[Extension]) -> None:
    full = add_extensions(packet, [DRED, *others], size=len(packet) + 300)
    stripped = strip_dred(full, keep_size=True)
    assert len(stripped) == len(full)
    parsed = parse_packet(stripped)
    assert parsed.frames == parse_packet(packet).frames
    assert list(parse_extensions(parsed.padding, len(parsed.frames))) == others


def test_all_profiles_and_several_at_once_are_found() -> None:
    packet = BARE["three"]
    several = [DRED, Extension(126, 2, b"D\x0a1234"), Extension(32, 1, b"draft")]
    assert strip_dred(add_extensions(packet, several)) == packet


def test_a_packet_without_dred_is_not_touched() -> None:
    long_form = write_packet(9, False, 3, [b"abc"], padding=bytes(7))
    assert strip_dred(long_form) is long_form
    unknown = add_extensions(BARE["one"], [Extension(126, 0, b"D\x63 another experiment")])
    assert strip_dred(unknown) is unknown


def test_broken_packets_are_refused() -> None:
    with pytest.raises(PacketError):
        strip_dred(b"\x4b\x00")
    with pytest.raises(ExtensionError):
        strip_dred(write_packet(9, False, 3, [b"abc"], padding=b"\x02" + DRED.payload))
