"""Containers written by hand, so that no reader checks itself."""

import struct
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dred_conformance.inputs import InputError, Origin, RtpSelection, SourcePacket, open_input
from dred_conformance.inspection import Inspector, PacketReport
from dred_conformance.inspection.dred_section import NamedTables
from dred_model import synthetic_model
from dred_reference.wire import WIRE_PROFILES

OPUS_HEAD = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48000, 0, 0)
OPUS_TAGS = b"OpusTags" + struct.pack("<I", 4) + b"test" + struct.pack("<I", 0)


def _ogg_crc_step(register: int) -> int:
    for _ in range(8):
        register = ((register << 1) ^ (0x04C11DB7 if register & 0x80000000 else 0)) & 0xFFFFFFFF
    return register


_OGG_CRC = [_ogg_crc_step(byte << 24) for byte in range(256)]


def ogg_crc(data: bytes) -> int:
    register = 0
    for byte in data:
        register = (register << 8 & 0xFFFFFFFF) ^ _OGG_CRC[register >> 24 ^ byte]
    return register


def ogg_page(
    serial: int, sequence: int, lacing: list[int], body: bytes, flags: int = 0, granule: int = 0
) -> bytes:
    head = b"OggS" + struct.pack("<BBqII", 0, flags, granule, serial, sequence)
    tail = bytes([len(lacing), *lacing]) + body
    return head + struct.pack("<I", ogg_crc(head + bytes(4) + tail)) + tail


