"""The cache: replacing, repairing, removing, and many at once."""

import multiprocessing
import os
import time
from pathlib import Path
from typing import Any

import pytest

from dred_model import ModelBundle, ModelError, cache, find_model, synthetic_model
from dred_model.tables import ModelTables


def variant(number: int, name: str = "mine") -> ModelBundle:
    """Return different models of one name."""
    tables: ModelTables = synthetic_model(number).tables
    return ModelBundle(name, 12, tables, {}, f"variant {number}")


def visible(cache_folder: Path) -> list[str]:
    return sorted(path.name for path in (cache_folder / "models").iterdir() if path.name != ".lock")


def test_a_model_is_stored_and_found(small: ModelBundle, cache_folder: Path) -> None:
    assert find_model("small") is None
    folder = cache.store(small)
    assert folder.parent == cache_folder / "models"
    found = find_model("small")
    assert found is not None
    assert found.model_sha256 == small.model_sha256
    assert cache.names() == ["small"]


def test_the_last_one_of_a_name_counts(cache_folder: Path) -> None:
    cache.store(variant(1))
    cache.store(variant(2))
    cache.store(variant(1))
    found = find_model("mine")
    assert found is not None
    assert found.source == "variant 1"
    assert len(visible(cache_folder)) == 1


def test_names_do_not_mix(cache_folder: Path) -> None:
    for name in ("mine", "mine-2", "mine.2", "m"):
        cache.store(variant(1, name))
    assert len(visible(cache_folder)) == 4
    assert [path.name.split("@")[0] for path in cache.remove("mine")] == ["mine"]
    assert cache.names() == ["m", "mine-2", "mine.2"]
    assert cache.remove("mine") == []


def test_storing_the_same_again_changes_nothing(cache_folder: Path) -> None:
    folder = cache.store(variant(1))
    content = {path: (path.stat().st_ino, path.read_bytes()) for path in folder.iterdir()}
    assert cache.store(variant(1)) == folder
    assert {path: (path.stat().st_ino, path.read_bytes()) for path in folder.iterdir()} == content
    assert visible(cache_folder) == [folder.name]


def test_storing_again_repairs(small: ModelBundle, cache_folder: Path) -> None:
    folder = cache.store(small)
    (folder / "weights.bin").write_bytes(b"damage")
    with pytest.raises(ModelError) as caught:
        find_model("small")
    assert caught.value.rule == "M6"
    assert cache.store(small) == folder
    assert find_model("small") is not None
    assert visible(cache_folder) == [folder.name]


def test_a_folder_that_was_edited_consistently_is_noticed(cache_folder: Path) -> None:
    folder = cache.store(variant(1))
    other = cache.store(variant(2, "other"))
    (folder / "model.json").write_bytes((other / "model.json").read_bytes().replace(b'"other"', b'"mine"'))
    with pytest.raises(ModelError, match="belongs into") as caught:
        find_model("mine")
    assert caught.value.rule == "M6"


def test_a_crash_leaves_nothing_visible_and_is_swept(cache_folder: Path) -> None:
    cache.store(variant(1))
    for name, age_s in ((".incomplete-old", 2 * 86400), (".incomplete-new", 60)):
        path = cache_folder / "models" / name
        path.mkdir()
        (path / "model.json").write_text("half a mod")
        os.utime(path, (time.time() - age_s, time.time() - age_s))
    assert cache.names() == ["mine"]
    cache.store(variant(2))
    assert [name.split("@")[0] for name in visible(cache_folder)] == [".incomplete-new", "mine"]


def test_foreign_things_in_the_cache_are_left_alone(cache_folder: Path) -> None:
    root = cache_folder / "models"
    root.mkdir(parents=True)
    (root / "notes.txt").write_text("x")
    (root / "no hash").mkdir()
    (root / "mine@link").symlink_to("/")
    cache.store(variant(1))
    cache.remove("mine")
    assert visible(cache_folder) == ["mine@link", "no hash", "notes.txt"]
    assert cache.names() == []


def test_a_disk_that_refuses_leaves_the_cache_as_it_was(
    cache_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = cache.store(variant(1))

    def refuse(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(ModelError, match="No space left"):
        cache.store(variant(2))
    monkeypatch.undo()
    assert visible(cache_folder) == [folder.name]
    assert cache.load(folder).source == "variant 1"


def test_a_cache_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DRED_CACHE_DIR", str(tmp_path / "file" / "cache"))
    assert cache.names() == []
    with pytest.raises(ModelError) as caught:
        cache.store(variant(1))
    assert caught.value.rule == "M1"


def store_many(start: Any, numbers: list[int]) -> None:
    start.wait(60)
    for number in numbers:
        cache.store(variant(number))


def read_many(start: Any, done: Any) -> None:
    start.wait(60)
    while not done.is_set():
        found = find_model("mine")
        assert found is not None
        assert found.source in ("variant 1", "variant 2", "variant 3")


def test_many_at_once_never_see_or_leave_a_mix(cache_folder: Path) -> None:
    cache.store(variant(1))
    context = multiprocessing.get_context("spawn")
    start, done = context.Barrier(4), context.Event()
    writers = [context.Process(target=store_many, args=(start, [1, 2, 3, 2] * 3)) for _ in range(3)]
    reader = context.Process(target=read_many, args=(start, done))
    for process in (*writers, reader):
        process.start()
    for process in writers:
        process.join(120)
    done.set()
    reader.join(120)
    assert [process.exitcode for process in (*writers, reader)] == [0, 0, 0, 0]
    assert [name.split("@")[0] for name in visible(cache_folder)] == ["mine"]
    assert find_model("mine") is not None
