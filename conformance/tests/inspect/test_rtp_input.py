"""RTP flows: which one, in what order, with what around the payload."""

import random

import pytest

PACKETS = [b"\x48" + bytes([number]) * 5 for number in range(12)]


def data_of(records) -> list[bytes]:
    return [record.data for record in records]


def test_header_extension_contributing_sources_and_padding(build, capture_of, read) -> None:
    packets = [
        build.rtp(PACKETS[0], 0, csrc=(1, 2, 3)),
        build.rtp(PACKETS[1], 1, extension=b"\x10\xff\x00\x00"),
        build.rtp(PACKETS[2], 2, padding=7),
        build.rtp(PACKETS[3], 3, csrc=(9,), extension=b"", padding=1),
    ]
    records, error = read(capture_of(packets))
    assert error is None
    assert data_of(records) == PACKETS[:4]
    assert [record.notes for record in records] == [()] * 4


@pytest.mark.parametrize("count", [0, 200])
def test_malformed_padding_count_keeps_the_payload_and_says_so(build, capture_of, read, count: int) -> None:
    payload = PACKETS[1] + bytes([count])
    odd = bytearray(build.rtp(payload, 1))
    odd[0] |= 0x20
    records, error = read(capture_of([build.rtp(PACKETS[0], 0), bytes(odd), build.rtp(PACKETS[2], 2)]))
    assert error is None
    assert records[1].data == payload
    assert f"malformed count: {count} of {len(payload)}" in records[1].notes[0]


def test_payload_of_nothing_but_padding_is_no_packet(build, capture_of, read) -> None:
    packets = [build.rtp(PACKETS[0], 0), build.rtp(b"", 1, padding=20), build.rtp(PACKETS[2], 2)]
    records, error = read(capture_of(packets))
    assert error is None
    assert data_of(records) == [PACKETS[0], PACKETS[2]]
    assert "sequence 1 holds no payload" in records[1].notes[0]


def test_reordering_duplicates_and_losses(build, capture_of, read) -> None:
    order = [0, 2, 1, 3, 3, 4, 6, 8]
    packets = [build.rtp(PACKETS[number], 65533 + number) for number in order]
    records, error = read(capture_of(packets))
    assert error is None
    assert data_of(records) == [*PACKETS[:5], b"", PACKETS[6], b"", PACKETS[8]]
    assert [record.lost for record in records] == [False] * 5 + [True, False, True, False]
    assert [record.index for record in records] == list(range(9))
    assert records[1].notes == ("reordered: arrived after sequence 65535",)
    assert "duplicate of sequence 0" in records[4].notes[0]
    assert "sequence 2 is not in the capture" in records[5].origin.description


def test_packet_later_than_the_window_is_kept_and_noted(build, capture_of, read) -> None:
    order = [0, *range(2, 60), 1]
    packets = [build.rtp(b"\x48" + bytes([number]), number) for number in order]
    records, error = read(capture_of(packets))
    assert error is None
    assert records[1].lost
    assert records[-1].data == b"\x48\x01"
    assert "arrived after 58 later ones" in records[-1].notes[-1]


def test_jump_of_the_sequence_is_a_restart_not_thousands_of_losses(build, capture_of, read) -> None:
    order = [0, 1, 2, 3, 20000, 20001, 20002, 20003]
    packets = [build.rtp(b"\x48" + bytes([number % 256]), number) for number in order]
    records, error = read(capture_of(packets))
    assert error is None
    assert len(records) == 8
    assert "jump from 3 to 20000" in records[4].notes[0]


def test_two_opus_flows_are_listed_and_options_choose(build, capture_of, read) -> None:
    packets = []
    for number, packet in enumerate(PACKETS):
        packets += [build.rtp(packet, number, ssrc=1), build.rtp(packet + b"x", number, ssrc=2)]
    data = capture_of(packets)
    records, error = read(data)
    assert records == []
    assert error.rule == "I5"
    assert "SSRC 0x00000001" in error.message
    assert "SSRC 0x00000002" in error.message
    assert "--ssrc" in error.advice
    records, error = read(data, ssrc=2)
    assert error is None
    assert data_of(records) == [packet + b"x" for packet in PACKETS]


def test_port_and_payload_type_choose(build, read) -> None:
    frames = []
    for number, packet in enumerate(PACKETS):
        for port, payload_type in ((5004, 96), (6004, 111)):
            datagram = build.udp(build.rtp(packet, number, payload_type=payload_type), port, port)
            frames.append(build.ethernet(build.ipv4(datagram)))
    data = build.pcap(frames)
    for choice in ({"port": 6004}, {"payload_type": 111}):
        records, error = read(data, **choice)
        assert error is None
        assert data_of(records) == PACKETS
        assert "10.0.0.1:6004" in records[0].origin.description
    _, error = read(data, port=1)
    assert error.rule == "I5"
    assert "no RTP flow is what the options ask for" in error.message


