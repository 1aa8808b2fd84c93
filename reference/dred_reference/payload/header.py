"""The header of a payload: levels and time offset."""

from dred_reference.clauses import clause
from dred_reference.errors import WriteError
from dred_reference.payload.record import Header
from dred_reference.range_decoder import RangeDecoder
from dred_reference.range_encoder import RangeEncoder
from dred_reference.trace import Trace

__all__ = ["check_levels", "decode_header", "encode_header"]

NEWEST_OFFSET = 16  # in units of 2.5 ms; what is coded is how far the offset lies below
LARGEST_TOTAL_OFFSET = 32 * 255 + 31
LARGEST_LEVEL = 15


class _FieldReader:
    """Reads the header's symbols one by one and records each as a field."""

    def __init__(self, decoder: RangeDecoder, base_bit: int, trace: Trace | None) -> None:
        self.decoder = decoder
        self._base_bit = base_bit
        self._trace = trace

    def start(self, name: str, clause_id: str) -> None:
        self.decoder.name_symbols(name, clause_id)
        self._name, self._clause_id = name, clause_id
        self._start_bit = self._base_bit + self.decoder.tell() - 1

    def end(self, value: int, note: str = "") -> int:
        if self._trace is not None:
            end_bit = self._base_bit + self.decoder.tell() - 1
            self._trace.add(self._name, self._clause_id, self._start_bit, end_bit, value, note)
        return value

    def uint(self, name: str, clause_id: str, total: int) -> int:
        self.start(name, clause_id)
        return self.end(self.decoder.decode_uint(total))


@clause("DRED-header-q0", "DRED-header-dq", "DRED-offset-extra", "DRED-offset-low", "DRED-offset-sign")
def decode_header(
    decoder: RangeDecoder, frame_offset: int = 0, *, base_bit: int = 0, trace: Trace | None = None
) -> Header:
    """Decode the header.

    Parameters
    ----------
    decoder : RangeDecoder
        At its start.
    frame_offset : int
        Where the frame of the DRED starts in the packet, in units of 2.5 ms.
    base_bit : int
        Where the range-coded data starts in the source of `trace`.
    trace : Trace, optional
        Records the fields.

    Returns
    -------
    Header
    """
    reader = _FieldReader(decoder, base_bit, trace)
    q0 = reader.uint("q0", "DRED-header-q0", 16)
    dq = reader.uint("dq", "DRED-header-dq", 8)
    extra = 0
    if reader.uint("offset.has_extra", "DRED-offset-extra", 2):
        extra = 32 * reader.uint("offset.extra", "DRED-offset-extra", 256)
    low = reader.uint("offset.low", "DRED-offset-low", 32)
    offset = NEWEST_OFFSET - low - extra + frame_offset
    qmax = _decode_qmax(reader, q0, dq)
    return Header(q0, dq, qmax, offset)


@clause("DRED-qmax")
def _decode_qmax(reader: _FieldReader, q0: int, dq: int) -> int:
    """Decode the largest level if it can matter: 15, with a probability of one half, or one above q0."""
    reader.start("qmax", "DRED-qmax")
    if q0 >= LARGEST_LEVEL - 1 or dq == 0:
        return reader.end(LARGEST_LEVEL, "not coded")
    values = LARGEST_LEVEL - (q0 + 1)  # nvals
    symbol = reader.decoder.decode(2 * values)
    if symbol >= values:
        reader.decoder.update(symbol, symbol + 1, 2 * values)
        return reader.end(q0 + (symbol - values) + 1)
    reader.decoder.update(0, values, 2 * values)
    return reader.end(LARGEST_LEVEL)


@clause("DRED-write-qmax")
def check_levels(q0: int, dq: int, qmax: int, stage: str = "payload") -> None:
    """Refuse quantiser levels that no header can carry.

    Raises
    ------
    WriteError
        W1: a field out of its range, or a `qmax` that cannot be coded with the others.
    """
    if not 0 <= q0 <= LARGEST_LEVEL or not 0 <= dq <= 7:
        raise WriteError("W1", stage, f"q0 {q0} is not 0 to 15, or dq {dq} not 0 to 7")
    if not (q0 < qmax <= LARGEST_LEVEL if _qmax_is_coded(q0, dq) else qmax == LARGEST_LEVEL):
        raise WriteError("W1", stage, f"qmax {qmax} cannot be coded with q0 {q0} and dq {dq}")


def _qmax_is_coded(q0: int, dq: int) -> bool:
    return q0 < LARGEST_LEVEL - 1 and dq > 0


@clause("DRED-write-header", "DRED-write-qmax")
def encode_header(encoder: RangeEncoder, header: Header) -> None:
    """Encode the header; the inverse of `decode_header` with a frame offset of 0.

    Raises
    ------
    WriteError
        W1: a field out of its range, or a `qmax` that cannot be coded with the others.
    """
    q0, dq, qmax = header.q0, header.dq, header.qmax
    total_offset = NEWEST_OFFSET - header.offset
    check_levels(q0, dq, qmax)
    if not 0 <= total_offset <= LARGEST_TOTAL_OFFSET:
        raise WriteError("W1", "payload", f"offset {header.offset} is not -8175 to 16")
    encoder.encode_uint(q0, 16)
    encoder.encode_uint(dq, 8)
    if total_offset > 31:
        encoder.encode_uint(1, 2)
        encoder.encode_uint(total_offset >> 5, 256)
        encoder.encode_uint(total_offset & 31, 32)
    else:
        encoder.encode_uint(0, 2)
        encoder.encode_uint(total_offset, 32)
    if _qmax_is_coded(q0, dq):
        values = LARGEST_LEVEL - (q0 + 1)  # nvals
        if qmax == LARGEST_LEVEL:
            encoder.encode(0, values, 2 * values)
        else:
            symbol = values + qmax - (q0 + 1)
            encoder.encode(symbol, symbol + 1, 2 * values)
