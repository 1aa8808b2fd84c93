"""Costs known beforehand against what a coder really spends."""

from collections.abc import Callable

import numpy as np
import pytest

from dred_reference.latent import quantise
from dred_reference.payload import encode_symbols
from dred_reference.range_encoder import RangeEncoder
from dred_reference.redundancy.symbol_costs import SymbolCosts
from dred_reference.tables import QuantiserTables

EIGHTHS = 8


def spent(
    symbols: tuple[tuple[int, ...], ...], rows: tuple[tuple[tuple[int, int] | None, ...], ...]
) -> float:
    encoder = RangeEncoder(1 << 20)
    before = encoder.tell_frac()
    for values, row in zip(symbols, rows, strict=True):
        encode_symbols(encoder, values, row)
    return (encoder.tell_frac() - before) / EIGHTHS


@pytest.mark.clause("ENC-symbol-cost")
@pytest.mark.parametrize("level", [0, 7, 15])
def test_the_coder_spends_what_the_costs_say(encoder_tables: QuantiserTables, level: int) -> None:
    random = np.random.default_rng(level)
    latents = random.laplace(0, 40, (60, encoder_tables.latent_dim)).astype(np.float32)
    states = random.laplace(0, 40, (60, encoder_tables.state_dim)).astype(np.float32)
    costs = SymbolCosts(encoder_tables)
    coded = quantise(states[0], latents, level, 0, 15, encoder_tables).latents
    said = costs.latents(latents)[:, level]
    assert np.isfinite(said).all()
    assert spent(coded, (encoder_tables.latent_symbols[level],) * 60) == pytest.approx(
        said.sum(), rel=2e-3, abs=0.3
    )
    coded = tuple(quantise(state, latents[:0], level, 0, 15, encoder_tables).state for state in states)
    said = costs.states(states)[:, level]
    assert spent(coded, (encoder_tables.state_symbols[level],) * 60) == pytest.approx(
        said.sum(), rel=2e-3, abs=0.3
    )


@pytest.mark.clause("ENC-symbol-cost")
def test_magnitudes_with_escapes_are_counted_symbol_by_symbol(encoder_tables: QuantiserTables) -> None:
    tables = encoder_tables
    level, dimension = next(
        (level, place)
        for level in range(16)
        for place, coded in enumerate(tables.latent_symbols[level])
        if coded is not None and coded[0] > 0 and tables.latent_quant_scales_q8[level, place] > 128
    )
    coding = tables.latent_symbols[level]
    for magnitude in (1, 6, 7, 8, 14, 15, 50):
        # without a dead zone to speak of, this value is quantised to the magnitude
        scale = float(tables.latent_quant_scales_q8[level, dimension])
        zone = float(tables.latent_dead_zone_q8[level, dimension]) / 256
        latent = np.zeros((1, tables.latent_dim), dtype=np.float32)
        latent[0, dimension] = -(magnitude + zone) * 256 / scale
        symbols = quantise(np.zeros(tables.state_dim), latent, level, 0, 15, tables).latents
        assert symbols[0][dimension] == -magnitude
        repeated = spent(symbols * 40, (coding,) * 40) / 40
        assert repeated == pytest.approx(
            float(SymbolCosts(tables).latents(latent)[0, level]), rel=2e-3, abs=0.05
        )


@pytest.mark.clause("ENC-symbol-cost")
def test_a_symbol_without_a_share_costs_everything(
    synthetic_tables: Callable[..., QuantiserTables],
) -> None:
    tables = synthetic_tables(5)
    never_zero = (tables.latent_p0_q8 == 0) & (tables.latent_r_q8 != 0)
    assert never_zero.any()
    costs = SymbolCosts(tables).latents(np.zeros((1, tables.latent_dim)))[0]
    assert (np.isinf(costs) == never_zero.any(axis=1)).all()
