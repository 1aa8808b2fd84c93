"""State and latents of real packets, equal to libopus' in every bit."""

from typing import Any

import numpy as np
import pytest

from dred_reference.latent import dequantise, quantise
from dred_reference.payload import decode_payload
from dred_reference.tables import QuantiserTables
from dred_reference.wire import WIRE_PROFILES

pytestmark = [pytest.mark.interop, pytest.mark.official_model]
WIRE = WIRE_PROFILES["experimental-12"]


@pytest.mark.clause("DRED-dequantise", "DRED-level-input", "DRED-schedule", "DRED-state", "DRED-latents")
def test_state_and_latents(interop_expected: list[dict[str, Any]], official_tables: QuantiserTables) -> None:
    latents = 0
    for entry in interop_expected:
        values = dequantise(
            decode_payload(bytes.fromhex(entry["payload"]), WIRE, official_tables), official_tables
        )
        wanted = np.array(entry["latents"], dtype=np.float32).reshape(-1, 26)
        assert np.array_equal(values.state, np.array(entry["state"], dtype=np.float32))
        assert np.array_equal(values.latents, wanted)
        latents += len(wanted)
    assert latents > 2000


@pytest.mark.clause("DRED-quantise")
def test_values_of_symbols_quantise_to_symbols_nearby(
    interop_expected: list[dict[str, Any]], official_tables: QuantiserTables
) -> None:
    """The dead zone pulls a value towards zero by less than a step, and never past it."""
    for entry in interop_expected[::10]:
        read = decode_payload(bytes.fromhex(entry["payload"]), WIRE, official_tables)
        values = dequantise(read, official_tables)
        symbols = quantise(values.state, values.latents[:, :-1], read.q0, read.dq, read.qmax, official_tables)
        for found, original in zip(
            (symbols.state, *symbols.latents), (read.state, *read.latents), strict=True
        ):
            pulled = np.abs(original) - np.abs(found)
            assert set(pulled.tolist()) <= {0, 1}
            assert np.all(np.array(found) * np.array(original) >= 0)
