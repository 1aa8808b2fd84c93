"""The vector files of the working group: records of latents, and features.

``vectorN_dred.bit`` holds records, ``vectorN_dred_dec.f32`` the features that a decoder network makes of
them. The formats are described in ``spec-notes/upstream-vectors.md``.
"""

from dred_conformance.upstream.coding import decode_record, decode_record_symbols, encode_record
from dred_conformance.upstream.errors import UpstreamError
from dred_conformance.upstream.feature_file import read_feature_file, write_feature_file
from dred_conformance.upstream.feature_order import (
    FRAMES_PER_LATENT,
    chronological,
    newest_first,
    records_of,
)
from dred_conformance.upstream.record import LARGEST_DATA, MOST_CHUNKS, Record
from dred_conformance.upstream.record_file import iterate_records, read_records, write_records

__all__ = [
    "FRAMES_PER_LATENT",
    "LARGEST_DATA",
    "MOST_CHUNKS",
    "Record",
    "UpstreamError",
    "chronological",
    "decode_record",
    "decode_record_symbols",
    "encode_record",
    "iterate_records",
    "newest_first",
    "read_feature_file",
    "read_records",
    "records_of",
    "write_feature_file",
    "write_records",
]
