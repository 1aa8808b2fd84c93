"""From the bytes of a DRED extension to its symbols."""

from dred_reference.clauses import clause
from dred_reference.payload.header import decode_header
from dred_reference.payload.record import MOST_LATENTS, Payload
from dred_reference.payload.symbols import SymbolTracing, decode_symbols
from dred_reference.range_decoder import RangeDecoder
from dred_reference.schedule import quantiser_level
from dred_reference.tables import QuantiserTables
from dred_reference.trace import Trace
from dred_reference.wire import WireProfile, strip_prefix

__all__ = ["TOO_FEW_BITS", "decode_payload"]

TOO_FEW_BITS = 7


@clause(
    "DRED-state",
    "DRED-latents",
    "DRED-stop",
    "DRED-last-latent",
    "DRED-decode-all",
    "DRED-always-decodes",
    "RFC6716-6-range",
)
def decode_payload(
    payload: bytes,
    wire: WireProfile,
    tables: QuantiserTables,
    *,
    frame_offset: int = 0,
    max_latents: int | None = None,
    trace: Trace | None = None,
) -> Payload:
    """Decode a payload.

    Parameters
    ----------
    payload : bytes
        The whole extension payload, prefix included.
    wire : WireProfile
        The profile it is of.
    tables : QuantiserTables
        The tables of the model that it was made with.
    frame_offset : int
        Where the frame of the DRED starts in the packet, in units of 2.5 ms.
    max_latents : int, optional
        Latents to decode at most; never more than `MOST_LATENTS`.
    trace : Trace, optional
        Records fields and symbols; its source is `payload`.

    Returns
    -------
    Payload
        Whatever the data is: past its end zeros are read. A latent is decoded as long as more than 7 bits are
        left; the last ones, if they cost no more together, are lost, unless the encoder took care.

    Raises
    ------
    PayloadError
        D1, D2.
    """
    data = strip_prefix(payload, wire)
    base_bit = 8 * (len(payload) - len(data))
    if trace is not None:
        trace.add("prefix", "DRED-version", 0, base_bit, payload[: len(wire.prefix)], wire.name)

    def tracing(name: str, clause_id: str, level: int) -> SymbolTracing | None:
        return None if trace is None else SymbolTracing(trace, name, clause_id, f"level {level}", base_bit)

    decoder = RangeDecoder(data, trace)
    header = decode_header(decoder, frame_offset, base_bit=base_bit, trace=trace)
    state_coding = tables.state_symbols[header.q0]
    state = decode_symbols(decoder, state_coding, tracing("state", "DRED-state", header.q0))
    latents: list[tuple[int, ...]] = []
    levels: list[int] = []
    limit = MOST_LATENTS if max_latents is None else min(max_latents, MOST_LATENTS)
    while len(latents) < limit and 8 * len(data) - decoder.tell() > TOO_FEW_BITS:
        index = len(latents)
        level = quantiser_level(header.q0, header.dq, header.qmax, index)
        coding = tables.latent_symbols[level]
        latents.append(decode_symbols(decoder, coding, tracing(f"latents[{index}]", "DRED-latents", level)))
        levels.append(level)
    if trace is not None:
        left = 8 * len(data) - decoder.tell()
        start_bit = base_bit + decoder.tell() - 1
        trace.add("unread", "DRED-stop", start_bit, max(start_bit, 8 * len(payload)), left, "bits left")
    return Payload(
        header.q0,
        header.dq,
        header.qmax,
        header.offset,
        state,
        tuple(latents),
        tuple(levels),
        decoder.range_size,
        decoder.tell(),
    )
