"""One model, four forms, one hash."""

import hashlib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from dred_model import ModelBundle, ModelError, import_model, load_model, save_model
from dred_model.official import MODEL_SHA256, WEIGHTS_SHA256

FORMS = [
    "archive",
    "release archive",
    "sources",
    "dnn folder",
    "npz",
    "npz without layers",
    "npz with json",
    "blob",
    "model",
]


def write_form(form: str, folder: Path, bundle: ModelBundle, forms: SimpleNamespace) -> Path:
    folder.mkdir()
    if form == "archive":
        (folder / "m.tar.gz").write_bytes(forms.tar_gz(forms.c_sources(bundle)))
        return folder / "m.tar.gz"
    if form == "release archive":
        files = {f"./opus-9.9/{path}": text for path, text in forms.c_sources(bundle, suffix="f").items()}
        (folder / "m.tar.gz").write_bytes(forms.tar_gz(files))
        return folder / "m.tar.gz"
    if form == "sources":
        return forms.write_sources(folder / "m", bundle)
    if form == "dnn folder":
        return forms.write_sources(folder / "m", bundle) / "dnn"
    if form == "npz":
        return forms.write_npz(folder / "m", bundle)
    if form == "npz without layers":
        return forms.write_npz(folder / "m", bundle, layers=False)
    if form == "npz with json":
        return forms.write_npz(folder / "m", bundle, stats="json")
    if form == "blob":
        return forms.write_blob(folder, bundle)
    return save_model(bundle, folder / "m")


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_model(
    form: str, small: ModelBundle, forms: SimpleNamespace, tmp_path: Path
) -> None:
    found = import_model(write_form(form, tmp_path / "form", small, forms), name="again")
    assert found.name == "again"
    assert found.model_sha256 == small.model_sha256
    assert found.weights_blob == small.weights_blob
    assert found.tables_sha256 == small.tables_sha256
    assert [network.layers for network in found.ordered_networks()] == [
        network.layers for network in small.ordered_networks()
    ]


@pytest.mark.parametrize("network", ["pitchdnn", "fargan", "plc", "rdovaeenc", "rdovaedec"])
@pytest.mark.parametrize("form", ["archive", "npz", "blob"])
def test_networks_may_be_absent_but_change_the_hash(
    form: str, network: str, small: ModelBundle, forms: SimpleNamespace, tmp_path: Path
) -> None:
    partial = forms.make_model(without=(network,))
    found = import_model(write_form(form, tmp_path / "form", partial, forms), name="partial")
    assert network not in found.networks
    assert any(network in note for note in found.notes)
    assert found.model_sha256 == partial.model_sha256 != small.model_sha256


def test_the_loss_generator_is_kept_but_not_part_of_the_hash(
    small: ModelBundle, forms: SimpleNamespace
) -> None:
    without = forms.make_model(without=("lossgen",))
    assert without.model_sha256 == small.model_sha256
    assert without.weights_blob != small.weights_blob
    assert small.weights_blob is not None
    assert without.weights_blob is not None
    assert small.weights_blob.startswith(without.weights_blob)


@pytest.mark.parametrize("group", ["latent", "state"])
@pytest.mark.parametrize("kind", ["quant_scales", "dead_zone", "r", "p0"])
def test_each_table_is_part_of_the_hash(group: str, kind: str, small: ModelBundle) -> None:
    tables = small.tables.as_dict()
    changed = np.array(tables[f"{group}_{kind}_q8"])
    changed[3, 2] ^= 1
    other = ModelBundle(
        "small", 12, type(small.tables)(**tables | {f"{group}_{kind}_q8": changed}), small.networks, ""
    )
    assert other.tables_sha256 != small.tables_sha256
    assert other.model_sha256 != small.model_sha256


def test_the_tables_hash_is_that_of_the_eight_tables_in_order(small: ModelBundle) -> None:
    digest = hashlib.sha256()
    for group in ("latent", "state"):
        for kind in ("quant_scales", "dead_zone", "r", "p0"):
            table = getattr(small.tables, f"{group}_{kind}_q8")
            for level in range(16):
                digest.update(bytes(int(value) for value in table[level]))
    assert small.tables_sha256 == digest.hexdigest()


def test_debug_floats_of_quantised_layers_are_left_out_with_a_note(
    small: ModelBundle, forms: SimpleNamespace, tmp_path: Path
) -> None:
    files = forms.c_sources(small)
    floats = np.ones(64, dtype=np.float32)
    files["dnn/dred_rdovae_dec_data.c"] = (
        forms.c_array("dec_glu1_weights_float", floats) + files["dnn/dred_rdovae_dec_data.c"]
    )
    (tmp_path / "m.tar.gz").write_bytes(forms.tar_gz(files))
    found = import_model(tmp_path / "m.tar.gz")
    assert found.model_sha256 == small.model_sha256
    assert any(note.startswith("dec_glu1_weights_float: left out") for note in found.notes)


def test_debug_floats_of_wrong_size_are_refused(
    small: ModelBundle, forms: SimpleNamespace, tmp_path: Path
) -> None:
    files = forms.c_sources(small)
    floats = np.ones(63, dtype=np.float32)
    files["dnn/dred_rdovae_dec_data.c"] = (
        forms.c_array("dec_glu1_weights_float", floats) + files["dnn/dred_rdovae_dec_data.c"]
    )
    (tmp_path / "m.tar.gz").write_bytes(forms.tar_gz(files))
    with pytest.raises(ModelError, match="63 values; layer dec_glu1 needs 64") as caught:
        import_model(tmp_path / "m.tar.gz")
    assert (caught.value.rule, caught.value.subject) == ("M5", "dec_glu1_weights_float")


@pytest.mark.official_model
@pytest.mark.parametrize("form", ["archive", "sources", "npz", "npz without layers", "blob", "model"])
def test_every_form_of_the_official_model_gives_its_hash(
    form: str, official: ModelBundle, forms: SimpleNamespace, tmp_path: Path
) -> None:
    found = import_model(write_form(form, tmp_path / "form", official, forms))
    assert found.name == "libopus-1.6"
    assert found.model_sha256 == MODEL_SHA256
    assert found.notes == ()


@pytest.mark.official_model
def test_the_blob_shared_with_libopus_is_the_official_model(official: ModelBundle) -> None:
    path = Path(__file__).parents[4] / "shared/models/libopus-1.6.1/weights_blob.bin"
    found = import_model(path)
    assert found.name == "libopus-1.6"
    assert found.weights_blob == path.read_bytes()
    assert hashlib.sha256(path.read_bytes()).hexdigest() == WEIGHTS_SHA256
    assert official.model_sha256 == found.model_sha256
    assert "lossgen" in official.networks
    assert "lossgen" not in found.networks


@pytest.mark.official_model
def test_the_official_model_survives_the_disk(official: ModelBundle, tmp_path: Path) -> None:
    loaded = load_model(save_model(official, tmp_path / "m"))
    assert loaded.model_sha256 == MODEL_SHA256
    assert loaded.weights_blob == official.weights_blob
    assert (loaded.latent_dim, loaded.state_dim) == (25, 50)
