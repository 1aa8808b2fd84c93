"""From symbols to the bytes of a DRED extension."""

from collections.abc import Sequence

from dred_reference.clauses import clause
from dred_reference.errors import WriteError
from dred_reference.payload.decoder import TOO_FEW_BITS
from dred_reference.payload.header import encode_header
from dred_reference.payload.record import MOST_LATENTS, EncodedPayload, Header
from dred_reference.payload.symbols import encode_symbols
from dred_reference.range_encoder import Checkpoint, RangeEncoder
from dred_reference.schedule import quantiser_level
from dred_reference.tables import QuantiserTables
from dred_reference.wire import WireProfile

__all__ = ["LARGEST_DATA", "encode_payload"]

LARGEST_DATA = 1 << 20  # bytes; a limit of this package on what it writes


@clause("DRED-write-state", "DRED-write-latents", "DRED-write-budget")
def encode_payload(
    header: Header,
    state: Sequence[int],
    latents: Sequence[Sequence[int]],
    wire: WireProfile,
    tables: QuantiserTables,
    *,
    max_bytes: int | None = None,
    keep_last: bool = False,
) -> EncodedPayload:
    """Encode a payload; the inverse of `decode_payload` with a frame offset of 0.

    Parameters
    ----------
    header : Header
        Levels and offset.
    state : sequence of int
        Symbols of the initial state.
    latents : sequence of sequences of int
        Symbols of the latents, newest first; 1024 at most. The levels follow from the header.
    wire : WireProfile
        The profile to write.
    tables : QuantiserTables
        The tables of the model.
    max_bytes : int, optional
        Most bytes of range-coded data, the prefix not counted; without it 1 MiB. Latents that do not fit are
        left out.
    keep_last : bool
        Whether to add a byte where the decoder's stop rule would lose the last latent. It then finds more
        than 7 bits behind that latent too, and decodes at least one more, which nobody wrote.

    Returns
    -------
    EncodedPayload

    Raises
    ------
    WriteError
        W1: an argument out of its range. W2: header and state do not fit in `max_bytes`.
    """
    limit = LARGEST_DATA if max_bytes is None else max_bytes
    if not 0 <= limit <= LARGEST_DATA:
        raise WriteError("W1", "payload", f"a limit of {limit} bytes is not 0 to {LARGEST_DATA}")
    if len(latents) > MOST_LATENTS:
        raise WriteError("W1", "payload", f"{len(latents)} latents are more than {MOST_LATENTS}")
    encoder = RangeEncoder(limit)
    encode_header(encoder, header)
    encode_symbols(encoder, state, tables.state_symbols[header.q0])
    if encoder.tell() > 8 * limit:
        raise WriteError(
            "W2", "payload", f"header and state take {encoder.tell()} bits, more than {limit} bytes"
        )
    starts: list[Checkpoint] = []  # the state of the coder before each latent
    tells: list[int] = []
    for index, latent in enumerate(latents):
        starts.append(encoder.checkpoint())
        tells.append(encoder.tell())
        level = quantiser_level(header.q0, header.dq, header.qmax, index)
        encode_symbols(encoder, latent, tables.latent_symbols[level])
        if encoder.tell() > 8 * limit:
            encoder.restore(starts.pop())
            tells.pop()
            break
    size = (encoder.tell() + 7) // 8
    if keep_last:
        size = _size_that_keeps_last(encoder, starts, tells, limit)
    encoder.shrink(size)
    return EncodedPayload(wire.prefix + encoder.finish(), len(starts))


@clause("DRED-write-last", "DRED-last-latent")
def _size_that_keeps_last(
    encoder: RangeEncoder, starts: list[Checkpoint], tells: list[int], limit: int
) -> int:
    """Return a size in bytes with which the decoder does not stop before the last latent.

    The latent is dropped, from the encoder and from the lists, where the byte that it needs exceeds the
    limit; then the same holds for the one before it.
    """
    while True:
        size = (encoder.tell() + 7) // 8
        if not starts or 8 * size - tells[-1] > TOO_FEW_BITS:
            return size
        if size < limit:
            return size + 1
        encoder.restore(starts.pop())
        tells.pop()
