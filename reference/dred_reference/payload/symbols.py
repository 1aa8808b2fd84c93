"""The symbols of the initial state or of one latent, one per dimension."""

from collections.abc import Sequence
from dataclasses import dataclass

from dred_reference.clauses import clause
from dred_reference.errors import WriteError
from dred_reference.laplace import decode_laplace, encode_laplace
from dred_reference.range_decoder import RangeDecoder
from dred_reference.range_encoder import RangeEncoder
from dred_reference.tables import CodedSymbol
from dred_reference.trace import Trace

__all__ = ["LARGEST_MAGNITUDE", "SymbolTracing", "decode_symbols", "encode_symbols"]

LARGEST_MAGNITUDE = 1 << 20  # a limit of this package on what it writes


@dataclass(frozen=True)
class SymbolTracing:
    """How to record the symbols.

    Attributes
    ----------
    trace : Trace
    name : str
        Dimension 3 becomes the field ``name[3]``.
    clause_id : str
        Clause of the fields.
    note : str
        Note of the fields.
    base_bit : int
        Where the range-coded data starts in the source of the trace.
    """

    trace: Trace
    name: str
    clause_id: str
    note: str
    base_bit: int


@clause("DRED-symbol-skip")
def decode_symbols(
    decoder: RangeDecoder, coding: Sequence[CodedSymbol], tracing: SymbolTracing | None = None
) -> tuple[int, ...]:
    """Decode one value per dimension.

    Parameters
    ----------
    decoder : RangeDecoder
    coding : sequence of CodedSymbol
        How each is coded. One that is not coded is 0 and reads nothing.
    tracing : SymbolTracing, optional

    Returns
    -------
    tuple of int
    """
    if tracing is None:
        return tuple([0 if coded is None else decode_laplace(decoder, *coded) for coded in coding])
    trace, values = tracing.trace, []
    for dimension, coded in enumerate(coding):
        name = f"{tracing.name}[{dimension}]"
        start_bit = tracing.base_bit + decoder.tell() - 1
        if coded is None:
            values.append(0)
            trace.add(name, "DRED-symbol-skip", start_bit, start_bit, 0, f"{tracing.note}, not coded")
        else:
            values.append(decode_laplace(decoder, *coded, name))
            end_bit = tracing.base_bit + decoder.tell() - 1
            trace.add(name, tracing.clause_id, start_bit, end_bit, values[-1], tracing.note)
    return tuple(values)


@clause("DRED-symbol-skip", "DRED-write-state", "DRED-write-latents")
def encode_symbols(encoder: RangeEncoder, values: Sequence[int], coding: Sequence[CodedSymbol]) -> None:
    """Encode one value per dimension; the inverse of `decode_symbols`.

    Raises
    ------
    WriteError
        W1: another number of values, a value beyond 2**20, or one other than 0 where nothing is coded.
    """
    if len(values) != len(coding):
        raise WriteError("W1", "payload", f"{len(values)} symbols, not {len(coding)}")
    for dimension, (value, coded) in enumerate(zip(values, coding, strict=True)):
        if abs(value) > LARGEST_MAGNITUDE:
            raise WriteError("W1", "payload", f"symbol {dimension} is {value}, beyond {LARGEST_MAGNITUDE}")
        if coded is None and value != 0:
            raise WriteError("W1", "payload", f"symbol {dimension} is {value}, but only 0 is possible here")
        if coded is not None:
            encode_laplace(encoder, value, *coded)
