"""Cut and corrupted at every byte: typed errors only, and never a packet that is not in the whole file."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dred_conformance.inputs import FORMATS, InputError

PACKETS = [b"\x48" + bytes([number]) * 5 for number in range(4)]
CONTAINERS = ("hex", "bit", "ogg", "pcap", "pcapng")


@pytest.fixture(params=CONTAINERS)
def whole(request, build) -> tuple[str, bytes]:
    frames = [
        build.ethernet(build.ipv4(build.udp(build.rtp(packet, number))))
        for number, packet in enumerate(PACKETS)
    ]
    data = {
        "hex": b"".join(packet.hex().encode() + b"\n" for packet in PACKETS),
        "bit": build.bit_file(PACKETS),
        "ogg": build.ogg_file(PACKETS, segments_per_page=3),
        "pcap": build.pcap(frames),
        "pcapng": build.pcapng(frames),
    }[request.param]
    return request.param.removesuffix("ng"), data


def test_cut_at_every_byte(whole, read) -> None:
    container, data = whole
    clean_ends = 0
    for cut in range(len(data)):
        records, error = read(data[:cut], container=container)
        assert error is None or isinstance(error, InputError)
        found = [record.data for record in records]
        if container == "hex":  # a cut line of hex is a shorter packet
            found = found[:-1]
        assert found == PACKETS[: len(found)]
        clean_ends += error is None
        assert len(found) < len(PACKETS) or cut == len(data) - 1
    # only the ends of records look whole; of a cut line of hex every second byte does
    assert clean_ends <= (len(data) if container == "hex" else len(PACKETS) + 2)


@pytest.mark.parametrize("change", [0x01, 0x80, 0xFF])
def test_every_byte_corrupted(whole, read, change: int) -> None:
    container, data = whole
    for position in range(len(data)):
        damaged = bytearray(data)
        damaged[position] ^= change
        _, error = read(bytes(damaged), container=container)
        assert error is None or error.rule in {"I1", "I2", "I3", "I4", "I5"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(max_size=400),
    container=st.sampled_from(FORMATS),
    magic=st.sampled_from(["", "OggS", "\x0a\x0d\x0d\x0a", "\xd4\xc3\xb2\xa1"]),
)
def test_any_bytes_as_any_container(read, data: bytes, container: str, magic: str) -> None:
    _, error = read(magic.encode("latin-1") + data, container=container)
    assert error is None or error.rule in {"I1", "I2", "I3", "I4", "I5"}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(payloads=st.lists(st.binary(max_size=60), min_size=1, max_size=8))
def test_any_datagrams_in_a_sound_capture(read, build, capture_of, payloads: list[bytes]) -> None:
    records, error = read(capture_of(payloads))
    assert error is None or error.rule == "I5"
    assert len(records) <= 3000 * len(payloads)
