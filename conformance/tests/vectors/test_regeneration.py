"""After the bundled model was replaced the vectors follow, and nobody edits anything by hand."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from dred_conformance.cli.main import app
from dred_conformance.data import data_folder
from dred_conformance.release import regeneration
from dred_conformance.release.changelog import read_changelog
from dred_conformance.release.checking import release_problems
from dred_conformance.release.editing import date_entry
from dred_conformance.release.regeneration import keep_changelog, regenerate
from dred_conformance.vectors.generate.errors import GenerationError
from dred_conformance.vectors.manifest import file_digest, read_manifest
from dred_conformance.vectors.store import VectorStore
from dred_model import bundled, load_model

from .conftest import rewrite_changelog, rewrite_manifest

CODE1 = "packet/packet-code1.json"
Edit = Callable[..., None]


def changed_expectation(data: Any) -> None:
    expected = data["cases"][0]["expected"]
    expected["config"] = (expected["config"] + 1) % 32


def release(folder: Path, day: str) -> None:
    for name, text in date_entry(folder, day).texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def test_an_entry_that_is_not_released_gets_the_new_figures(
    vectors: Path, small_vectors: Path, edit: Edit
) -> None:
    edit(vectors / CODE1, changed_expectation)
    assert CliRunner().invoke(app, ["vectors", "fmt", "--vectors", str(vectors)]).exit_code == 0
    assert keep_changelog(small_vectors, vectors) == "0.1.0"
    assert list(release_problems(vectors)) == []
    (entry,) = read_changelog(vectors).entries
    assert entry.text == "Made for the tests."


def test_behind_a_released_entry_the_next_begins_by_the_rule(
    vectors: Path, tmp_path: Path, edit: Edit
) -> None:
    release(vectors, "2026-11-25")
    before = tmp_path / "before"
    shutil.copytree(vectors, before)
    assert keep_changelog(before, vectors) == "0.1.0"  # nothing differs
    assert len(read_changelog(vectors).entries) == 1
    edit(vectors / CODE1, changed_expectation)
    assert CliRunner().invoke(app, ["vectors", "fmt", "--vectors", str(vectors)]).exit_code == 0
    assert keep_changelog(before, vectors) == "0.2.0"
    newest, older = read_changelog(vectors).entries
    assert (newest.date, older.date) == (None, "2026-11-25")
    assert "bundled model" in newest.text
    assert read_manifest(vectors).version == "0.2.0"
    assert list(release_problems(vectors)) == []


@pytest.fixture
def made_small(vectors: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let generation yield the small set, in a moment, and no bug be tried."""

    def generate(output: Path, _seed: int, _console: Console) -> dict[str, int]:
        for name in ("packet", "extension", "feature", "models", "schema"):
            shutil.copytree(vectors / name, output / name)
            for text in (output / name).glob("*.md"):
                text.unlink()
        for name in ("flags.json", "manifest.json"):
            shutil.copyfile(vectors / name, output / name)
        return {}

    monkeypatch.setattr(regeneration, "generate_all", generate)
    monkeypatch.setattr(regeneration, "renew_speech_symbols", lambda *_: None)
    monkeypatch.setattr(regeneration, "write_kills", lambda *_, **__: 0)


@pytest.mark.usefixtures("made_small")
def test_a_folder_is_replaced_whole_and_keeps_its_texts(
    small_vectors: Path, vectors: Path, tmp_path: Path, edit: Edit
) -> None:
    output = tmp_path / "output"
    shutil.copytree(small_vectors, output)
    (output / "packet" / "README.md").write_text("Ours.\n", encoding="utf-8")
    (output / "packet" / "packet-gone.json").write_text("{}", encoding="utf-8")
    edit(vectors / CODE1, changed_expectation)
    assert CliRunner().invoke(app, ["vectors", "fmt", "--vectors", str(vectors)]).exit_code == 0
    made = regenerate(tmp_path, output, Console(quiet=True), cache=tmp_path / "cache.jsonl")
    assert list(release_problems(output)) == []
    assert (output / "packet" / "README.md").read_text(encoding="utf-8") == "Ours.\n"
    assert not (output / "packet" / "packet-gone.json").exists()
    assert file_digest(output / CODE1) == file_digest(vectors / CODE1)
    assert (made.version, made.bundled_cases, made.killing_cases) == ("0.1.0", 0, 0)
    assert made.cases == sum(len(group.cases) for group in VectorStore(output).groups())
    assert made.model_sha256 == load_model(bundled.FOLDER).model_sha256
    assert not list(output.glob(".*"))


@pytest.mark.usefixtures("made_small")
def test_a_folder_stays_as_it_was_where_the_new_vectors_are_not_whole(
    small_vectors: Path, vectors: Path, tmp_path: Path
) -> None:
    output = tmp_path / "output"
    shutil.copytree(small_vectors, output)
    path = vectors / CODE1
    path.write_text(path.read_text(encoding="utf-8").replace('"code": 1', '"code": 7', 1), encoding="utf-8")
    arguments = ["vectors", "regenerate", str(tmp_path), "-o", str(output)]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 1
    assert "SHA-256" in done.output
    rewrite_manifest(vectors)
    rewrite_changelog(vectors)
    data = json.loads(path.read_text(encoding="utf-8"))
    data["cases"][0]["clauses"] = ["RFC6716-no-such-clause"]
    path.write_text(json.dumps(data), encoding="utf-8")
    rewrite_manifest(vectors)
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 1
    assert "RFC6716-no-such-clause" in done.output
    for name in read_manifest(small_vectors).files:
        assert file_digest(output / name) == file_digest(small_vectors / name)


def test_nothing_is_done_without_speech(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regeneration, "bundled_symbols_path", lambda: tmp_path / "symbols.json")
    output = tmp_path / "vectors"
    with pytest.raises(GenerationError, match="3 are needed"):
        regenerate(tmp_path, output, Console(quiet=True))
    assert list(tmp_path.iterdir()) == []


def published_bundled_model() -> Path:
    return data_folder("vectors") / "models" / bundled.NAME


def test_a_published_bundled_model_is_that_of_the_package() -> None:
    """Where it is not: 'dred vectors regenerate SPEECH_FOLDER'."""
    if bundled.NAME in read_manifest(data_folder("vectors")).models:
        for name in ("model.json", "weights.bin"):
            assert file_digest(published_bundled_model() / name) == file_digest(bundled.FOLDER / name)


def test_groups_of_the_bundled_model_are_published() -> None:
    """Where they are not: 'dred vectors regenerate SPEECH_FOLDER'."""
    groups = {path.stem for path in data_folder("vectors").glob(f"*/*-{bundled.NAME}.json")}
    kinds = {name.removesuffix(f"-{bundled.NAME}") for name in groups}
    assert kinds == {
        *(f"payload-{kind}" for kind in ("header", "symbols", "end", "damage", "packet", "write")),
        *(f"latent-{kind}" for kind in ("dequantise", "quantise")),
        *(f"feature-{kind}" for kind in ("payload", "extreme", "sweep", "values", "speech")),
    }
    exact = [
        case
        for group in VectorStore(data_folder("vectors")).groups()
        for case in group.cases
        if case.model == bundled.NAME and case.input.get("profile") == "fixed"
    ]
    assert len(exact) > 50
    assert not any("official-model" in case.flags for case in exact)
