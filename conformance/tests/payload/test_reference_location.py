"""Finding DRED in packets."""

import pytest

from dred_reference.errors import ExtensionError, PacketError
from dred_reference.extension import Extension, write_extensions
from dred_reference.location import broken_placement_rules, find_dred
from dred_reference.packet import parse_packet, write_packet
from dred_reference.packet_padding import add_extensions
from dred_reference.trace import Trace
from dred_reference.wire import WIRE_PROFILES

WIRE, DRAFT, OLD = (WIRE_PROFILES[name] for name in ("experimental-12", "draft-32", "experimental-10"))


def packet(*extensions: Extension, config: int = 9, frames: int = 1, behind: bytes = b"") -> bytes:
    area = write_extensions([*extensions, Extension(31, frames - 1, b"")], frames) + behind
    return write_packet(config, False, 3, [b"speech"] * frames, padding=area)


@pytest.mark.clause("DRED-locate", "DRED-version")
def test_number_prefix_and_a_byte_of_data_are_needed() -> None:
    for number, payload, wire, is_found in (
        (126, b"D\x0c?", WIRE, True),
        (126, b"D\x0c", WIRE, False),
        (126, b"D\x0a?", WIRE, False),
        (126, b"E\x0c?", WIRE, False),
        (127, b"D\x0c?", WIRE, False),
        (32, b"?", DRAFT, True),
        (32, b"", DRAFT, False),
        (126, b"D\x0c?", DRAFT, False),
        (126, b"D\x0a?", OLD, True),
    ):
        found = find_dred(packet(Extension(number, 0, payload)), wire)
        assert (found is not None) == is_found
        assert found is None or found.payload == payload


@pytest.mark.clause("DRED-locate-first", "DRED-one-per-frame", "DRED-one-per-packet")
def test_the_first_in_bitstream_order_counts() -> None:
    decoy, first, second = (Extension(126, 0, data) for data in (b"D\x0a0", b"D\x0c1", b"D\x0c2"))
    found = find_dred(packet(decoy, first, second), WIRE)
    assert found is not None
    assert found.payload == b"D\x0c1"
    found = find_dred(packet(Extension(126, 1, b"D\x0c1"), second, frames=2), WIRE)
    assert found is not None
    assert found.payload == b"D\x0c2"
    # With a repeat the copy for frame 1 comes before a later extension of frame 0.
    area = b"\xfd\x02D\x0c" + b"\x05" + b"\x04D\x0cBB" + b"\xfcD\x0ccc"
    found = find_dred(write_packet(9, False, 3, [b"a", b"b"], padding=area), WIRE)
    assert found is not None
    assert (found.payload, found.frame) == (b"D\x0cBB", 1)


@pytest.mark.clause("DRED-frame-offset", "DRED-first-frame")
@pytest.mark.parametrize(
    ("config", "frame", "offset_2p5ms"),
    [(9, 0, 0), (9, 2, 16), (8, 3, 12), (11, 1, 24), (10, 2, 32), (28, 7, 7), (29, 11, 22), (15, 5, 40)],
)
def test_the_offset_is_that_of_the_frame(config: int, frame: int, offset_2p5ms: int) -> None:
    found = find_dred(packet(Extension(126, frame, b"D\x0c?"), config=config, frames=frame + 1), WIRE)
    assert found is not None
    assert (found.frame, found.frame_offset) == (frame, offset_2p5ms)


@pytest.mark.clause("EXT-error-keeps", "DRED-locate")
def test_errors_count_only_in_front_of_it() -> None:
    dred = Extension(126, 0, b"D\x0c?")
    damaged = packet(dred, behind=b"\x07")
    with pytest.raises(ExtensionError, match="E1"):
        broken_placement_rules(damaged, WIRE)
    assert find_dred(damaged, WIRE) is not None
    with pytest.raises(ExtensionError, match="E1"):
        find_dred(damaged, DRAFT)
    with pytest.raises(PacketError, match="R1"):
        find_dred(b"", WIRE)


@pytest.mark.clause("DRED-locate")
def test_position_and_trace() -> None:
    data = add_extensions(b"\x08speech", [Extension(3, 0, b"x"), Extension(126, 0, b"D\x0cdata")])
    trace = Trace()
    found = find_dred(data, WIRE, trace=trace)
    assert found is not None
    assert data[found.position : found.position + 6] == b"D\x0cdata"
    assert find_dred(parse_packet(data), WIRE) == found
    (padding,) = trace.children
    assert (padding.source, padding.base_bit) == ("padding", 8 * parse_packet(data).padding_offset)
    payload = padding.fields[-1]
    assert padding.base_bit + payload.start_bit == 8 * found.position


@pytest.mark.clause("DRED-one-per-frame", "DRED-one-per-packet", "DRED-first-frame")
def test_placement_rules() -> None:
    def dred(frame: int) -> Extension:
        return Extension(126, frame, b"D\x0c?")

    assert broken_placement_rules(packet(dred(0), frames=2), WIRE) == ()
    assert broken_placement_rules(packet(frames=2), WIRE) == ()
    assert broken_placement_rules(packet(dred(1), frames=2), WIRE) == ("DRED-first-frame",)
    assert broken_placement_rules(packet(dred(0), dred(1), frames=2), WIRE) == ("DRED-one-per-packet",)
    both = ("DRED-one-per-frame", "DRED-one-per-packet")
    assert broken_placement_rules(packet(dred(0), dred(0), frames=2), WIRE) == both
