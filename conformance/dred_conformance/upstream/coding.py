"""From the data of a record to symbols and values, and back.

A record differs from a DRED payload: there is no header, every latent has the level of the state, and the
number of latents is told beside the data. So the rule of the payload that ends the latents when few bits are
left does not apply: all of them are decoded, past the end of the data from zeros if need be.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dred_conformance.upstream.errors import UpstreamError
from dred_conformance.upstream.record import CHUNKS_PER_LATENT, LARGEST_DATA, Record
from dred_reference.errors import WriteError
from dred_reference.latent import dequantise
from dred_reference.payload import Payload, decode_symbols, encode_symbols
from dred_reference.range_decoder import RangeDecoder
from dred_reference.range_encoder import RangeEncoder
from dred_reference.tables import QuantiserTables

__all__ = ["decode_record", "decode_record_symbols", "encode_record"]

LARGEST_LEVEL = 15


def decode_record_symbols(record: Record, tables: QuantiserTables) -> Payload:
    """Return the symbols of a record, as a payload of one level would have them.

    Parameters
    ----------
    record : Record
    tables : QuantiserTables
        The tables of the model that it was made with.

    Returns
    -------
    Payload
        With slope and offset 0, which the record does not have; latents newest first.
    """
    decoder = RangeDecoder(record.data)
    state = decode_symbols(decoder, tables.state_symbols[record.q0])
    coding = tables.latent_symbols[record.q0]
    latents = tuple(decode_symbols(decoder, coding) for _ in range(record.latent_count))
    levels = (record.q0,) * record.latent_count
    return Payload(
        record.q0, 0, LARGEST_LEVEL, 0, state, latents, levels, decoder.range_size, decoder.tell()
    )  # fmt: skip


def decode_record(record: Record, tables: QuantiserTables) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return what the decoder network starts from.

    Returns
    -------
    state : array of float32, shape (state_dim,)
    latents : array of float32, shape (latent_count, latent_dim + 1)
        Newest first; the last column is the level as the network sees it.
    """
    values = dequantise(decode_record_symbols(record, tables), tables)
    return values.state, values.latents


def encode_record(
    q0: int, state: Sequence[int], latents: Sequence[Sequence[int]], tables: QuantiserTables
) -> Record:
    """Write symbols as a record of the fewest bytes that hold all bits.

    Parameters
    ----------
    q0 : int
        The level of all, 0 to 15.
    state : sequence of int
        Symbols of the state.
    latents : sequence of sequences of int
        Symbols of the latents, newest first; 25 at most.
    tables : QuantiserTables

    Raises
    ------
    UpstreamError
        A symbol that cannot be coded, another number of symbols, too many latents, or more than 100000 bytes.
    """
    chunks = CHUNKS_PER_LATENT * len(latents)
    Record(q0, chunks, b"")  # the ranges of both
    encoder = RangeEncoder(LARGEST_DATA)
    rows = [("the state", state, tables.state_symbols[q0])]
    rows += [(f"latent {index}", row, tables.latent_symbols[q0]) for index, row in enumerate(latents)]
    for name, symbols, coding in rows:
        try:
            encode_symbols(encoder, symbols, coding)
        except WriteError as error:
            raise UpstreamError(f"{name}: {error.message}") from error
        if encoder.tell() > 8 * LARGEST_DATA:
            raise UpstreamError(f"{name} does not fit in {LARGEST_DATA} bytes")
    encoder.shrink((encoder.tell() + 7) // 8)
    return Record(q0, chunks, encoder.finish())
