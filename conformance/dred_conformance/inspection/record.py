"""What the inspector finds, as records; the terminal and the JSON form show the same ones.

Bits are counted from the first bit of the packet, the most significant of its first byte. Times are relative
to the start of the audio of the packet: negative is the past.
"""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "must", "should", "warning", "note"]
Value = int | bool | str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should know.

    Attributes
    ----------
    code
        Stable name, for machines and for counting.
    severity
        ``error`` (rejected), ``must`` and ``should`` (the packet breaks such a statement), ``warning``
        (legal, but it will not do what one expects), ``note``.
    text
        The finding in words.
    clause
        The clause behind it, or an empty string.
    start_bit, end_bit
        Where in the packet, where there is a place.
    """

    code: str
    severity: Severity
    text: str
    clause: str = ""
    start_bit: int | None = None
    end_bit: int | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """A structural error; `position` is a byte of the packet."""

    rule: str
    stage: str
    message: str
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """Why a packet holds no DRED."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Node:
    """One line of the tree: a field, or a group of fields.

    Attributes
    ----------
    name
        Name of the field.
    value
        Its value as read; ``None`` for groups.
    text
        What the value means.
    start_bit, end_bit
        Half-open span in the packet; ``None`` where it has none.
    clause
        The clause by which it was read.
    """

    name: str
    value: Value = None
    text: str = ""
    start_bit: int | None = None
    end_bit: int | None = None
    clause: str = ""
    children: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Toc:
    """The first byte of a packet and what follows from it."""

    config: int
    mode: str
    bandwidth: str
    frame_ms: float
    stereo: bool
    code: int


@dataclass(frozen=True, slots=True)
class ExtensionReport:
    """One extension.

    Attributes
    ----------
    position
        Byte of the packet where its payload starts.
    repeated
        Its header was given by a repeat, not by its own byte.
    """

    id: int
    frame: int
    length: int
    position: int
    repeated: bool


@dataclass(frozen=True, slots=True)
class LatentReport:
    """One latent: 40 ms of speech.

    Attributes
    ----------
    bits
        Information in its symbols; ``None`` in reports without a tree.
    from_ms, to_ms
        The time it covers.
    """

    index: int
    level: int
    bits: float | None
    from_ms: float
    to_ms: float
    symbols: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a DRED payload covers.

    Attributes
    ----------
    newest_ms, oldest_ms
        End and start of the covered time.
    duration_ms
        Length of the covered time.
    """

    newest_ms: float
    oldest_ms: float
    duration_ms: float


@dataclass(frozen=True, slots=True)
class DredReport:
    """A DRED payload.

    Attributes
    ----------
    wire, model
        Wire profile by which it was found; model by which its symbols were read, if there is one.
    frame, frame_offset_2p5ms
        The frame it belongs to, and where that frame starts in the packet.
    position
        Byte of the packet where the payload starts (its prefix, where the profile has one).
    payload_bytes
        Length of the payload with its prefix.
    offset_2p5ms
        End of the newest feature relative to the start of the packet.
    offset_ms
        The same in milliseconds.
    state, latents, coverage, state_bits, unused_bits
        ``None`` (latents: empty) when no model is at hand: the header needs no tables, the symbols do.
    unused_bits
        Bits left when decoding stopped.
    """

    wire: str
    model: str | None
    frame: int
    frame_offset_2p5ms: int
    position: int
    payload_bytes: int
    q0: int
    dq: int
    qmax: int
    offset_2p5ms: int
    offset_ms: float
    state: tuple[int, ...] | None
    state_bits: float | None
    latents: tuple[LatentReport, ...]
    unused_bits: int | None
    coverage: Coverage | None


@dataclass(frozen=True, slots=True)
class PacketReport:
    """Everything about one packet.

    Attributes
    ----------
    fault
        Why the container could not give the packet.
    rejection
        Why the packet itself (or its padding, before any DRED) is rejected.
    absence
        Why there is no DRED; ``None`` when there is.
    tree
        Every field with its bits.
    """

    index: int
    size_bytes: int
    container: str
    byte_offset: int | None
    place: str
    time_ms: float | None
    timestamp: int | None
    final_range: int | None
    lost: bool
    self_delimited: bool
    source_notes: tuple[str, ...]
    fault: Rejection | None = None
    rejection: Rejection | None = None
    toc: Toc | None = None
    frame_bytes: tuple[int, ...] = ()
    duration_ms: float | None = None
    padding_bytes: int = 0
    extensions: tuple[ExtensionReport, ...] = ()
    dred: DredReport | None = None
    absence: Absence | None = None
    findings: tuple[Finding, ...] = ()
    tree: tuple[Node, ...] = ()
