"""What the literal decoder reads from the bytes that a case is about, field by field."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dred_conformance.report.model_tables import tables_of_model
from dred_conformance.report.range_reading import trace_steps
from dred_conformance.vectors.case import Case
from dred_model import ModelError
from dred_reference.errors import DredError, ExtensionError
from dred_reference.extension import parse_extensions
from dred_reference.location import find_dred
from dred_reference.packet import parse_packet
from dred_reference.payload import decode_payload
from dred_reference.trace import Trace
from dred_reference.wire import WIRE_PROFILES

__all__ = ["MapField", "Reading", "read_case"]


@dataclass(frozen=True, slots=True)
class MapField:
    """A field with its half-open span in bits of the whole source; empty where it takes no whole bit."""

    name: str
    source: str
    clause: str
    start_bit: int
    end_bit: int
    value: object
    note: str


@dataclass(frozen=True)
class Reading:
    """The bytes and what was read from them.

    Attributes
    ----------
    of
        The member of the case that holds the bytes: ``input.packet``, or ``expected.packet`` for a writer.
    data
        The bytes.
    fields
        In the order of reading, those of inner sources behind those of outer ones; as far as reading went.
    extension_bits
        The bit at which the payload of each extension begins, where a padding area was read.
    fault_bit
        Where the literal decoder rejected the bytes, if it did and knows.
    """

    of: str
    data: bytes
    fields: tuple[MapField, ...]
    extension_bits: tuple[int, ...] = ()
    fault_bit: int | None = None


Sources = Mapping[str, Any]
_Reader = Callable[[Sources, bytes, Trace, Path], tuple[int, ...]]


def _read_packet(source: Sources, data: bytes, trace: Trace, _: Path) -> tuple[int, ...]:
    parse_packet(data, self_delimited=source.get("self_delimited", False), trace=trace)
    return ()


def _read_padding(source: Sources, data: bytes, trace: Trace, _: Path) -> tuple[int, ...]:
    trace.source = "padding"
    found = parse_extensions(data, source["frame_count"], trace=trace)
    return tuple(8 * extension.position for extension in found)


def _read_padded_packet(_: Sources, data: bytes, trace: Trace, __: Path) -> tuple[int, ...]:
    packet = parse_packet(data, trace=trace)
    inner = trace.child("padding", 8 * packet.padding_offset, "padding")
    found = parse_extensions(packet.padding, len(packet.frames), trace=inner)
    return tuple(8 * (packet.padding_offset + extension.position) for extension in found)


def _decode(source: Sources, data: bytes, trace: Trace, vectors: Path, offset: int = 0) -> None:
    tables = tables_of_model(vectors, source["model"])
    wire = WIRE_PROFILES.get(source["wire"])
    if tables is not None and wire is not None:
        limit = source.get("max_latents")
        decode_payload(data, wire, tables, frame_offset=offset, max_latents=limit, trace=trace)


def _read_payload(source: Sources, data: bytes, trace: Trace, vectors: Path) -> tuple[int, ...]:
    trace.source = "payload"
    _decode(source, data, trace, vectors, source.get("frame_offset", 0))
    return ()


def _read_dred_packet(source: Sources, data: bytes, trace: Trace, vectors: Path) -> tuple[int, ...]:
    wire = WIRE_PROFILES.get(source["wire"])
    located = None if wire is None else find_dred(data, wire, trace=trace)
    if located is not None:
        inner = trace.child("payload", 8 * located.position, "payload")
        _decode(source, located.payload, inner, vectors, located.frame_offset)
    return ()


def _read_steps(source: Sources, data: bytes, trace: Trace, _: Path) -> tuple[int, ...]:
    trace.source = "data"
    trace_steps(data, source["steps"], trace)
    return ()


def _read_nothing(_: Sources, __: bytes, ___: Trace, ____: Path) -> tuple[int, ...]:
    return ()


# For each operation the members that may hold the bytes, and how each is read. A writer has none in its
# input: what it should have written is read.
_OF_INPUT: dict[str, dict[str, _Reader]] = {
    "packet": {"packet": _read_packet},
    "extension": {"padding": _read_padding},
    "range_decode": {"data": _read_steps},
    "payload": {"payload": _read_payload, "packet": _read_dred_packet},
    "latent": {"payload": _read_payload, "packet": _read_dred_packet},
    "feature": {"payload": _read_payload, "packet": _read_dred_packet},
    "availability": {"packet": _read_dred_packet},
}
_OF_EXPECTED: dict[str, dict[str, _Reader]] = {
    "packet_write": {"packet": _read_packet},
    "extension_write": {"padding": _read_padding},
    "packet_pad": {"packet": _read_padded_packet},
    "payload_write": {"payload": _read_payload},
    "range_encode": {"data": _read_nothing},
}


def _found_source(case: Case) -> tuple[str, str, _Reader] | None:
    for member, reader in _OF_INPUT.get(case.op, {}).items():
        if case.input.get(member) is not None:
            return f"input.{member}", case.input[member], reader
    for member, reader in _OF_EXPECTED.get(case.op, {}).items():
        if isinstance(case.expected, Mapping) and member in case.expected:
            return f"expected.{member}", case.expected[member], reader
    return None


def _flat(trace: Trace) -> Iterator[MapField]:
    for field in trace.fields:
        span = (trace.base_bit + field.start_bit, trace.base_bit + field.end_bit)
        yield MapField(field.name, trace.source, field.clause, *span, field.value, field.note)
    for child in trace.children:
        yield from _flat(child)


def read_case(case: Case, vectors: Path) -> Reading | None:
    """Read the bytes of a case; ``None`` where it has none, such as features from given values.

    Parameters
    ----------
    case
        The case. Bytes that must be rejected are read up to the fault.
    vectors
        The folder of the vectors, whose models are used.
    """
    source = _found_source(case)
    if source is None:
        return None
    of, text, reader = source
    if case.op == "range_decode" and case.result == "invalid":
        reader = _read_nothing  # steps that no decoder may be asked for
    data = bytes.fromhex(text)
    trace = Trace()
    extension_bits: tuple[int, ...] = ()
    fault_bit: int | None = None
    try:
        extension_bits = reader(case.input, data, trace, vectors)
    except ExtensionError as error:
        base_bit = _padding_bit(trace)
        extension_bits = tuple(base_bit + 8 * extension.position for extension in error.extensions)
        fault_bit = None if error.position is None else base_bit + 8 * error.position
    except DredError as error:
        fault_bit = None if error.position is None else 8 * error.position
    except ModelError:
        pass  # a broken model of this machine only costs the fields
    return Reading(of, data, tuple(_flat(trace)), extension_bits, fault_bit)


def _padding_bit(trace: Trace) -> int:
    """Return where the padding area begins in its packet; 0 if it came alone."""
    return next((child.base_bit for child in trace.children if child.source == "padding"), 0)
