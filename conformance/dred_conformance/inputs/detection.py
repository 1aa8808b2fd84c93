"""Find out what an input is: by its content, then by its extension."""

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dred_conformance.inputs.byte_stream import ByteStream
from dred_conformance.inputs.capture import PCAP_MAGICS, PCAPNG_MAGIC
from dred_conformance.inputs.errors import InputError
from dred_conformance.inputs.hexadecimal import looks_like_hex, read_hex, read_hex_block
from dred_conformance.inputs.ogg import read_ogg
from dred_conformance.inputs.opus_demo import looks_like_opus_demo, read_opus_demo
from dred_conformance.inputs.raw import read_raw
from dred_conformance.inputs.record import SourcePacket
from dred_conformance.inputs.rtp_stream import RtpSelection, read_rtp

FORMATS = ("hex", "hex-block", "bit", "ogg", "pcap", "raw")
_EXTENSIONS = {
    ".hex": "hex", ".txt": "hex", ".bit": "bit", ".opus": "ogg", ".ogg": "ogg", ".oga": "ogg",
    ".pcap": "pcap", ".pcapng": "pcap", ".cap": "pcap", ".raw": "raw",
}  # fmt: skip
_FOREIGN = {
    b"RIFF": "a WAV or AVI file", b"fLaC": "a FLAC file", b"\x1a\x45\xdf\xa3": "Matroska or WebM",
    b"\x1f\x8b": "gzip: decompress it first", b"PK\x03\x04": "zip: unpack it first",
    b"\x28\xb5\x2f\xfd": "zstd: decompress it first",
}  # fmt: skip
_HEAD_BYTES = 1 << 16
_READERS: dict[str, Callable[[ByteStream], Iterator[SourcePacket]]] = {
    "hex": read_hex, "hex-block": read_hex_block, "bit": read_opus_demo, "ogg": read_ogg, "raw": read_raw,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PacketInput:
    """An opened input.

    Attributes
    ----------
    name
        The file, ``-`` or ``argument``.
    container
        One of `FORMATS`.
    packets
        The records, read as they are asked for.
    notes
        What is to be said about the whole input; filled while it is read.
    stream
        The bytes beneath, for whoever reads more of a container than its packets; nothing of them is consumed
        before the first packet is asked for.
    """

    name: str
    container: str
    packets: Iterator[SourcePacket]
    stream: ByteStream
    notes: list[str] = field(default_factory=list)


def detect_format(stream: ByteStream) -> str:
    """Return the format of `stream`, of which nothing is consumed.

    Raises
    ------
    InputError
        ``I3`` if neither content nor extension tells, or the content is of a known other kind.
    """
    head = stream.peek(_HEAD_BYTES)
    if head.startswith(b"OggS"):
        return "ogg"
    if head.startswith((*PCAP_MAGICS, PCAPNG_MAGIC)):
        return "pcap"
    for magic, what in _FOREIGN.items():
        if head.startswith(magic):
            raise InputError(
                "I3", f"{stream.name!r} is {what}", position=0, advice="see --format for what is read"
            )
    if looks_like_hex(head):
        return "hex"
    if looks_like_opus_demo(head, whole=len(head) < _HEAD_BYTES):
        return "bit"
    by_extension = _EXTENSIONS.get(Path(stream.name).suffix.lower())
    if by_extension is not None:
        return by_extension
    if not head:
        raise InputError("I2", f"{stream.name!r} is empty", position=0)
    raise InputError(
        "I3", f"the format of {stream.name!r} is not recognised", position=0,
        advice=f"name it with --format: {', '.join(FORMATS)}",
    )  # fmt: skip


def _open_stream(argument: str, container: str | None) -> ByteStream:
    if argument == "-":
        return ByteStream(sys.stdin.buffer, "-")
    try:
        path = Path(argument)
        if path.is_file():
            return ByteStream(path.open("rb"), argument)
        exists = path.exists()
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in the name
        exists = not looks_like_hex(argument.encode(errors="replace"))
        if exists:
            raise InputError("I1", f"{argument[:200]!r} cannot be opened: {error}") from error
    text = argument.encode(errors="replace")
    if not exists and (looks_like_hex(text) or container in {"hex", "hex-block"}):
        return ByteStream(io.BytesIO(text), "argument")
    kind = "a folder or device" if exists else "neither a file nor a packet in hex"
    raise InputError(
        "I1", f"{argument[:200]!r} is {kind}", advice="give a file, hex digits, or - for standard input"
    )


@contextmanager
def open_input(
    argument: str, *, container: str | None = None, selection: RtpSelection | None = None
) -> Iterator[PacketInput]:
    """Open a file, hex text given as the argument itself, or standard input (``-``).

    Parameters
    ----------
    container
        One of `FORMATS`; ``None`` finds it out.
    selection
        Which RTP flow of a capture is meant.

    Raises
    ------
    InputError
        If nothing can be opened, or nothing is recognised; more may come while the packets are read.
    """
    if container is not None and container not in FORMATS:
        raise InputError("I3", f"unknown format {container!r}", advice=f"one of {', '.join(FORMATS)}")
    with _open_stream(argument, container) as stream:
        container = container or detect_format(stream)
        notes: list[str] = []
        if container == "pcap":
            packets = read_rtp(stream, selection or RtpSelection(), notes)
        else:
            packets = _READERS[container](stream)
        yield PacketInput(stream.name, container, packets, stream, notes)
