"""Runs the working group's vectors of decoding through an adapter."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dred_conformance.comparison import FEATURES, FeatureComparison, FeatureThresholds, compare_features
from dred_conformance.protocol.arrays import floats_to_base64, from_base64
from dred_conformance.protocol.validation import answer_problem
from dred_conformance.runner.process import AdapterProcess
from dred_conformance.upstream.coding import decode_record
from dred_conformance.upstream.errors import UpstreamError
from dred_conformance.upstream.export import FILES, vector_paths
from dred_conformance.upstream.feature_file import read_feature_file
from dred_conformance.upstream.feature_order import chronological
from dred_conformance.upstream.record import Record
from dred_conformance.upstream.record_file import read_records
from dred_reference.tables import QuantiserTables

__all__ = ["run_vectors", "vector_numbers"]

TIMEOUT_S = 60.0


def vector_numbers(folder: Path) -> list[int]:
    """Return the numbers of the vectors that a folder has.

    Raises
    ------
    UpstreamError
        There is none, or the features of one are missing.
    """
    numbers = [number for number in range(1, FILES + 1) if vector_paths(folder, number)[0].is_file()]
    if not numbers:
        raise UpstreamError(f"{folder}: holds no vector1_dred.bit to vector{FILES}_dred.bit")
    for number in numbers:
        if not vector_paths(folder, number)[1].is_file():
            raise UpstreamError(f"{vector_paths(folder, number)[1]}: is missing")
    return numbers


def run_vectors(
    folder: Path,
    command: Sequence[str],
    model: str,
    tables: QuantiserTables,
    thresholds: FeatureThresholds | None = None,
) -> Iterator[tuple[int, FeatureComparison]]:
    """Yield for each vector its number and how far the adapter's features are from the expected ones.

    State and latents of the records are read here; the adapter decodes them to features.

    Raises
    ------
    UpstreamError
        A file is malformed, or the adapter does not answer with features.
    """
    with AdapterProcess(command, timeout_s=TIMEOUT_S) as adapter:
        seq = 0
        for number in vector_numbers(folder):
            records, expected = vector_paths(folder, number)
            decoded = []
            for record in read_records(records):
                seq += 1
                decoded.append(_ask(adapter, seq, record, model, tables))
            candidate = np.concatenate([np.zeros((0, FEATURES)), *decoded])
            yield number, compare_features(read_feature_file(expected), candidate, thresholds)


def _ask(
    adapter: AdapterProcess, seq: int, record: Record, model: str, tables: QuantiserTables
) -> NDArray[np.float32]:
    state, latents = decode_record(record, tables)
    request = {
        "seq": seq,
        "op": "feature",
        "model": model,
        "state": floats_to_base64(state),
        "state_count": int(state.size),
        "latents": floats_to_base64(latents),
        "latent_count": len(latents),
    }
    answer: Any = json.loads(adapter.ask(json.dumps(request).encode()))
    problem = answer_problem("feature", answer)
    if problem is None and "result" not in answer:
        problem = answer.get("unsupported") or answer["error"]["message"]
    if problem is not None:
        raise UpstreamError(f"the adapter gives no features: {problem}")
    values = from_base64(answer["result"]["features"])
    if values.size != FEATURES * record.frame_count:
        raise UpstreamError(f"the adapter gives {values.size} values for {record.frame_count} frames")
    return chronological(values.reshape(-1, FEATURES))
