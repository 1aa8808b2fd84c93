"""Which model a name stands for, and where it is looked for."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from dred_model import (
    ModelBundle,
    ModelError,
    cache,
    find_model,
    finding,
    import_model,
    list_models,
    require_model,
    save_model,
    synthetic_model,
    verify,
)
from dred_model.official import MODEL_SHA256


@pytest.fixture
def no_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "BESIDE_CHECKOUT", "nowhere")


@pytest.mark.parametrize("form", ["npz", "sources", "model"])
def test_the_environment_comes_first(
    form: str, small: ModelBundle, forms: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.store(synthetic_model(1).renamed("small"))
    writers = {
        "npz": forms.write_npz,
        "sources": forms.write_sources,
        "model": lambda path, b: save_model(b, path),
    }
    monkeypatch.setenv("DRED_MODEL_DIR", str(writers[form](tmp_path / "small", small)))
    found = find_model("small")
    assert found is not None
    assert found.model_sha256 == small.model_sha256
    assert [(model.name, model.place) for model in list_models() if model.place != "checkout"] == [
        ("small", "DRED_MODEL_DIR"),
        ("small", "cache"),
        ("bundled-1", "package"),
    ]
    assert find_model("other") is None


def test_a_broken_environment_is_an_error_never_passed_over(
    small: ModelBundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.store(small)
    monkeypatch.setenv("DRED_MODEL_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(ModelError) as caught:
        find_model("small")
    assert caught.value.rule == "M4"
    assert find_model("synthetic-3") is not None  # needs no place at all
    monkeypatch.setenv("DRED_MODEL_DIR", "")
    assert find_model("small") is not None


def test_an_unknown_model(no_checkout: None) -> None:
    assert find_model("libopus-1.6") is None
    for name, hint in (("libopus-1.6", "dred model fetch"), ("other", "dred model list")):
        with pytest.raises(ModelError, match=hint) as caught:
            require_model(name)
        assert caught.value.rule == "M8"
        with pytest.raises(ModelError, match="no such model"):
            verify(name)
    with pytest.raises(ModelError) as caught:
        find_model("../../etc")
    assert caught.value.rule == "M7"


def test_synthetic_models_are_made_on_the_spot() -> None:
    found = require_model("synthetic-5-3x300".replace("300", "30"))
    assert (found.latent_dim, found.state_dim) == (3, 30)
    assert all(model.intact for model in verify("synthetic-5"))


def test_verify_tells_what_is_broken(small: ModelBundle) -> None:
    folder = cache.store(small)
    assert [model.intact for model in verify("small")] == [True]
    (folder / "weights.bin").unlink()
    (model,) = verify("small")
    assert not model.intact
    assert model.error is not None
    assert model.error.rule == "M4"
    assert model.path == folder


def test_reserved_names_belong_to_their_models(
    small: ModelBundle, forms: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = forms.write_npz(tmp_path / "m", small)
    for name in ("libopus-1.6", "synthetic-7"):
        with pytest.raises(ModelError) as caught:
            import_model(folder, name=name)
        assert caught.value.rule == "M6"
    cache.store(small.renamed("libopus-1.6"))  # somebody put it there without asking
    monkeypatch.setattr(finding, "BESIDE_CHECKOUT", "nowhere")
    with pytest.raises(ModelError, match=r"libopus-1\.6") as caught:
        find_model("libopus-1.6")
    assert caught.value.rule == "M6"
    genuine = save_model(synthetic_model(7), tmp_path / "s7")
    assert import_model(genuine, name="synthetic-7").name == "synthetic-7"
    assert import_model(genuine, name="other").name == "other"


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("mine", "mine"),
        ("My Model", "my-model"),
        ("a..b--", "a..b"),
        ("2026_06.x", "2026_06.x"),
        ("x" * 99, "x" * 64),
    ],
)
def test_names_derived_from_files(
    file: str, name: str, small: ModelBundle, forms: SimpleNamespace, tmp_path: Path
) -> None:
    assert import_model(forms.write_npz(tmp_path / file, small)).name == name


@pytest.mark.parametrize("file", ["...", "ä", "libopus-1.7", "synthetic-x", "bundled-1", "opus_data-123"])
def test_files_that_give_no_name(
    file: str, small: ModelBundle, forms: SimpleNamespace, tmp_path: Path
) -> None:
    folder = forms.write_npz(tmp_path / "x" / file, small)
    with pytest.raises(ModelError, match="--name") as caught:
        import_model(folder)
    assert caught.value.rule == "M7"
    assert import_model(folder, name="mine").name == "mine"


def test_nothing_importable(small: ModelBundle, forms: SimpleNamespace, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text").write_text("no model")
    blob = forms.write_blob(tmp_path / "blob", small)
    for path, rule in (
        (tmp_path / "empty", "M4"),
        (tmp_path / "text", "M7"),
        (tmp_path / "gone", "M4"),
        (Path("/dev/zero"), "M3"),
    ):
        with pytest.raises(ModelError) as caught:
            import_model(path)
        assert caught.value.rule == rule, path
    for path in (tmp_path / "empty", tmp_path / "text"):
        with pytest.raises(ModelError, match="blob") as caught:
            import_model(path, tables=blob)
        assert caught.value.rule == "M7"


def test_a_blob_takes_its_tables_from_where_it_is_told(
    small: ModelBundle, forms: SimpleNamespace, tmp_path: Path
) -> None:
    blob = forms.write_blob(tmp_path / "here", small)
    shutil.move(tmp_path / "here" / "dred_stats.json", tmp_path / "stats.json")
    with pytest.raises(ModelError, match="--tables") as caught:
        import_model(blob)
    assert caught.value.rule == "M4"
    forms.write_sources(tmp_path / "c", small)
    forms.write_npz(tmp_path / "npz", small)
    sources = tmp_path / "c" / "dnn" / "dred_rdovae_stats_data.c"
    places = [
        tmp_path / "stats.json",
        sources,
        tmp_path / "npz" / "dred_rdovae_stats.npz",
        tmp_path / "c",
        tmp_path / "npz",
    ]
    for place in places:
        assert import_model(blob, tables=place).model_sha256 == small.model_sha256
    for place in (blob, tmp_path / "here", tmp_path / "gone.json"):
        with pytest.raises(ModelError):
            import_model(blob, tables=place)


@pytest.mark.official_model
def test_the_official_model_lies_beside_the_checkout(official: ModelBundle) -> None:
    assert official.name == "libopus-1.6"
    assert official.model_sha256 == MODEL_SHA256
    assert [(model.place, model.intact) for model in verify("libopus-1.6")] == [("checkout", True)]
    cache.store(official)
    assert [(model.place, model.intact) for model in verify("libopus-1.6")] == [
        ("checkout", True),
        ("cache", True),
    ]
