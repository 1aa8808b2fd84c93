"""Capture files: pcap and pcapng records down to UDP datagrams, through scapy.

scapy is GPL-2.0, so it is no dependency of this BSD project but an optional extra, loaded only when a capture
is read. dpkt has the freer licence but has not had a release since August 2022.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dred_conformance.inputs.byte_stream import ByteStream
from dred_conformance.inputs.errors import InputError
from dred_conformance.inputs.scapy_layers import ScapyLayers, load_scapy

PCAP_MAGICS = (b"\xa1\xb2\xc3\xd4", b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\x3c\x4d", b"\x4d\x3c\xb2\xa1")
PCAPNG_MAGIC = b"\x0a\x0d\x0d\x0a"


@dataclass(frozen=True, slots=True)
class Datagram:
    """One UDP datagram of a capture.

    Attributes
    ----------
    frame
        Number of the captured frame, from 1 as capture tools count.
    byte_offset
        Where the record of the frame starts in the file.
    time_s
        Capture time in seconds since the epoch; ``None`` where the record has none.
    missing_bytes
        Bytes of the datagram that the capture cut off.
    """

    frame: int
    byte_offset: int
    time_s: float | None
    source: str
    source_port: int
    destination: str
    destination_port: int
    payload: bytes
    missing_bytes: int


@dataclass(frozen=True, slots=True)
class _Frame:
    number: int
    byte_offset: int
    time_s: float | None
    linktype: int
    data: bytes


def _open_reader(layers: ScapyLayers, stream: ByteStream) -> Any:
    magic = stream.peek(4)
    name = "pcapng" if magic == PCAPNG_MAGIC else "pcap"
    if magic != PCAPNG_MAGIC and magic not in PCAP_MAGICS:
        raise InputError("I1", "this is neither pcap nor pcapng", position=0)
    try:
        return (layers.PcapNgReader if name == "pcapng" else layers.PcapReader)(stream)
    except layers.ScapyError as error:
        end = stream.tell()
        rule = "I2" if not stream.peek(1) else "I1"
        raise InputError(rule, f"the header of the {name} file is damaged or cut", position=end) from error


def _frame_time(metadata: Any, *, nano: bool) -> float | None:
    if hasattr(metadata, "sec"):
        return float(metadata.sec + metadata.usec / (1_000_000_000 if nano else 1_000_000))
    if metadata.tshigh is None:
        return None
    return float(((metadata.tshigh << 32) | metadata.tslow) / metadata.tsresol)


def _read_frames(layers: ScapyLayers, stream: ByteStream) -> Iterator[_Frame]:
    reader = _open_reader(layers, stream)
    number = 0
    while True:
        start = reader.record_offset = stream.tell()
        if not stream.peek(1):
            return
        try:
            data, metadata = next(reader)
        except StopIteration:
            start = reader.record_offset
            if not stream.peek(1) and stream.tell() == start:
                return
            raise InputError(
                "I2", "the capture is cut inside a record, or the record is damaged", position=start,
                advice="was the capture stopped by force?",
            ) from None  # fmt: skip
        except InputError:
            raise
        except Exception as error:  # a foreign parser on damaged bytes may raise anything
            raise InputError(
                "I1", f"a record of the capture is damaged ({type(error).__name__})", position=start
            ) from error
        number += 1
        start = reader.record_offset
        captured = getattr(metadata, "caplen", None)
        if captured is not None and len(data) < captured:
            raise InputError(
                "I2" if not stream.peek(1) else "I4",
                f"frame {number} claims {captured} bytes, {len(data)} were read",
                position=start,
                advice="the capture was cut or is damaged",
            )
        linktype = getattr(metadata, "linktype", None)
        yield _Frame(
            number,
            start,
            _frame_time(metadata, nano=getattr(reader, "nano", False)),
            reader.linktype if linktype is None else linktype,
            data,
        )


def read_datagrams(stream: ByteStream) -> Iterator[Datagram]:
    """Yield the UDP datagrams of a capture; other traffic and IP fragments are passed over.

    Raises
    ------
    InputError
        ``I6`` without scapy, ``I1`` or ``I2`` for a damaged or cut file, ``I3`` for an unknown link type.
    """
    layers = load_scapy()
    logger = logging.getLogger("scapy.runtime")
    level = logger.level
    # its warnings would stand in the middle of our output; all that matters raises InputError here
    logger.setLevel(logging.CRITICAL)
    try:
        for frame in _read_frames(layers, stream):
            found = layers.udp(frame.linktype, frame.data, frame.byte_offset)
            if found is not None:
                yield Datagram(frame.number, frame.byte_offset, frame.time_s, *found)
    finally:
        logger.setLevel(level)
