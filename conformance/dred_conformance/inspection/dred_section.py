"""A located DRED payload to its report."""

from dataclasses import dataclass

from dred_conformance.inspection.payload_tree import information_bits
from dred_conformance.inspection.record import Coverage, DredReport, LatentReport
from dred_reference.location import LocatedPayload
from dred_reference.payload import Payload, decode_header, decode_payload
from dred_reference.range_decoder import RangeDecoder
from dred_reference.tables import QuantiserTables
from dred_reference.trace import Trace
from dred_reference.wire import WireProfile, strip_prefix

LATENT_MS = 40
UNIT_MS = 2.5


@dataclass(frozen=True, slots=True)
class NamedTables:
    """The tables of a model, and its name."""

    name: str
    tables: QuantiserTables


def coverage_of(offset_2p5ms: int, latents: int) -> Coverage:
    """Return the time that a number of latents covers."""
    newest = UNIT_MS * offset_2p5ms
    return Coverage(newest, newest - LATENT_MS * latents, LATENT_MS * latents)


def _latents(payload: Payload, bits: dict[str, float]) -> tuple[LatentReport, ...]:
    newest = UNIT_MS * payload.offset
    return tuple(
        LatentReport(
            index,
            level,
            bits.get(f"latents[{index}]"),
            newest - LATENT_MS * (index + 1),
            newest - LATENT_MS * index,
            symbols,
        )
        for index, (level, symbols) in enumerate(zip(payload.levels, payload.latents, strict=True))
    )


def read_dred(
    located: LocatedPayload, wire: WireProfile, model: NamedTables | None, trace: Trace | None
) -> DredReport:
    """Decode a payload; without a model, only its header.

    Parameters
    ----------
    trace
        Source is the payload; without one, the bits of state and latents are not known.
    """
    data = strip_prefix(located.payload, wire)
    if model is None:
        base_bit = 8 * len(wire.prefix)
        if trace is not None:
            trace.add("prefix", "DRED-version", 0, base_bit, wire.prefix, wire.name)
        decoder = RangeDecoder(data, trace)
        header = decode_header(decoder, located.frame_offset, base_bit=base_bit, trace=trace)
        return DredReport(
            wire.name, None, located.frame, located.frame_offset, located.position, len(located.payload),
            header.q0, header.dq, header.qmax, header.offset, UNIT_MS * header.offset,
            None, None, (), None, None,
        )  # fmt: skip
    payload = decode_payload(
        located.payload, wire, model.tables, frame_offset=located.frame_offset, trace=trace
    )
    bits = information_bits(trace) if trace is not None else {}
    return DredReport(
        wire.name, model.name, located.frame, located.frame_offset, located.position, len(located.payload),
        payload.q0, payload.dq, payload.qmax, payload.offset, UNIT_MS * payload.offset,
        payload.state, bits.get("state"), _latents(payload, bits), 8 * len(data) - payload.tell,
        coverage_of(payload.offset, len(payload.latents)),
    )  # fmt: skip
