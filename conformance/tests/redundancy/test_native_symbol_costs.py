"""The costs of latents and states that the core knows beforehand."""

import numpy as np
import pytest

import dred_native
from dred_model import named_synthetic_model
from dred_native import Model

DRAFT = "draft-32"  # no prefix: the payload is what the range coder wrote
NEVER = -(1 << 20)  # bits left at which no decoder stops


def usual_model() -> Model:
    """Return a model without zeros of small probability, to which the rest of a division adds too much."""
    tables = dict(named_synthetic_model("synthetic-9-12x6-enc8x8x8x8").tables.as_dict())
    for name in ("latent_p0_q8", "state_p0_q8"):
        tables[name] = np.maximum(tables[name], 20)
    return Model("usual", 12, 6, *tables.values())


MODEL = usual_model()


@pytest.mark.clause("DRED-laplace-sign", "DRED-laplace-escape", "DRED-symbol-skip")
def test_costs_are_the_probabilities_of_the_tables() -> None:
    # Scale 1 (nearly) without dead zone, p0 = 1/2; magnitudes by the table of appendix A1 of the facts.
    table = [32768, 12800, 5000, 1953, 762, 297, 116, 45, 0]
    shapes = [np.full((16, 1), value, np.uint8) for value in (255, 0, 100, 128)]
    model = Model("even", 1, 1, *shapes, *shapes)
    values = np.array([[0], [1], [-1], [2], [-7], [8], [15], [-29]], np.float32)

    def bits(value: int) -> float:
        if value == 0:
            return 1.0
        escapes, rest = divmod(abs(value) - 1, 7)
        shares = [45 / 32768] * escapes + [(table[rest] - table[rest + 1]) / 32768]
        return 2.0 - float(np.log2(shares).sum())

    expected = np.array([[bits(int(value))] * 16 for value in values[:, 0]])
    np.testing.assert_allclose(dred_native.latent_costs(model, values), expected, rtol=1e-12)
    np.testing.assert_allclose(dred_native.state_costs(model, values), expected, rtol=1e-12)
    dead = Model("dead", 1, 1, *[np.zeros((16, 1), np.uint8)] * 8)
    assert not dred_native.latent_costs(dead, values).any()
    certain = Model("never 0", 1, 1, *shapes[:3], np.zeros((16, 1), np.uint8), *shapes)
    assert np.isinf(dred_native.latent_costs(certain, values)[:, 0]).tolist() == [True] + [False] * 7
    assert dred_native.latent_costs(model, values[:0]).shape == (0, 16)


@pytest.mark.clause("ENC-symbol-cost")
@pytest.mark.parametrize("q0", range(16))
def test_costs_are_what_the_coder_spends(q0: int) -> None:
    generator = np.random.default_rng(q0)
    latents = generator.normal(0, 3, (400, 12)).astype(np.float32)
    state = generator.normal(0, 3, 6).astype(np.float32)
    symbols = dred_native.quantise(MODEL, q0, 0, 15, state, latents)
    written = dred_native.encode_payload(q0, 0, 15, 0, symbols["state"], symbols["latents"], DRAFT, MODEL)
    tells = [
        dred_native.decode_payload(written["payload"], DRAFT, MODEL, max_latents=count, stop_bits=NEVER)[
            "tell"
        ]
        for count in range(401)
    ]
    costs = dred_native.latent_costs(MODEL, latents)[:, q0]
    # A tell is a whole number of bits; the coder rounds its range down by at most 1/256 per symbol.
    assert np.abs(np.diff(tells) - costs).max() < 1 + 24 / 170
    # A zero also gets what the division leaves over: .0065 bits of 3.7 in the mean for the rarest one here.
    assert tells[-1] - tells[0] == pytest.approx(costs.sum(), rel=3e-3, abs=1)
    # Header without qmax: 4 + 3 + 1 + 5 bits, and a fresh coder counts 1.
    assert tells[0] == pytest.approx(14 + dred_native.state_costs(MODEL, state[None])[0, q0], abs=1.05)


def test_huge_values_have_finite_costs() -> None:
    assert np.isfinite(dred_native.latent_costs(MODEL, np.full((104, 12), 2**20, np.float32))).all()
