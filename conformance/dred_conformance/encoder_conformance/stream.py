"""A stream of packets as all checks see it: read once, by both implementations."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dred_conformance.inspection.dred_section import LATENT_MS, UNIT_MS
from dred_conformance.inspection.reencoding import Written
from dred_reference.extension import Extension
from dred_reference.location import LocatedPayload
from dred_reference.payload import Payload

__all__ = ["LATENT_UNITS", "EncodedStream", "ReadDred", "ReadPacket", "covered_ms"]

LATENT_UNITS = 16  # of 2.5 ms


@dataclass(frozen=True, slots=True)
class ReadDred:
    """The DRED that a decoder finds in a packet.

    Attributes
    ----------
    located
        The extension payload and where it lies.
    payload
        Its symbols, read by the literal implementation; ``None`` without a model: the header only.
    q0, dq, qmax, offset
        Of the header; the offset is in 2.5 ms, with that of the frame added.
    data_bytes
        Length of the range-coded data.
    header_bits, state_bits, latent_bits
        Differences of the coder's bit count, so whole bits, of 104 latents at most; empty or 0 without a
        model.
    written
        What encoding the symbols again tells; ``None`` where it was not asked.
    disagreement
        Where the two implementations read different things; empty if nowhere.
    """

    located: LocatedPayload
    payload: Payload | None
    q0: int
    dq: int
    qmax: int
    offset: int
    data_bytes: int
    header_bits: int = 0
    state_bits: int = 0
    latent_bits: tuple[int, ...] = ()
    written: Written | None = None
    disagreement: str = ""

    @property
    def latents(self) -> int:
        """Latents that a decoder reads."""
        return 0 if self.payload is None else len(self.payload.latents)

    @property
    def written_latents(self) -> int:
        """Latents that the encoder wrote, the last one included where it is surely lost."""
        exact = () if self.written is None else self.written.exact
        return exact[0] if exact and exact[0] > self.latents else self.latents

    @property
    def unread_bits(self) -> int | None:
        """Bits left when decoding stopped; negative if it read past the end. ``None`` without a model."""
        return None if self.payload is None else 8 * self.data_bytes - self.payload.tell


@dataclass(frozen=True, slots=True)
class ReadPacket:
    """One record of the stream.

    Attributes
    ----------
    index
        As ``dred inspect --packet`` counts.
    data
        The packet; empty if it is lost or could not be taken out of its container.
    start
        Where its audio starts in the decoded stream, in 2.5 ms.
    duration
        In 2.5 ms; that of the packet before where it cannot be known.
    frames
        Number of frames; 0 for a malformed packet.
    frame_units
        Duration of one of its frames in 2.5 ms.
    problem
        Why the packet, its container record or its extensions are invalid; empty if they are not.
    lost
        The container says that the packet did not arrive.
    extensions
        Those before an error, if there was one.
    dred_extensions
        Those among them that are DRED of the wire profile.
    dred
        The one that decoders use.
    disagreement
        Where the two implementations parse the packet differently; empty if nowhere.
    """

    index: int
    data: bytes
    start: int
    duration: int
    frames: int = 0
    frame_units: int = 8
    problem: str = ""
    lost: bool = False
    extensions: tuple[Extension, ...] = ()
    dred_extensions: tuple[Extension, ...] = ()
    dred: ReadDred | None = None
    disagreement: str = ""

    @property
    def newest(self) -> int:
        """End of the newest coded speech in the decoded stream, in 2.5 ms; only for a packet with DRED."""
        assert self.dred is not None
        return self.start + self.dred.offset


@dataclass(frozen=True)
class EncodedStream:
    """All packets of one encoder run.

    Attributes
    ----------
    name
        Of the file, without its suffix and of plain characters: the first part of the case ids.
    path
        The file.
    container
        As `dred_conformance.inputs` names it.
    packets
        In their order.
    pre_skip
        Samples at 48 kHz that an Ogg file says to drop at its start; ``None`` elsewhere.
    model
        Name of the model whose tables read the symbols; ``None`` if none was at hand.
    """

    name: str
    path: Path
    container: str
    packets: tuple[ReadPacket, ...]
    pre_skip: int | None = None
    model: str | None = None

    @property
    def with_dred(self) -> Iterator[ReadPacket]:
        """The packets that carry DRED."""
        return (packet for packet in self.packets if packet.dred is not None)

    @property
    def duration_ms(self) -> float:
        """Time of all packets."""
        return UNIT_MS * sum(packet.duration for packet in self.packets)


def covered_ms(dred: ReadDred) -> int:
    """Return the time that a payload covers."""
    return LATENT_MS * dred.latents
