"""Synthetic vocoders: the same bytes everywhere, for both implementations, and not chaotic."""

import numpy as np
import pytest

import dred_native
from dred_conformance.comparison import compare_audio
from dred_conformance.differential.built_payloads import native_model
from dred_model import ModelError, named_synthetic_model
from dred_model.synthetic import parse_name
from dred_model.synthetic_vocoder import SIZES
from dred_reference.vocoder import synthesise

NAME = "synthetic-9-1x1-voc"
# A regression pin, printed by this code once: vectors name the file, so its content must never change.
PINNED = "eb85c6ac5e1b03a04888d3d9abc39777342e576c67a8df8a76b6dc7d7d85b1fb"


def features(count: int) -> np.ndarray:
    generator = np.random.default_rng(4)
    values = generator.normal(0, 0.7, (count, 20))
    values[:, 18] = generator.uniform(-1.4, 1.4, count)
    return values.astype(np.float32)


def test_the_published_vocoder_stays_as_it_is() -> None:
    assert named_synthetic_model(NAME).network_sha256 == {"fargan": PINNED}


def test_names() -> None:
    assert parse_name(NAME).vocoder
    assert parse_name("synthetic-7-net-enc-voc").name == "synthetic-7-net-enc-voc"
    for name in ("synthetic-7-voc-net", "synthetic-7-voc-voc", "synthetic-7-voc8"):
        with pytest.raises(ModelError) as caught:
            named_synthetic_model(name)
        assert caught.value.rule == "M8"


def test_a_vocoder_leaves_the_rest_of_a_model_alone() -> None:
    plain, more = (
        named_synthetic_model("synthetic-9-1x1-net"),
        named_synthetic_model("synthetic-9-1x1-net-voc"),
    )
    assert plain.tables_sha256 == more.tables_sha256
    assert plain.network_sha256["rdovaedec"] == more.network_sha256["rdovaedec"]
    assert set(more.networks) == {"rdovaedec", "fargan"}


def test_seeds_differ() -> None:
    assert named_synthetic_model("synthetic-10-1x1-voc").network_sha256["fargan"] != PINNED


def test_nothing_is_unusual_about_it() -> None:
    bundle = named_synthetic_model(NAME)
    assert bundle.notes == ()
    assert {
        layer.name: (layer.nb_inputs, layer.nb_outputs) for layer in bundle.networks["fargan"].layers
    } == SIZES
    scales = [array for name, array in bundle.networks["fargan"].arrays.items() if name.endswith("_scale")]
    assert all((array > 0).all() for array in scales)


def test_it_speaks_in_the_middle_of_the_range_and_has_a_pitch() -> None:
    network = named_synthetic_model(NAME).to_reference_vocoder_network()
    samples = synthesise(features(60), network)
    assert 2000 < np.sqrt(np.mean(samples.astype(float) ** 2)) < 12000
    assert compare_audio(samples, samples).voiced_frames > 15


def test_what_rounds_elsewhere_stays_near() -> None:
    bundle = named_synthetic_model(NAME)
    network, rows = bundle.to_reference_vocoder_network(), features(60)
    exact = synthesise(rows, network)
    for other in (
        synthesise(rows, network, "int8"),
        np.asarray(dred_native.Vocoder(native_model(bundle)).synthesise(rows)),
    ):
        compared = compare_audio(exact, other)
        assert (compared.err4 < 0.08, compared.err16 < 0.2, compared.pitch < 0.01) == (True, True, True)
    assert np.abs(exact.astype(int) - synthesise(rows, network, "reproducible")).max() <= 1


def test_a_small_difference_dies_out() -> None:
    network, rows = named_synthetic_model(NAME).to_reference_vocoder_network(), features(60)
    changed = rows.copy()
    changed[5] += 0.1
    difference = np.abs(synthesise(rows, network).astype(int) - synthesise(changed, network))
    assert difference[800:1600].max() > 500
    assert difference[-1600:].max() <= 2
