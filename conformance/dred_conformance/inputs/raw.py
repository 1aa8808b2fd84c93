"""A file that is one packet."""

from collections.abc import Iterator

from dred_conformance.inputs.byte_stream import ByteStream
from dred_conformance.inputs.errors import InputError
from dred_conformance.inputs.record import MAX_PACKET_BYTES, Origin, SourcePacket


def read_raw(stream: ByteStream) -> Iterator[SourcePacket]:
    """Yield the whole input as one packet."""
    data = stream.read(MAX_PACKET_BYTES + 1)
    if len(data) > MAX_PACKET_BYTES:
        raise InputError(
            "I4", f"a raw packet may have {MAX_PACKET_BYTES} bytes", position=MAX_PACKET_BYTES,
            advice="is this a stream of several packets? Then name its format with --format",
        )  # fmt: skip
    yield SourcePacket(0, data, Origin("raw", 0, "the whole file"))
