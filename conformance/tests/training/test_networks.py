"""The networks in PyTorch mean what the literal implementation means."""

import numpy as np
import pytest
import torch

from dred_model import ModelBundle, named_synthetic_model
from dred_reference.encoding import LatentEncoder
from dred_reference.feature import decode_features
from dred_training.rdovae import disturbance, loading, rounding


def check_agreement(bundle: ModelBundle, tolerance: float) -> None:
    encoder, decoder = loading.load_networks(bundle)
    source = np.random.default_rng(1)
    features = source.standard_normal((12, 40)).astype(np.float32)
    literal = LatentEncoder(bundle.to_reference_encoder())
    expected = [literal.step(pair) for pair in features]
    with torch.no_grad():
        latents, states = encoder(torch.tensor(features)[:, None], disturbance.UNDISTURBED)
    for found, wanted in (
        (latents, [each[0] for each in expected]),
        (states, [each[1] for each in expected]),
    ):
        dimension = len(wanted[0])
        np.testing.assert_allclose(found[:, 0, :dimension].numpy(), wanted, rtol=tolerance, atol=tolerance)
    state = source.standard_normal(bundle.state_dim).astype(np.float32)
    rows = source.standard_normal((9, bundle.latent_dim + 1)).astype(np.float32)
    with torch.no_grad():
        decoded = decoder(torch.tensor(state)[None], torch.tensor(rows)[:, None], disturbance.UNDISTURBED)
    wanted = decode_features(state, rows, bundle.to_reference_network())
    np.testing.assert_allclose(decoded[:, 0].reshape(-1, 20).numpy(), wanted, rtol=0, atol=tolerance)


def test_networks_of_any_widths_agree_with_the_literal_ones() -> None:
    check_agreement(named_synthetic_model("synthetic-9-7x9-net24x40x16x8-enc16x8x24x32"), 1e-5)


@pytest.mark.official_model
def test_the_official_networks_agree_with_the_literal_ones(official_model: ModelBundle) -> None:
    check_agreement(official_model, 1e-5)


def test_int8_weights_never_overflow_a_pair() -> None:
    generator = torch.Generator().manual_seed(1)
    weights = torch.randn(400, 64, generator=generator)
    weights[0] = 1.0
    weights[1] = 0.0
    weights[2, ::2], weights[2, 1::2] = 1.0, -1.0
    whole, scales = rounding.to_int8(weights)
    pairs = whole.to(torch.int32)[:, 0::2] + whole.to(torch.int32)[:, 1::2]
    assert whole.abs().max() <= 127
    assert pairs.abs().max() <= 129
    assert whole[2].abs().min() == 127
    assert ((whole * scales[:, None] - weights).abs() <= 0.5001 * scales[:, None]).all()


def test_rounded_weights_are_those_of_the_export_and_let_gradients_pass() -> None:
    weights = torch.randn(16, 8, generator=torch.Generator().manual_seed(2), requires_grad=True)
    used = disturbance.Disturbance(weights="rounded").weight(weights)
    whole, scales = rounding.to_int8(weights.detach())
    assert torch.allclose(used.detach(), whole * scales[:, None], atol=1e-7)
    used.sum().backward()
    assert torch.equal(weights.grad, torch.ones(16, 8))
