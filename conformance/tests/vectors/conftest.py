"""A small set of vectors, whole in itself, so that it can be damaged and verified many times."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dred_conformance.data import data_folder
from dred_conformance.release.editing import with_figures
from dred_conformance.vectors.manifest import MANIFEST_NAME, file_table, manifest_text, read_manifest

NETWORK = "synthetic-3-1x1-net8x8x8x8"
FEATURES = f"feature/feature-sweep-{NETWORK}"
GROUPS = ("packet/packet-code1", "extension/extension-faults", FEATURES)


def rewrite_manifest(folder: Path) -> None:
    """Make the manifest that of the files as they are, as somebody would who means to change them."""
    manifest = replace(read_manifest(folder), files=file_table(folder))
    (folder / MANIFEST_NAME).write_text(manifest_text(manifest), encoding="utf-8")


def rewrite_changelog(folder: Path) -> None:
    for name, text in with_figures(folder).texts.items():
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture(scope="session")
def small_vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three groups of the published vectors with the one model they need; not to be changed."""
    published = data_folder("vectors")
    folder = tmp_path_factory.mktemp("small") / "vectors"
    for name in (*(f"{group}.json" for group in GROUPS), f"{FEATURES}.bin"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(published / name, folder / name)
    for name in ("schema", f"models/{NETWORK}"):
        shutil.copytree(published / name, folder / name)
    for name in ("flags.json", "README.md", "CHANGELOG.md", "LICENSE", MANIFEST_NAME):
        shutil.copyfile(published / name, folder / name)
    manifest = read_manifest(folder)
    models = {NETWORK: manifest.models[NETWORK]}
    small = replace(manifest, models=models, files=file_table(folder))
    (folder / MANIFEST_NAME).write_text(manifest_text(small), encoding="utf-8")
    log = (folder / "CHANGELOG.md").read_text(encoding="utf-8")
    entry = "\n".join(["## 0.1.0, not released", "", "Made for the tests.", ""])
    (folder / "CHANGELOG.md").write_text(log.split("\n## ", 1)[0] + "\n" + entry, encoding="utf-8")
    rewrite_changelog(folder)
    return folder


@pytest.fixture
def vectors(small_vectors: Path, tmp_path: Path) -> Path:
    """A copy of the small set that a test may damage."""
    folder = tmp_path / "vectors"
    shutil.copytree(small_vectors, folder)
    return folder


@pytest.fixture
def edit() -> Callable[..., None]:
    """Return what edits a JSON file of vectors: ``edit(path, change)``, the manifest following if wished."""

    def edited(path: Path, change: Callable[[Any], Any], *, manifest: bool = True) -> None:
        data = json.loads(path.read_text(encoding="utf-8"))
        changed = change(data)
        text = json.dumps(data if changed is None else changed)
        path.write_text(text, encoding="utf-8")
        if manifest:
            rewrite_manifest(path.parents[1])

    return edited
