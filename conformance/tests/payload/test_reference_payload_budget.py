"""Payloads under a budget: what is left out, what a byte more saves, to the last bit."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from dred_reference.errors import WriteError
from dred_reference.payload import Header, decode_payload, encode_payload
from dred_reference.schedule import quantiser_level
from dred_reference.tables import LEVELS, CodedSymbol, QuantiserTables
from dred_reference.wire import WIRE_PROFILES

Maker = Callable[..., QuantiserTables]
WIRE = WIRE_PROFILES["experimental-12"]


@pytest.mark.clause("DRED-write-budget", "DRED-write-last")
@pytest.mark.parametrize("keep_last", [False, True])
def test_budgets(synthetic_tables: Maker, keep_last: bool) -> None:
    tables = synthetic_tables(3, 6, 5)
    header = Header(2, 3, 15, 4)
    generator = np.random.default_rng(5)

    def symbols(coding: tuple[CodedSymbol, ...]) -> list[int]:
        return [0 if coded is None else int(generator.integers(1, 9)) for coded in coding]

    state = symbols(tables.state_symbols[2])
    latents = [symbols(tables.latent_symbols[quantiser_level(2, 3, 15, k)]) for k in range(6)]
    whole = encode_payload(header, state, latents, WIRE, tables)
    smallest = (decode_payload(whole.payload, WIRE, tables, max_latents=0).tell + 7) // 8
    for budget in range(smallest):
        with pytest.raises(WriteError, match="W2"):
            encode_payload(header, state, latents, WIRE, tables, max_bytes=budget, keep_last=keep_last)
    counts = []
    for budget in range(smallest, len(whole.payload) + 1):
        written = encode_payload(header, state, latents, WIRE, tables, max_bytes=budget, keep_last=keep_last)
        assert len(written.payload) - 2 <= budget
        assert written.payload.startswith(b"D\x0c")
        read = decode_payload(written.payload, WIRE, tables)
        assert list(map(list, read.latents[: written.latent_count])) == latents[: len(read.latents)]
        counts.append(written.latent_count)
    assert counts == sorted(counts)
    assert counts[0] == 0
    assert counts[-1] == 6


@pytest.mark.clause("DRED-write-budget")
def test_the_budget_may_be_used_to_the_last_bit(synthetic_tables: Maker) -> None:
    tables = synthetic_tables(3, 6, 5)
    header = Header(2, 3, 15, 4)
    coded = tables.state_symbols[2]
    latent = [0 if coding is None else 1 for coding in tables.latent_symbols[2]]
    full = {"state": False, "latent": False}
    for value in range(1, 400):
        loud = [value if coding is not None else 0 for coding in coded]
        written = encode_payload(header, loud, [latent], WIRE, tables)
        size = len(written.payload) - 2
        tell = decode_payload(written.payload, WIRE, tables, max_latents=0).tell
        if tell % 8 == 0:
            assert encode_payload(header, loud, [], WIRE, tables, max_bytes=tell // 8).latent_count == 0
            with pytest.raises(WriteError, match="W2"):
                encode_payload(header, loud, [], WIRE, tables, max_bytes=tell // 8 - 1)
            full["state"] = True
        if decode_payload(written.payload, WIRE, tables).tell == 8 * size:
            counts = [
                encode_payload(header, loud, [latent], WIRE, tables, max_bytes=limit).latent_count
                for limit in (size - 1, size)
            ]
            assert counts == [0, 1]
            full["latent"] = True
    assert full == {"state": True, "latent": True}


@pytest.mark.clause("DRED-write-budget", "DRED-write-last")
def test_keep_last_drops_what_the_budget_cannot_keep(synthetic_tables: Maker) -> None:
    """Latents of next to no bits: where the budget has no room for the added byte, none of them is kept."""
    cheap = np.full((LEVELS, 2), 250, dtype=np.uint8)
    tables = replace(synthetic_tables(3, 2, 5), latent_r_q8=cheap, latent_p0_q8=cheap)
    header, state = Header(2, 0, 15, 4), [0] * 5
    whole = encode_payload(header, state, [], WIRE, tables)
    size = len(whole.payload) - 2
    latents = [(0, 0)] * 8
    plain = encode_payload(header, state, latents, WIRE, tables, max_bytes=size)
    assert (plain.latent_count, len(plain.payload)) == (8, len(whole.payload))
    assert decode_payload(plain.payload, WIRE, tables).latents == ()
    kept = encode_payload(header, state, latents, WIRE, tables, max_bytes=size, keep_last=True)
    assert kept == replace(whole, latent_count=0)
    kept = encode_payload(header, state, latents, WIRE, tables, max_bytes=size + 1, keep_last=True)
    assert (kept.latent_count, len(kept.payload)) == (8, len(whole.payload) + 1)
