"""Captures: files, link layers, addresses."""

import sys

import pytest

from dred_conformance.inputs import scapy_layers

PACKETS = [b"\x48" + bytes([number]) * 5 for number in range(5)]


def data_of(records) -> list[bytes]:
    return [record.data for record in records]


@pytest.fixture
def datagrams(build) -> list[bytes]:
    return [build.udp(build.rtp(packet, number)) for number, packet in enumerate(PACKETS)]


@pytest.mark.parametrize("endian", ["<", ">"])
@pytest.mark.parametrize("nano", [False, True])
def test_pcap_variants(build, read, datagrams, endian: str, nano: bool) -> None:
    frames = [build.ethernet(build.ipv4(datagram)) for datagram in datagrams]
    records, error = read(build.pcap(frames, endian=endian, nano=nano))
    assert error is None
    assert data_of(records) == PACKETS
    assert [round(record.time_ms, 2) for record in records] == [0, 20, 40, 60, 80]
    assert [record.timestamp for record in records] == [0, 960, 1920, 2880, 3840]
    assert records[1].origin.byte_offset == 24 + 16 + len(frames[0])
    assert (
        "frame 2, 10.0.0.1:5004 -> 10.0.0.2:5006 SSRC 0x0000cafe, sequence 1" in records[1].origin.description
    )


@pytest.mark.parametrize("endian", ["<", ">"])
def test_pcapng(build, read, datagrams, endian: str) -> None:
    frames = [build.ethernet(build.ipv4(datagram)) for datagram in datagrams]
    records, error = read(build.pcapng(frames, endian=endian))
    assert error is None
    assert data_of(records) == PACKETS
    assert [round(record.time_ms, 2) for record in records] == [0, 20, 40, 60, 80]
    assert records[0].origin.byte_offset == 28 + 20


@pytest.mark.parametrize(
    ("linktype", "wrap"),
    [
        (1, lambda b, d: b.ethernet(b.ipv4(d))),
        (1, lambda b, d: b.ethernet(b.ipv4(d), vlan=5)),
        (1, lambda b, d: b.ethernet(b.ipv4(d)) + bytes(18)),  # Ethernet trailer
        (1, lambda b, d: b.ethernet(b.ipv6(d), kind=0x86DD)),
        (101, lambda b, d: b.ipv4(d)),
        (101, lambda b, d: b.ipv6(d)),
        (228, lambda b, d: b.ipv4(d)),
        (229, lambda b, d: b.ipv6(d)),
        (113, lambda b, d: b.cooked(b.ipv4(d))),
        (0, lambda b, d: b"\x02\x00\x00\x00" + b.ipv4(d)),
    ],
)
def test_link_layers(build, read, datagrams, linktype: int, wrap) -> None:
    records, error = read(build.pcap([wrap(build, datagram) for datagram in datagrams], linktype=linktype))
    assert error is None
    assert data_of(records) == PACKETS


def test_unknown_link_type(build, read, datagrams) -> None:
    _, error = read(build.pcap(datagrams, linktype=147))
    assert error.rule == "I3"
    assert "147" in error.message


def test_port_of_another_protocol_does_not_disturb(build, read) -> None:
    frames = [
        build.ethernet(build.ipv4(build.udp(build.rtp(packet, number), 53, 53)))
        for number, packet in enumerate(PACKETS)
    ]
    records, error = read(build.pcap(frames))
    assert error is None
    assert data_of(records) == PACKETS


def test_fragments_and_other_traffic_are_passed_over(build, read, datagrams) -> None:
    frames = [build.ethernet(build.ipv4(datagram)) for datagram in datagrams]
    fragment = build.udp(build.rtp(b"\x48fragment", 2))
    frames.insert(1, build.ethernet(build.ipv4(fragment, flags_and_offset=0x2000)))
    frames.insert(2, build.ethernet(build.ipv4(bytes(40), protocol=6)))
    frames.insert(3, build.ethernet(bytes(28), kind=0x0806))
    frames.insert(4, b"\x00\x01")
    records, error = read(build.pcap(frames))
    assert error is None
    assert data_of(records) == PACKETS


def test_snap_length_makes_faults_not_wrong_packets(build, read, datagrams) -> None:
    frames = [build.ethernet(build.ipv4(datagram)) for datagram in datagrams]
    records, error = read(build.pcap(frames, cut=len(frames[0]) - 2), payload_type=111)
    assert error is None
    assert data_of(records) == [b""] * 5
    assert {record.fault.rule for record in records} == {"I2"}
    assert "tcpdump -s 0" in records[0].fault.advice


def test_cut_capture_gives_what_is_before_the_cut(build, read, datagrams) -> None:
    frames = [build.ethernet(build.ipv4(datagram)) for datagram in datagrams]
    for make in (build.pcap, build.pcapng):
        whole = make(frames)
        records, error = read(whole[:-3])
        assert data_of(records) == PACKETS[:-1]
        assert error.rule == "I2"
        assert error.position == len(make(frames[:-1]))


def test_without_scapy_the_error_says_what_to_install(build, read, datagrams, monkeypatch) -> None:
    scapy_layers.load_scapy.cache_clear()
    monkeypatch.setitem(sys.modules, "scapy.utils", None)
    _, error = read(build.pcap(datagrams))
    scapy_layers.load_scapy.cache_clear()
    assert error.rule == "I6"
    assert "opus-dred-reference[pcap]" in error.advice