def lacing_of(packet: bytes) -> list[int]:
    return [255] * (len(packet) // 255) + [len(packet) % 255]


def ogg_file(
    packets: Iterable[bytes], serial: int = 7, head: bytes = OPUS_HEAD, segments_per_page: int = 255
) -> bytes:
    """Every segment in order; a page closes after `segments_per_page`, in the middle of packets too."""
    pages = [
        ogg_page(serial, 0, lacing_of(head), head, 2),
        ogg_page(serial, 1, lacing_of(OPUS_TAGS), OPUS_TAGS),
    ]
    segments: list[tuple[int, bytes, bool]] = []
    for packet in packets:
        offset = 0
        for number, length in enumerate(lacing_of(packet)):
            segments.append((length, packet[offset : offset + length], number > 0))
            offset += length
    for start in range(0, len(segments), segments_per_page):
        part = segments[start : start + segments_per_page]
        flags = 1 if part[0][2] else 0
        body = b"".join(data for _, data, _ in part)
        pages.append(ogg_page(serial, len(pages), [length for length, _, _ in part], body, flags))
    return b"".join(pages)


def bit_file(packets: Iterable[bytes], final_range: int = 0x12345678) -> bytes:
    return b"".join(struct.pack(">II", len(packet), final_range) + packet for packet in packets)


def rtp(
    payload: bytes, sequence: int, *, payload_type: int = 111, ssrc: int = 0xCAFE,
    timestamp: int | None = None, csrc: tuple[int, ...] = (), extension: bytes | None = None,
    padding: int | None = None,
) -> bytes:  # fmt: skip
    first = 0x80 | len(csrc) | (0x10 if extension is not None else 0) | (0x20 if padding is not None else 0)
    time = sequence * 960 if timestamp is None else timestamp
    head = struct.pack(">BBHII", first, payload_type, sequence & 0xFFFF, time & 0xFFFFFFFF, ssrc)
    head += b"".join(struct.pack(">I", source) for source in csrc)
    if extension is not None:
        head += struct.pack(">HH", 0xBEDE, len(extension) // 4) + extension
    tail = b"" if padding is None else bytes(max(0, padding - 1)) + bytes([padding])
    return head + payload + tail


def udp(payload: bytes, source: int = 5004, destination: int = 5006) -> bytes:
    return struct.pack(">HHHH", source, destination, 8 + len(payload), 0) + payload


def ipv4(payload: bytes, protocol: int = 17, flags_and_offset: int = 0) -> bytes:
    return (
        struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 1, flags_and_offset, 64, protocol, 0)
        + bytes([10, 0, 0, 1, 10, 0, 0, 2])
        + payload
    )


def ipv6(payload: bytes) -> bytes:
    source, destination = bytes(15) + b"\x01", bytes(15) + b"\x02"
    return struct.pack(">IHBB", 0x60000000, len(payload), 17, 64) + source + destination + payload


def ethernet(payload: bytes, kind: int = 0x0800, vlan: int | None = None) -> bytes:
    tag = b"" if vlan is None else struct.pack(">HH", 0x8100, vlan)
    return bytes(range(12)) + tag + struct.pack(">H", kind) + payload


def cooked(payload: bytes) -> bytes:
    return struct.pack(">HHH8sH", 0, 1, 6, bytes(8), 0x0800) + payload


def pcap(
    frames: Iterable[bytes],
    *,
    endian: str = "<",
    nano: bool = False,
    linktype: int = 1,
    cut: int | None = None,
) -> bytes:
    magic = 0xA1B23C4D if nano else 0xA1B2C3D4
    out = struct.pack(endian + "IHHIIII", magic, 2, 4, 0, 0, 65535, linktype)
    for number, frame in enumerate(frames):
        kept = frame if cut is None else frame[:cut]
        fraction = number * 20_000 * (1000 if nano else 1)
        out += struct.pack(endian + "IIII", 1_700_000_000, fraction, len(kept), len(frame)) + kept
    return out


def pcapng(frames: Iterable[bytes], *, endian: str = "<", linktype: int = 1) -> bytes:
    def block(kind: int, body: bytes) -> bytes:
        body += bytes(-len(body) % 4)
        length = struct.pack(endian + "I", 12 + len(body))
        return struct.pack(endian + "I", kind) + length + body + length

    out = block(0x0A0D0D0A, struct.pack(endian + "IHHq", 0x1A2B3C4D, 1, 0, -1))
    out += block(1, struct.pack(endian + "HHI", linktype, 0, 0))
    for number, frame in enumerate(frames):
        time = 1_700_000_000_000_000 + number * 20_000
        head = struct.pack(endian + "IIIII", 0, time >> 32, time & 0xFFFFFFFF, len(frame), len(frame))
        out += block(6, head + frame)
    return out


@pytest.fixture(scope="session")
def build() -> SimpleNamespace:
    """The writers above."""
    names = (
        "OPUS_HEAD", "OPUS_TAGS", "ogg_page", "ogg_file", "lacing_of", "bit_file", "rtp", "udp", "ipv4",
        "ipv6", "ethernet", "cooked", "pcap", "pcapng",
    )  # fmt: skip
    return SimpleNamespace(**{name: globals()[name] for name in names})


@pytest.fixture(scope="session")
def capture_of() -> Callable[..., bytes]:
    """RTP packets as Ethernet frames of a pcap file."""
    return lambda packets, **named: pcap([ethernet(ipv4(udp(packet))) for packet in packets], **named)


Reader = Callable[..., tuple[list[SourcePacket], InputError | None]]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """Read bytes as a file; return the records before the error, and the error."""

    def reader(
        data: bytes, name: str = "input", container: str | None = None, **selection: object
    ) -> tuple[list[SourcePacket], InputError | None]:
        path = tmp_path / name
        path.write_bytes(data)
        records: list[SourcePacket] = []
        try:
            chosen = RtpSelection(**selection)  # type: ignore[arg-type]
            with open_input(str(path), container=container, selection=chosen) as opened:
                records.extend(opened.packets)
        except InputError as error:
            return records, error
        return records, None

    return reader


class Packets:
    """Opus packets written by hand around extension payloads."""

    PREFIX = b"D\x0c"

    @staticmethod
    def long_extension(number: int, payload: bytes, *, last: bool = True) -> bytes:
        if last:
            return bytes([number << 1]) + payload
        lacing = bytes([255] * (len(payload) // 255) + [len(payload) % 255])
        return bytes([number << 1 | 1]) + lacing + payload

    @staticmethod
    def code3(area: bytes | None, *, config: int = 9, frames: int = 1, frame: bytes = b"\xaa\xbb") -> bytes:
        """CBR; `area` is the padding area, ``None`` leaves the padding flag out."""
        toc = bytes([config << 3 | 3])
        if area is None:
            return toc + bytes([frames]) + frame * frames
        length = bytes([255] * (len(area) // 254) + [len(area) % 254])
        return toc + bytes([0x40 | frames]) + length + frame * frames + area

    def dred(self, data: bytes, **named: Any) -> bytes:
        """One DRED extension, range-coded `data`, profile experimental-12."""
        return self.code3(self.long_extension(126, self.PREFIX + data), **named)


@pytest.fixture(scope="session")
def packets() -> Packets:
    """A writer of packets."""
    return Packets()


@pytest.fixture
def source() -> Callable[..., SourcePacket]:
    """Bytes as a record of a container."""

    def record(data: bytes, index: int = 0, **named: Any) -> SourcePacket:
        return SourcePacket(index, data, Origin("hex", 0, f"line {index + 1}"), **named)

    return record


@pytest.fixture(scope="session")
def model() -> NamedTables:
    """A synthetic model: tables like trained ones."""
    return NamedTables("synthetic", synthetic_model(3).tables.to_reference_tables())


@pytest.fixture
def look(source: Callable[..., SourcePacket]) -> Callable[..., PacketReport]:
    """Inspect one packet."""

    def inspected(
        data: bytes, tables: NamedTables | None = None, wire: str = "experimental-12", **named: Any
    ) -> PacketReport:
        return Inspector(WIRE_PROFILES[wire], tables).inspect(source(data, **named))

    return inspected
