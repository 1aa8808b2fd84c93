"""Cases of the bundled model are asked by themselves, so another model changes nothing but their kills."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from dred_conformance.data import data_folder
from dred_conformance.mutants.finished import Finished
from dred_conformance.mutants.laboratory import Laboratory, split_cases
from dred_conformance.release import regeneration
from dred_conformance.release.regeneration import write_kills
from dred_conformance.vectors.formatting import formatted_folder
from dred_conformance.vectors.manifest import MANIFEST_NAME
from dred_conformance.vectors.store import VectorStore

BUGS = ("multiplied-by-the-scale", "level-value-inverted", "first-frame-only")
GROUP = "latent/latent-dequantise-synthetic-1.json"


def test_cases_are_parted_by_their_models(tmp_path: Path) -> None:
    folder = tmp_path / "vectors"
    shutil.copytree(data_folder("vectors"), folder)
    before = split_cases(VectorStore(folder))
    assert {case.model for case in before[1]} <= {"bundled-1"}
    assert {case.model for case in before[2]} == {"libopus-1.6"}
    # The manifest alone says what is published.
    path = folder / MANIFEST_NAME
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["models"]["libopus-1.6"]["published"] = "models/libopus-1.6/model.json"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    after = split_cases(VectorStore(folder))
    assert after[2] == []
    assert len(after[0]) == len(before[0]) + len(before[2])
    assert sum(map(len, after)) == sum(map(len, before))


def test_only_their_kills_are_computed_and_written(
    room: Laboratory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "vectors"
    shutil.copytree(data_folder("vectors"), folder)
    before = {case.id: case.kills for group in VectorStore(folder).groups() for case in group.cases}
    mine = [case.id for group in VectorStore(folder).groups() for case in group.cases if group.name in GROUP]
    # A group of a model that stays stands for one of the bundled model; what it is said to kill is forgotten.
    path = folder / GROUP
    data = json.loads(path.read_text(encoding="utf-8"))
    for case in data["cases"]:
        case["kills"], case["purpose"] = [], "none"
    path.write_text(json.dumps(data), encoding="utf-8")
    for file, text in formatted_folder(folder):
        file.write_text(text, encoding="utf-8")
    chosen = tuple(case for case in room.published if case.id in mine)
    asked: list[dict[str, Any]] = []

    @contextmanager
    def shared(_: VectorStore, __: int, **options: Any) -> Iterator[Laboratory]:
        asked.append(options)
        yield replace(room, published=(), bundled=chosen)

    monkeypatch.setattr(regeneration, "laboratory", shared)
    killing = write_kills(folder, Finished(None), Console(quiet=True), chosen=lambda name: name in BUGS)
    assert asked == [{"only_bundled": True}]
    after = {case.id: case.kills for group in VectorStore(folder).groups() for case in group.cases}
    assert {name: kills for name, kills in after.items() if name not in mine} == {
        name: kills for name, kills in before.items() if name not in mine
    }
    for name in mine:
        assert set(after[name]) == set(before[name]) & set(BUGS)
    assert killing == sum(1 for name in mine if after[name]) > 0
