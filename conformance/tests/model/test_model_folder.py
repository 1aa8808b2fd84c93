"""The format on disk: what is written, what is refused, and that nothing half-written is ever seen."""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dred_model import ModelBundle, ModelError, import_model, load_model, save_model, synthetic_model


def test_the_text_is_that_of_the_contract(small: ModelBundle, forms: SimpleNamespace, tmp_path: Path) -> None:
    folder = save_model(small, tmp_path / "m")
    assert sorted(path.name for path in folder.iterdir()) == ["model.json", "weights.bin"]
    stated = json.loads((folder / "model.json").read_text())
    assert stated["format"] == "dred-model/1"
    assert stated["name"] == "small"
    assert stated["experimental_version"] == 12
    assert (stated["levels"], stated["latent_dim"], stated["state_dim"]) == (16, 5, 9)
    digest = hashlib.sha256()
    for name in ("quant_scales", "dead_zone", "r", "p0"):
        assert stated["tables"][f"state_{name}_q8"] == getattr(small.tables, f"state_{name}_q8").tolist()
    for group in ("latent", "state"):
        for name in ("quant_scales", "dead_zone", "r", "p0"):
            digest.update(b"".join(bytes(row) for row in stated["tables"][f"{group}_{name}_q8"]))
    assert stated["tables_sha256"] == digest.hexdigest()
    blob = (folder / "weights.bin").read_bytes()
    assert stated["weights"] == {"file": "weights.bin", "sha256": hashlib.sha256(blob).hexdigest()}
    order = [
        (name, small.networks[network].arrays[name])
        for network in ("pitchdnn", "fargan", "plc", "rdovaeenc", "rdovaedec", "lossgen")
        for layer in small.networks[network].layers
        for name in layer.array_names
    ]
    assert blob == forms.dnnw(order)


def test_a_model_of_tables_only_has_no_weights(tmp_path: Path) -> None:
    folder = save_model(synthetic_model(7), tmp_path / "m")
    assert [path.name for path in folder.iterdir()] == ["model.json"]
    assert json.loads((folder / "model.json").read_text())["weights"] is None
    assert load_model(folder).model_sha256 == synthetic_model(7).model_sha256


def test_the_minimal_text_of_the_contract_is_enough(tmp_path: Path) -> None:
    bundle = synthetic_model(3, latent_dim=2, state_dim=1)
    tables = {name: table.tolist() for name, table in bundle.tables.as_dict().items()}
    text = {
        "format": "dred-model/1",
        "name": "mine",
        "experimental_version": 77,
        "levels": 16,
        "latent_dim": 2,
    }
    text |= {
        "state_dim": 1,
        "tables": tables,
        "tables_sha256": bundle.tables_sha256,
        "weights": None,
        "source": "me",
    }
    (tmp_path / "model.json").write_text(json.dumps(text))
    found = load_model(tmp_path)
    assert (found.name, found.experimental_version, found.source) == ("mine", 77, "me")
    assert found.tables_sha256 == bundle.tables_sha256


def test_weights_without_a_layer_table(small: ModelBundle, tmp_path: Path) -> None:
    folder = save_model(small, tmp_path / "m")
    stated = json.loads((folder / "model.json").read_text())
    del stated["layers"]
    (folder / "model.json").write_text(json.dumps(stated))
    assert load_model(folder).model_sha256 == small.model_sha256


def edit(key: str, value: Any) -> Callable[[dict[str, Any]], object]:
    return lambda stated: stated.update({key: value})


def drop(key: str) -> Callable[[dict[str, Any]], object]:
    return lambda stated: stated.pop(key)


def flip(stated: dict[str, Any]) -> None:
    stated["tables"]["state_p0_q8"][15][8] ^= 1


def ragged(stated: dict[str, Any]) -> None:
    stated["tables"]["state_p0_q8"][15].append(0)


def cell(value: Any) -> Callable[[dict[str, Any]], object]:
    return lambda stated: stated["tables"]["latent_r_q8"][0].__setitem__(0, value)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (edit("format", "dred-model/2"), "M7"),
        (drop("format"), "M7"),
        (edit("name", "../small"), "M7"),
        (edit("name", 7), "M7"),
        (edit("experimental_version", 256), "M7"),
        (edit("experimental_version", True), "M7"),
        (edit("levels", 15), "M7"),
        (edit("latent_dim", 6), "M5"),
        (edit("state_dim", 257), "M7"),
        (drop("tables"), "M4"),
        (lambda stated: stated["tables"].pop("latent_p0_q8"), "M4"),
        (edit("tables_sha256", "0" * 64), "M6"),
        (drop("tables_sha256"), "M6"),
        (flip, "M6"),
        (ragged, "M5"),
        (cell(256), "M7"),
        (cell(-1), "M7"),
        (cell(1.0), "M7"),
        (cell(None), "M7"),
        (cell(True), "M7"),
        (edit("model_sha256", "0" * 64), "M6"),
        (edit("experimental_version", 13), "M6"),
        (edit("weights", []), "M7"),
        (edit("weights", {"file": "../weights.bin", "sha256": ""}), "M3"),
        (edit("weights", {"file": "/etc/passwd", "sha256": ""}), "M3"),
        (edit("weights", {"file": "..", "sha256": ""}), "M3"),
        (edit("weights", {"file": "weights.bin", "sha256": "0" * 64}), "M6"),
        (edit("weights", {"file": "gone.bin", "sha256": "0" * 64}), "M4"),
        (edit("weights", None), "M6"),
        (edit("layers", {"fargan": 3}), "M7"),
        (edit("layers", {"strange": []}), "M7"),
        (edit("layers", {"fargan": [{"layer": "x", "nb_inputs": 1}]}), "M7"),
    ],
)
def test_texts_that_were_changed(
    change: Callable[[dict[str, Any]], object], rule: str, small: ModelBundle, tmp_path: Path
) -> None:
    folder = save_model(small, tmp_path / "m")
    stated = json.loads((folder / "model.json").read_text())
    change(stated)
    (folder / "model.json").write_text(json.dumps(stated))
    with pytest.raises(ModelError) as caught:
        load_model(folder)
    assert caught.value.rule == rule


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"[]", b"\xff\xfe", b'{"format":"dred-model/1","format":"dred-model/1"}', b"[" * 99999],
)
def test_texts_that_are_no_json(text: bytes, tmp_path: Path) -> None:
    (tmp_path / "model.json").write_bytes(text)
    with pytest.raises(ModelError) as caught:
        load_model(tmp_path)
    assert caught.value.rule == "M7"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_changed_byte_is_always_noticed(data: st.DataObject, small: ModelBundle, tmp_path: Path) -> None:
    folder = tmp_path / "m"
    if not folder.exists():
        save_model(small, folder)
    blob = (folder / "weights.bin").read_bytes()
    at = data.draw(st.integers(0, len(blob) - 1))
    changed = bytearray(blob)
    changed[at] ^= data.draw(st.integers(1, 255))
    (folder / "weights.bin").write_bytes(bytes(changed))
    with pytest.raises(ModelError) as caught:
        load_model(folder)
    assert caught.value.rule == "M6"
    (folder / "weights.bin").write_bytes(blob)


