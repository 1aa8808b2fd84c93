"""Synthetic models with an encoder: named, the same everywhere, and possible to code with."""

import numpy as np
import pytest

from dred_model import ModelError, named_synthetic_model, synthetic_model
from dred_model.synthetic import parse_name
from dred_model.synthetic_encoder import EncoderShape, synthetic_encoder

NAMES = [
    "synthetic-9-enc",
    "synthetic-9-7x9-enc",
    "synthetic-9-7x9-dead4-net-enc64x32x64x128",
    "synthetic-0-net8x8x8x16-enc8x16x24x32",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_says_everything(name: str) -> None:
    recipe = parse_name(name)
    bundle = named_synthetic_model(name)
    again = synthetic_model(
        recipe.seed,
        latent_dim=recipe.latent_dim,
        state_dim=recipe.state_dim,
        dead_level=recipe.dead_level,
        shape=recipe.shape,
        encoder_shape=recipe.encoder_shape,
    )
    assert bundle.name == recipe.name == name
    assert again.model_sha256 == bundle.model_sha256
    assert ("rdovaedec" in bundle.networks) == ("-net" in name)
    assert bundle.notes == ()  # nothing that the exporter would not write


@pytest.mark.parametrize(
    "name",
    [
        *("synthetic-9-enc-net", "synthetic-9-enc16x8x8x16", "synthetic-9-enc16x8x8"),
        "synthetic-9-enc0x8x8x8",
        *("synthetic-9-enc-enc", "synthetic-9-enc8x8x8x520", "synthetic-9-enc8x8x8x12", "synthetic-9-encx"),
    ],
)
def test_names_of_no_model(name: str) -> None:
    with pytest.raises(ModelError) as caught:
        named_synthetic_model(name)
    assert caught.value.rule == "M8"


def test_widths_that_cannot_be_cut_into_blocks() -> None:
    with pytest.raises(ModelError) as caught:
        synthetic_encoder(1, 4, 3, EncoderShape(gru=12))
    assert caught.value.rule == "M5"


def test_an_encoder_changes_nothing_of_the_decoder_and_only_impossible_zeros_of_the_tables() -> None:
    """Published vectors name the models without an encoder; theirs are pinned in test_synthetic_models.py."""
    plain, more = named_synthetic_model("synthetic-9-net"), named_synthetic_model("synthetic-9-net-enc")
    assert more.network_sha256["rdovaedec"] == plain.network_sha256["rdovaedec"]
    changed = 0
    for name, table in plain.tables.as_dict().items():
        other = more.tables.as_dict()[name]
        differs = other != table
        changed += int(differs.sum())
        assert not differs.any() or name.endswith("p0_q8")
        assert (table[differs] == 0).all()
        assert (other[differs] == 1).all()
    assert changed > 0
    assert (more.tables.latent_p0_q8 > 0).all()
    assert (more.tables.state_p0_q8 > 0).all()


def test_the_outputs_that_pad_are_not_zero() -> None:
    network = named_synthetic_model("synthetic-9-7x9-enc").to_reference_encoder()
    assert network.layers["enc_zdense"].outputs == 8
    assert network.layers["gdense2"].outputs == 16
    assert np.abs(network.layers["gdense2"].weights[9:]).max() > 100


def test_a_model_without_encoder_says_so() -> None:
    with pytest.raises(ModelError) as caught:
        named_synthetic_model("synthetic-9-net").to_reference_encoder()
    assert caught.value.rule == "M4"


PINNED_ENCODER = "8775d3bbb184abfe31e704306472b754d3f88c68a52dfa45e4940d9b3201b771"


def test_the_encoder_of_a_seed_stays_as_it_is() -> None:
    """A regression pin, printed by this code once."""
    assert named_synthetic_model("synthetic-9-enc").network_sha256["rdovaeenc"] == PINNED_ENCODER
