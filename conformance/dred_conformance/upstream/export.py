"""Our feature vectors as the working group's files, so that upstream's own tool can run them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dred_conformance.comparison import FEATURES
from dred_conformance.upstream.coding import encode_record
from dred_conformance.upstream.feature_file import write_feature_file
from dred_conformance.upstream.feature_order import chronological
from dred_conformance.upstream.record import CHUNKS_PER_LATENT, MOST_CHUNKS, Record
from dred_conformance.upstream.record_file import write_records
from dred_conformance.vectors.case import Case
from dred_reference.payload import decode_payload
from dred_reference.tables import QuantiserTables
from dred_reference.wire import WIRE_PROFILES

__all__ = ["FILES", "ExportedCase", "exported_cases", "vector_paths", "write_vectors"]

FILES = 8


@dataclass(frozen=True, eq=False)
class ExportedCase:
    """A case as a record, with the features that it should give.

    Attributes
    ----------
    case : str
        Id of the case.
    record : Record
        State and latents, coded anew at one level.
    features : array of float32, shape (frames, 20)
        Oldest first.
    """

    case: str
    record: Record
    features: NDArray[np.float32]


def exported_cases(cases: Iterable[Case], model: str, tables: QuantiserTables) -> Iterator[ExportedCase]:
    """Yield the cases that a record can express: payloads of one level with 1 to 25 latents.

    Cases for the fixed-point profile, and those that bind less than a MUST, are left out.

    Parameters
    ----------
    cases
        Any vectors.
    model
        Name of the model whose cases are wanted.
    tables
        Its tables.
    """
    for case in cases:
        if case.op != "feature" or case.model != model or case.strength != "must":
            continue
        if case.result != "valid" or "payload" not in case.input or "profile" in case.input:
            continue
        data = bytes.fromhex(case.input["payload"])
        payload = decode_payload(data, WIRE_PROFILES[case.input["wire"]], tables)
        is_one_level = set(payload.levels) == {payload.q0}
        if not is_one_level or CHUNKS_PER_LATENT * len(payload.latents) > MOST_CHUNKS:
            continue
        record = encode_record(payload.q0, payload.state, payload.latents, tables)
        features = case.expected["features"].values().reshape(-1, FEATURES)
        yield ExportedCase(case.id, record, chronological(features.astype(np.float32)))


def vector_paths(folder: Path, number: int) -> tuple[Path, Path]:
    """Return the paths of the records and of the features of a vector."""
    return folder / f"vector{number}_dred.bit", folder / f"vector{number}_dred_dec.f32"


def write_vectors(folder: Path, cases: list[ExportedCase]) -> list[int]:
    """Write the cases as eight vectors and return how many records each has.

    Parameters
    ----------
    folder
        An existing folder.
    cases
        At least eight.
    """
    counts = []
    for number in range(1, FILES + 1):
        share = cases[number - 1 :: FILES]
        records, features = vector_paths(folder, number)
        write_records(records, [each.record for each in share])
        write_feature_file(features, [each.features for each in share])
        counts.append(len(share))
    return counts