@pytest.mark.parametrize("file", ["model.json", "weights.bin"])
@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_links_pipes_and_folders_are_no_files(
    file: str, kind: str, small: ModelBundle, tmp_path: Path
) -> None:
    folder = save_model(small, tmp_path / "m")
    (folder / file).rename(tmp_path / "elsewhere")
    if kind == "link":
        (folder / file).symlink_to(tmp_path / "elsewhere")
    elif kind == "pipe":
        os.mkfifo(folder / file)
    else:
        (folder / file).mkdir()
    with pytest.raises(ModelError) as caught:
        load_model(folder)
    assert caught.value.rule == "M3"
    assert str(folder / file) == caught.value.subject


def test_a_folder_may_be_reached_by_a_link(small: ModelBundle, tmp_path: Path) -> None:
    save_model(small, tmp_path / "m")
    (tmp_path / "link").symlink_to(tmp_path / "m")
    assert import_model(tmp_path / "link").model_sha256 == small.model_sha256


def test_saving_never_overwrites_what_it_did_not_write(small: ModelBundle, tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "thesis.txt").write_text("years of work")
    for replace in (False, True):
        with pytest.raises(ModelError) as caught:
            save_model(small, tmp_path / "m", replace=replace)
        assert caught.value.rule == "M3"
    assert [path.name for path in (tmp_path / "m").iterdir()] == ["thesis.txt"]
    (tmp_path / "file").write_text("x")
    with pytest.raises(ModelError):
        save_model(small, tmp_path / "file", replace=True)
    (tmp_path / "link").symlink_to(tmp_path / "m")
    with pytest.raises(ModelError):
        save_model(small, tmp_path / "link", replace=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "link", "m"]


def test_replacing_a_model(small: ModelBundle, tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()  # empty: nothing is in the way
    save_model(small, tmp_path / "m")
    with pytest.raises(ModelError):
        save_model(synthetic_model(1), tmp_path / "m")
    assert load_model(tmp_path / "m").name == "small"
    save_model(synthetic_model(1), tmp_path / "m", replace=True)
    assert load_model(tmp_path / "m").name == "synthetic-1"
    assert [path.name for path in (tmp_path / "m").iterdir()] == ["model.json"]
    assert [path.name for path in tmp_path.iterdir()] == ["m"]


@pytest.mark.parametrize("failing", ["fsync", "rename", "write_bytes"])
@pytest.mark.parametrize("call", [0, 1])
def test_a_failure_at_any_step_leaves_nothing(
    failing: str, call: int, small: ModelBundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_model(synthetic_model(1), tmp_path / "m")
    calls = iter(range(100))

    def fail_at(original: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*args: Any) -> Any:
            if next(calls) == call:
                raise OSError(28, "No space left on device")
            return original(*args)

        return wrapper

    if failing == "fsync":
        monkeypatch.setattr(os, "fsync", fail_at(os.fsync))
    elif failing == "rename":
        monkeypatch.setattr(Path, "rename", fail_at(Path.rename))
    else:
        monkeypatch.setattr("dred_model.folder._write_file", fail_at(Path.write_bytes))
    with pytest.raises(ModelError, match="No space left") as caught:
        save_model(small, tmp_path / "m", replace=True)
    monkeypatch.undo()
    assert caught.value.rule == "M1"
    assert load_model(tmp_path / "m").name == "synthetic-1"
    assert [path.name for path in tmp_path.iterdir() if path.name != "cache"] == ["m"]


def test_bundles_cannot_be_changed_behind_their_hash(small: ModelBundle, tmp_path: Path) -> None:
    for bundle in (small, load_model(save_model(small, tmp_path / "m")), synthetic_model(1, network=True)):
        arrays = list(bundle.tables.as_dict().values())
        arrays += [array for network in bundle.networks.values() for array in network.arrays.values()]
        for array in arrays[:8] if bundle is small else arrays:
            with pytest.raises(ValueError, match="read-only"):
                np.copyto(array, 0)
