"""Quantisation in training is that of the `latent` stage, costs are those of the range coder."""

import numpy as np
import pytest
import torch

from dred_reference.latent import quantised
from dred_reference.redundancy.symbol_costs import SymbolCosts
from dred_reference.tables import QuantiserTables
from dred_training.rdovae import disturbance, quantisation, statistics

DIMENSIONS = 9


@pytest.fixture
def model() -> statistics.Statistics:
    torch.manual_seed(4)
    made = statistics.Statistics(DIMENSIONS)
    with torch.no_grad():
        made.raw.normal_(0, 0.5)
        made.raw[:, 4] -= torch.linspace(0, 5, 16)[
            :, None
        ]  # decays fall with the level, to certainty at last
        made.raw[8:, :, 0] = -20.0
    return made


def tables(model: statistics.Statistics) -> QuantiserTables:
    written = model.bytes()
    four = [
        each.numpy().astype(np.uint8)
        for each in (written.scales, written.dead_zones, written.decays, written.zeros)
    ]
    return QuantiserTables(16, DIMENSIONS, DIMENSIONS, *four, *four)


def test_symbols_and_their_costs(model: statistics.Statistics) -> None:
    written, exported = model.bytes(), tables(model)
    assert not written.coded.all()
    assert written.coded.any()
    values = torch.randn(200, DIMENSIONS, generator=torch.Generator().manual_seed(1)) * 2
    costs = SymbolCosts(exported)
    in_tables = (values / written.unit).numpy()
    for level in range(16):
        rows = model.rows(torch.full((200,), level))
        found = quantisation.quantise(values, rows, True, None)
        four = (
            getattr(exported, f"latent_{name}_q8")[level] for name in ("quant_scales", "dead_zone", "r", "p0")
        )
        symbols = (found.values * rows.scale).round().to(torch.int64).detach().numpy()
        expected = quantised(in_tables, *four)
        assert (symbols != expected).mean() < 0.002  # tanh is approximated there
        if level <= 6:  # behind, these values are so rare that the floor of probabilities decides
            bits = costs.latents(in_tables)[:, level]
            assert np.median(np.abs(found.bits.detach().numpy() - bits)) < 0.01
            np.testing.assert_allclose(found.bits.detach().numpy().mean(), bits.mean(), rtol=0.02)


def test_a_dimension_fades_before_it_dies(model: statistics.Statistics) -> None:
    with torch.no_grad():
        model.raw[:, 3] = 0.0
        model.raw[:, 4] = torch.linspace(-4, -11, 16)[:, None]
    kept = model.rows(torch.arange(16)).kept[:, 0]
    coded = model.bytes().coded[:, 0]
    assert kept[0] == 1
    assert (kept[~coded] == 0).all()
    assert ((kept > 0.05) & (kept < 0.95)).sum() >= 3
    assert (kept.diff() <= 0).all()
    early = model.rows(torch.arange(16), may_die=False)
    assert (early.kept == 1).all()
    assert (early.coded == 1).all()


def test_what_is_not_coded_is_read_as_zero(model: statistics.Statistics) -> None:
    noise = disturbance.Disturbance(torch.Generator().manual_seed(1))
    rows = model.rows(torch.full((50,), 12))
    values = torch.randn(50, DIMENSIONS)
    for is_hard in (True, False):
        found = quantisation.quantise(values, rows, is_hard, noise)
        assert (found.values[:, 0] == 0).all()
        assert torch.isfinite(found.soft_bits).all()


def test_gradients_reach_all_that_is_learned(model: statistics.Statistics) -> None:
    noise = disturbance.Disturbance(torch.Generator().manual_seed(1))
    values = torch.randn(64, DIMENSIONS, requires_grad=True)
    found = quantisation.quantise(
        values, model.rows(torch.arange(64) % 16), torch.arange(64)[:, None] % 2 > 0, noise
    )
    ((found.values**2).sum() + found.soft_bits.sum() + found.bits.sum()).backward()
    assert torch.isfinite(values.grad).all()
    assert torch.isfinite(model.raw.grad).all()
    assert (model.raw.grad.abs().sum(dim=(0, 2)) > 0).all()
