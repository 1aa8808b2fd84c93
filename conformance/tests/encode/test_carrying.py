"""How much room there is for DRED, up to the last byte."""

import pytest

from dred_conformance.encoding.carrying import carrier
from dred_reference.extension import Extension, parse_extensions
from dred_reference.location import broken_placement_rules, find_dred
from dred_reference.packet import parse_packet, write_packet
from dred_reference.packet_padding import add_extensions
from dred_reference.wire import WIRE_PROFILES

WIRE = WIRE_PROFILES["experimental-12"]
PACKET = write_packet(9, False, 0, [bytes(range(50))])
WITH_OTHER = add_extensions(PACKET, [Extension(40, 0, b"x" * 300)])


@pytest.mark.parametrize("packet", [PACKET, WITH_OTHER], ids=["bare", "other extension"])
@pytest.mark.parametrize("limit", [*range(355, 375), 500, 620, 621, 622, 874, 1400])
def test_what_fits_is_never_too_large_and_wastes_little(packet: bytes, limit: int) -> None:
    carried = carrier(packet, limit=limit)
    assert carried is not None
    room = carried.room(WIRE, WIRE.prefix)
    if room < 1:
        assert packet is WITH_OTHER
        assert limit < 370
        return
    made = carried.with_payload(WIRE, WIRE.prefix + bytes(room))
    assert made is not None
    assert len(made) <= limit
    if room < 998:
        assert len(made) >= limit - 14
    found = find_dred(made, WIRE)
    assert found is not None
    assert found.payload == WIRE.prefix + bytes(room)


@pytest.mark.parametrize("size", [55, 56, 60, 100, 305, 306, 307, 308, 309, 310, 311, 600])
def test_packets_of_a_constant_size_have_it_with_and_without_dred(size: int) -> None:
    carried = carrier(PACKET, size=size, limit=size)
    assert carried is not None
    assert len(carried.without_payload()) == size
    room = carried.room(WIRE, WIRE.prefix)
    if room > 0:
        made = carried.with_payload(WIRE, WIRE.prefix + bytes(room))
        assert made is not None
        assert len(made) == size
        assert parse_packet(made).frames == parse_packet(PACKET).frames


def test_zeros_that_the_base_codec_filled_up_are_room() -> None:
    filled = add_extensions(PACKET, [], size=200)
    carried = carrier(filled, size=200, limit=200)
    assert carried is not None
    assert carried.room(WIRE, WIRE.prefix) > 130


def test_a_payload_that_does_not_fit_is_left_out() -> None:
    carried = carrier(PACKET, limit=100)
    assert carried is not None
    assert carried.with_payload(WIRE, bytes(60)) is None


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"\x48",
        b"\x48\x01",
        b"\x4b\x00\x01",
        b"\x49\x01\x02\x03\x04\x05"[:4],
        write_packet(9, False, 3, [b"", b"", b""], padding=bytes(9)),
        write_packet(9, False, 3, [b"abc"], padding=b"\x02\x02"),
    ],
    ids=["empty", "DTX of 1", "DTX of 2", "no frame", "odd", "empty frames", "padding that breaks off"],
)
def test_packets_that_must_stay_as_they_are(packet: bytes) -> None:
    assert carrier(packet) is None


@pytest.mark.clause("DRED-first-frame", "DRED-one-per-packet")
def test_several_frames_have_one_dred_on_the_first() -> None:
    packet = write_packet(9, False, 3, [b"abc", b"de", b"f"], vbr=True)
    packet = add_extensions(packet, [Extension(126, 2, WIRE.prefix + b"older"), Extension(9, 1, b"y")])
    carried = carrier(packet)
    assert carried is not None
    made = carried.with_payload(WIRE, WIRE.prefix + b"newer")
    assert made is not None
    assert broken_placement_rules(made, WIRE) == ()
    extensions = parse_extensions(parse_packet(made).padding, 3)
    assert set(extensions) == {Extension(126, 0, WIRE.prefix + b"newer"), Extension(9, 1, b"y")}
