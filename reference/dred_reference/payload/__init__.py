"""Stage ``payload``: the contents of a DRED extension as integers, in both directions.

A payload is one run of range-coded symbols: a header with the quantiser levels and the time offset, the
initial state of the decoder network, and then one latent after the other, going back in time, until the bits
run out.
"""

from dred_reference.payload.decoder import TOO_FEW_BITS, decode_payload
from dred_reference.payload.encoder import LARGEST_DATA, encode_payload
from dred_reference.payload.header import (
    LARGEST_TOTAL_OFFSET,
    NEWEST_OFFSET,
    check_levels,
    decode_header,
    encode_header,
)
from dred_reference.payload.record import MOST_LATENTS, EncodedPayload, Header, Payload
from dred_reference.payload.symbols import LARGEST_MAGNITUDE, SymbolTracing, decode_symbols, encode_symbols

__all__ = [
    "LARGEST_DATA",
    "LARGEST_MAGNITUDE",
    "LARGEST_TOTAL_OFFSET",
    "MOST_LATENTS",
    "NEWEST_OFFSET",
    "TOO_FEW_BITS",
    "EncodedPayload",
    "Header",
    "Payload",
    "SymbolTracing",
    "check_levels",
    "decode_header",
    "decode_payload",
    "decode_symbols",
    "encode_header",
    "encode_payload",
    "encode_symbols",
]
