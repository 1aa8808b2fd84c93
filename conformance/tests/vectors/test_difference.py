"""What differs between two sets of vectors, how much it means, and how a user is told."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dred_conformance.cli.main import app
from dred_conformance.release.packing import packed

CODE1 = "packet/packet-code1.json"
SWEEP = "feature/feature-sweep-synthetic-3-1x1-net8x8x8x8.json"
MODEL = "synthetic-3-1x1-net8x8x8x8"
Edit = Callable[..., None]


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def difference(old: Path, new: Path) -> dict[str, Any]:
    code, text = run("vectors", "diff", str(old), str(new), "--json")
    found: dict[str, Any] = json.loads(text)
    assert code == (0 if found["equal"] else 1)
    return found


@pytest.fixture
def other(vectors: Path, tmp_path: Path) -> Path:
    """A second copy of the small set, to be changed."""
    folder = tmp_path / "other"
    shutil.copytree(vectors, folder)
    return folder


def test_equal_vectors_are_equal_as_folder_and_as_file(vectors: Path, tmp_path: Path) -> None:
    release = tmp_path / "release.zip"
    release.write_bytes(packed(vectors))
    for old, new in ((vectors, vectors), (vectors, release), (release, vectors)):
        found = difference(old, new)
        assert (found["equal"], found["change"], found["needed"]) == (True, "none", "0.1.0")
    assert run("vectors", "diff", str(vectors), str(release)) == (0, "0.1.0 -> 0.1.0: nothing differs\n")


def first(data: Any) -> Any:
    return data["cases"][0]


CHANGES: dict[str, tuple[Callable[[Any], Any], str, list[str]]] = {
    "expected": (lambda d: first(d)["expected"].update(config=31), "major", ["expected"]),
    "result": (
        lambda d: (first(d).pop("expected"), first(d).update(result="invalid", error={"rules": ["R1"]})),
        "major",
        ["result", "expected", "error"],
    ),
    "strength": (lambda d: first(d).update(strength="should"), "major", ["strength"]),
    "the same strength": (lambda d: first(d).update(strength="must"), "none", []),
    "comment": (lambda d: first(d).update(comment="new"), "patch", ["comment"]),
    "kills": (lambda d: first(d).update(kills=["a", "b"]), "patch", ["kills"]),
    "purpose": (lambda d: first(d).update(purpose="why"), "patch", ["purpose"]),
    "clauses and flags": (
        lambda d: first(d).update(clauses=["RFC6716-3.1"], flags=[]),
        "patch",
        ["clauses"],
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_case(name: str, vectors: Path, other: Path, edit: Edit) -> None:
    change, weight, members = CHANGES[name]
    edit(other / CODE1, lambda data: change(data) and None)
    found = difference(vectors, other)
    assert found["change"] == weight
    if weight == "none":
        assert found["cases"] == []
        return
    (case,) = found["cases"]
    assert (case["group"], case["kind"]) == ("packet-code1", "changed")
    assert set(members) <= set(case["members"])
    assert found["groups"] == {"packet-code1": {"judged" if weight == "major" else "words": 1}}
    assert found["needed"] == {"major": "0.2.0", "patch": "0.1.1"}[weight]
    assert not found["is_version_enough"]


def test_added_and_removed_cases(vectors: Path, other: Path, edit: Edit) -> None:
    edit(other / CODE1, lambda data: data["cases"].pop() and None)
    removed = difference(vectors, other)
    assert (removed["change"], removed["groups"]) == ("major", {"packet-code1": {"removed": 1}})
    added = difference(other, vectors)
    assert (added["change"], added["groups"]) == ("minor", {"packet-code1": {"added": 1}})
    assert added["cases"][0]["id"] == removed["cases"][0]["id"]


def test_a_group_that_is_gone(vectors: Path, other: Path, edit: Edit) -> None:
    (other / CODE1).unlink()
    edit(other / SWEEP, lambda data: None)
    found = difference(vectors, other)
    assert found["change"] == "major"
    assert found["groups"] == {"packet-code1": {"removed": 8}}


def test_order_and_description_are_words(vectors: Path, other: Path, edit: Edit) -> None:
    edit(other / CODE1, lambda data: data["cases"].reverse())
    edit(other / SWEEP, lambda data: data.update(description="Something else."))
    found = difference(vectors, other)
    assert found["change"] == "patch"
    assert set(found["descriptions"]) == {"packet-code1", f"feature-sweep-{MODEL}"}


def test_another_array_is_another_expectation(vectors: Path, other: Path, edit: Edit) -> None:
    edit(other / SWEEP, lambda data: first(data)["expected"]["features"].update(sha256="0" * 64))
    found = difference(vectors, other)
    assert (found["change"], found["cases"][0]["members"]) == ("major", ["expected"])


def test_models_files_and_schemas(vectors: Path, other: Path, edit: Edit) -> None:
    def change(data: Any) -> None:
        data["models"][MODEL]["tables_sha256"] = "0" * 64
        data["models"]["extra"] = {"tables_sha256": "1" * 64, "weights_sha256": None, "published": None}

    edit(other / "manifest.json", change, manifest=False)
    found = difference(vectors, other)
    assert found["models"] == {MODEL: "changed", "extra": "added"}
    assert found["change"] == "major"
    assert difference(other, vectors)["models"] == {MODEL: "changed", "extra": "removed"}
    edit(vectors / "schema" / "group-1.schema.json", lambda data: data.update(title="Another"))
    (vectors / "flags.json").unlink()
    edit(vectors / CODE1, lambda data: None)
    files = difference(other, vectors)["files"]
    assert files == {"schema/group-1.schema.json": "changed", "flags.json": "removed"}


def test_a_version_that_is_high_enough(vectors: Path, other: Path, edit: Edit) -> None:
    edit(other / CODE1, lambda data: first(data).update(comment="new"))
    edit(other / "manifest.json", lambda data: data.update(version="0.1.1"), manifest=False)
    assert difference(vectors, other)["is_version_enough"]
    edit(other / CODE1, lambda data: first(data)["expected"].update(config=31))
    found = difference(vectors, other)
    assert not found["is_version_enough"]
    edit(other / "manifest.json", lambda data: data.update(version="next"), manifest=False)
    assert not difference(vectors, other)["is_version_enough"]


def test_a_reader_is_told_groups_cases_and_what_to_do(vectors: Path, other: Path, edit: Edit) -> None:
    edit(other / CODE1, lambda data: first(data)["expected"].update(config=31))
    code, text = run("vectors", "diff", str(vectors), str(other))
    assert code == 1
    assert "packet-code1" in text
    assert "0.1.0 -> 0.1.0: major" in text
    assert "needs version 0.2.0 at least" in text
    _, text = run("vectors", "diff", str(vectors), str(other), "--cases")
    assert "changed: packet-code1-" in text
    assert "(expected)" in text


def test_what_cannot_be_read_is_exit_code_2(vectors: Path, other: Path, tmp_path: Path) -> None:
    (other / CODE1).write_text("{}", encoding="utf-8")
    (tmp_path / "text.zip").write_text("no zip", encoding="utf-8")
    for path in (other, tmp_path / "text.zip", tmp_path / "nowhere", tmp_path):
        for pair in ((vectors, path), (path, vectors)):
            code, text = run("vectors", "diff", *map(str, pair))
            assert code == 2
            assert text.strip()
