"""Files with packets, written by hand: opus_demo, captures with RTP, Ogg."""

import struct
from collections.abc import Iterable
from pathlib import Path

import pytest

RtpEntry = tuple[int, int, float, bytes]
"""Sequence number, timestamp, milliseconds of the capture, payload."""


def write_bit(path: Path, packets: Iterable[bytes]) -> Path:
    """Write an opus_demo file."""
    path.write_bytes(b"".join(struct.pack(">II", len(packet), 0) + packet for packet in packets))
    return path


def write_capture(path: Path, entries: Iterable[RtpEntry]) -> Path:
    """Write a pcap file of IPv4 without a link layer."""
    pytest.importorskip("scapy", reason="captures need scapy (pip install '.[pcap]')")
    data = struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101)
    for sequence, timestamp, time_ms, payload in entries:
        rtp = struct.pack(">BBHII", 0x80, 111, sequence % 65536, timestamp % (1 << 32), 0xCAFE) + payload
        udp = struct.pack(">HHHH", 5004, 5006, 8 + len(rtp), 0) + rtp
        ip = (
            struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0) + bytes([10, 0, 0, 1] * 2) + udp
        )
        microseconds = round(1000 * time_ms)
        seconds = 1_700_000_000 + microseconds // 1_000_000
        data += struct.pack("<IIII", seconds, microseconds % 1_000_000, len(ip), len(ip)) + ip
    path.write_bytes(data)
    return path


def write_ogg(path: Path, packets: Iterable[tuple[bytes, int]], pre_skip: int, channels: int = 1) -> Path:
    """Write an Ogg file of packets with granule positions."""
    pytest.importorskip("mutagen", reason="Ogg needs mutagen (pip install '.[ogg]')")
    from dred_conformance.encoding.stream_files import ogg_file  # noqa: PLC0415

    path.write_bytes(ogg_file(list(packets), channels, pre_skip, 48000))
    return path