def test_other_payload_types_of_the_flow_are_no_losses(build, capture_of, read) -> None:
    events = b"\x01\x0a\x00\xa0"
    packets = [
        build.rtp(
            events if number in {3, 4} else packet, number, payload_type=101 if number in {3, 4} else 111
        )
        for number, packet in enumerate(PACKETS)
    ]
    records, error = read(capture_of(packets))
    assert error is None
    assert data_of(records) == PACKETS[:3] + PACKETS[5:]
    assert not any(record.lost for record in records)


def test_rtcp_stun_and_static_types_are_not_taken_for_opus(build, capture_of, read) -> None:
    noise = [b"\x80\xc8\x00\x06" + bytes(24), b"\x00\x01\x00\x00" + bytes(16)]
    speech = [build.rtp(bytes(160), number, payload_type=0, ssrc=5) for number in range(6)]
    opus = [build.rtp(packet, number) for number, packet in enumerate(PACKETS)]
    records, error = read(capture_of([*noise, *speech, *opus]))
    assert error is None
    assert data_of(records) == PACKETS


def test_capture_without_rtp(build, capture_of, read) -> None:
    _, error = read(capture_of([b"hello"] * 3))
    assert error.rule == "I5"
    assert "no RTP among the 3 UDP datagrams" in error.message


def encrypted(build, count: int = 60) -> list[bytes]:
    source = random.Random(1)
    return [build.rtp(source.randbytes(80), number) for number in range(count)]


def test_encrypted_media_are_named(build, capture_of, read) -> None:
    handshake = b"\x16\xfe\xfd" + bytes(40)
    records, error = read(capture_of([handshake, *encrypted(build)]))
    assert records == []
    assert error.rule == "I5"
    assert "DTLS" in error.message
    assert "SRTP" in error.message
    records, error = read(capture_of(encrypted(build)), payload_type=111)
    assert error is None
    assert len(records) == 60


def red(primary: bytes, copies: list[tuple[int, bytes]], inner: int = 111) -> bytes:
    heads = b"".join(
        bytes([0x80 | inner]) + (offset << 10 | len(copy)).to_bytes(3, "big") for offset, copy in copies
    )
    return heads + bytes([inner]) + b"".join(copy for _, copy in copies) + primary


def test_red_is_recognised_and_unwrapped(build, capture_of, read) -> None:
    payloads = [red(PACKETS[0], [])]
    payloads += [red(PACKETS[number], [(960, PACKETS[number - 1])]) for number in range(1, len(PACKETS))]
    packets = [build.rtp(payload, number, payload_type=63) for number, payload in enumerate(payloads)]
    records, error = read(capture_of(packets))
    assert error is None
    assert data_of(records) == PACKETS
    assert records[1].notes == ("RED copy of 6 bytes, 20 ms older, was left aside",)
    records, error = read(capture_of(packets), red=False, payload_type=63)
    assert error is None
    assert data_of(records) == payloads


def test_red_copies_of_more_than_a_byte_of_length(build, capture_of, read) -> None:
    large = b"\x48" + bytes(700)
    packets = [
        build.rtp(red(PACKETS[number], [(960, large)]), number, payload_type=63) for number in range(3)
    ]
    records, _ = read(capture_of(packets))
    assert data_of(records) == PACKETS[:3]
    assert "RED copy of 701 bytes" in records[0].notes[0]


def test_red_mixed_with_plain_packets_of_the_same_source(build, capture_of, read) -> None:
    packets = [build.rtp(PACKETS[number], number) for number in range(4)]
    for number in range(4, 8):
        payload = red(PACKETS[number], [(960, PACKETS[number - 1])])
        packets.append(build.rtp(payload, number, payload_type=63))
    records, error = read(capture_of(packets))
    assert error is None
    assert data_of(records) == PACKETS[:8]


def test_red_that_does_not_fit_is_a_fault(build, capture_of, read) -> None:
    packets = [
        build.rtp(red(PACKETS[0], []), 0, payload_type=63),
        build.rtp(b"\xef\x00\x00\xff\x6f", 1, payload_type=63),
    ]
    records, error = read(capture_of(packets), red=True, payload_type=63)
    assert error is None
    assert records[0].data == PACKETS[0]
    assert records[1].fault.rule == "I1"
