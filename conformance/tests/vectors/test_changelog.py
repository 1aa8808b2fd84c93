"""No vector changes without an entry: which version it asks for, and who writes what."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dred_conformance.cli.main import app
from dred_conformance.release.changelog import read_changelog
from dred_conformance.release.checking import release_problems
from dred_conformance.release.errors import ReleaseError
from dred_conformance.release.versions import Change, Version

CODE1 = "packet/packet-code1.json"
Edit = Callable[..., None]


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def changelog(folder: Path, *arguments: str) -> tuple[int, str]:
    return run("vectors", "changelog", "--vectors", str(folder), *arguments)


def formatted(folder: Path) -> None:
    assert run("vectors", "fmt", "--vectors", str(folder))[0] == 0


def changed_expectation(data: Any) -> None:
    expected = data["cases"][0]["expected"]
    expected["config"] = (expected["config"] + 1) % 32


def changed_words(data: Any) -> None:
    data["cases"][0]["comment"] += " indeed"
    data["cases"][0]["kills"] = ["odd-code-1-accepted"]
    data["cases"][0].pop("purpose", None)


def say(folder: Path, version: str, words: str) -> None:
    path = folder / "CHANGELOG.md"
    head, tail = path.read_text(encoding="utf-8").split(f"## {version}", 1)
    entry, *rest = tail.split("\n## ", 1)
    text = f"{head}## {version}{entry.rstrip()}\n\n{words}\n" + "".join(f"\n## {part}" for part in rest)
    path.write_text(text, encoding="utf-8")


def test_a_changed_expectation_needs_an_entry(vectors: Path, edit: Edit) -> None:
    edit(vectors / CODE1, changed_expectation)
    formatted(vectors)
    found = list(map(str, release_problems(vectors)))
    assert len(found) == 1
    assert found[0].startswith("CHANGELOG.md: the vectors are not those of the entry 0.1.0 (meaning ")
    assert "then run 'dred vectors changelog'" in found[0]
    assert run("vectors", "verify", str(vectors))[0] == 1
    code, text = changelog(vectors)
    assert code == 0
    assert "written: " in text
    assert list(release_problems(vectors)) == []
    assert changelog(vectors)[1].startswith("0.1.0, not released")


def test_an_added_case_needs_an_entry(vectors: Path, edit: Edit) -> None:
    def change(data: Any) -> None:
        case = json.loads(json.dumps(data["cases"][0]))
        case["input"]["packet"] += "00"
        data["cases"].append(case)

    edit(vectors / CODE1, change)
    formatted(vectors)
    assert "cases 39 -> 40" in str(next(iter(release_problems(vectors))))


def test_words_need_no_entry_before_the_release(vectors: Path, edit: Edit) -> None:
    edit(vectors / CODE1, changed_words)
    formatted(vectors)
    assert list(release_problems(vectors)) == []


def test_arrays_may_move_but_not_change(vectors: Path, edit: Edit) -> None:
    name = "feature/feature-sweep-synthetic-3-1x1-net8x8x8x8"
    before = read_changelog(vectors).entries[0].figures

    def swap(data: Any) -> None:
        """Turn the cases, and their arrays with them, around."""
        content = (vectors / f"{name}.bin").read_bytes()
        turned = b""
        for case in reversed(data["cases"]):
            array = case["expected"]["features"]
            size = array["count"] * (8 if array["type"] == "float64" else 4)
            part = content[array["offset"] : array["offset"] + size]
            array["offset"] = len(turned)
            turned += part
        data["cases"].reverse()
        (vectors / f"{name}.bin").write_bytes(turned)

    edit(vectors / f"{name}.json", swap)
    formatted(vectors)
    assert list(release_problems(vectors)) == []
    edit(vectors / f"{name}.json", lambda data: data["cases"][0]["expected"].update(feature_count=5))
    formatted(vectors)
    assert "meaning" in str(next(iter(release_problems(vectors))))
    assert read_changelog(vectors).entries[0].figures == before


@pytest.mark.parametrize("change", [changed_words, changed_expectation])
def test_what_was_released_stays_as_it_was(change: Callable[[Any], None], vectors: Path, edit: Edit) -> None:
    code, text = changelog(vectors, "--release", "2026-11-25")
    assert code == 0
    assert "0.1.0, 2026-11-25" in text
    assert list(release_problems(vectors)) == []
    edit(vectors / CODE1, change)
    formatted(vectors)
    problem = str(next(iter(release_problems(vectors))))
    assert "0.1.0 was released on 2026-11-25 and must stay as it was" in problem
    code, text = changelog(vectors)
    assert code == 1
    assert "changelog --start 0.1.1" in text
    assert changelog(vectors, "--start", "0.1.0")[0] == 1
    assert changelog(vectors, "--start", "0.2.0")[0] == 0
    problem = str(next(iter(release_problems(vectors))))
    assert "does not say what changed" in problem
    assert changelog(vectors, "--release", "2026-11-26")[0] == 1
    say(vectors, "0.2.0", "Another expectation.")
    assert list(release_problems(vectors)) == []
    entries = read_changelog(vectors).entries
    assert [(str(entry.version), entry.date) for entry in entries] == [
        ("0.2.0", None),
        ("0.1.0", "2026-11-25"),
    ]
    assert json.loads((vectors / "manifest.json").read_text(encoding="utf-8"))["version"] == "0.2.0"
    assert run("vectors", "export", "--vectors", str(vectors), "-o", str(vectors.parent))[0] == 0
    assert (vectors.parent / "opus-dred-vectors-0.2.0.zip").is_file()


def test_an_entry_is_begun_once(vectors: Path) -> None:
    code, text = changelog(vectors, "--start", "0.2.0")
    assert code == 1
    assert "0.1.0 is not released yet" in text


def test_a_version_written_by_hand_reaches_the_manifest(vectors: Path) -> None:
    path = vectors / "CHANGELOG.md"
    path.write_text(path.read_text(encoding="utf-8").replace("## 0.1.0", "## 0.3.0"), encoding="utf-8")
    assert "the newest entry is 0.3.0, the manifest says '0.1.0'" in str(
        next(iter(release_problems(vectors)))
    )
    assert changelog(vectors)[0] == 0
    assert list(release_problems(vectors)) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# Changes\n", "has no entry"),
        ("## 1, not released\n", "none of an entry"),
        ("## 0.1.0\n", "none of an entry"),
        ("## 01.0.0, not released\n", "none of an entry"),
        ("## 0.1.0, 2026-13-01\n", "no date"),
        ("## 0.1.0, not released\n\nx\n\n## 0.1.0, 2026-01-01\n", "newest entry comes first"),
        ("## 0.2.0, 2026-01-01\n\nx\n\n## 0.1.0, not released\n", "only it may be"),
        (b"\xff\xfe", "cannot be read"),
        (None, "CHANGELOG.md"),
    ],
)
def test_a_malformed_changelog_is_named(text: str | bytes | None, words: str, vectors: Path) -> None:
    path = vectors / "CHANGELOG.md"
    path.unlink()
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    found = list(map(str, release_problems(vectors)))
    assert len(found) == 1
    assert words in found[0]
    assert changelog(vectors)[0] == 2
    with pytest.raises(ReleaseError):
        read_changelog(vectors)


@pytest.mark.parametrize(
    "arguments",
    [["--start", "1.0"], ["--start", "0.2.0\n"], ["--release", "today"], ["--release", "2026-02-30"]],
)
def test_bad_arguments_change_nothing(arguments: list[str], vectors: Path) -> None:
    before = (vectors / "CHANGELOG.md").read_bytes()
    assert changelog(vectors, *arguments)[0] == 1
    assert (vectors / "CHANGELOG.md").read_bytes() == before


def test_start_and_release_exclude_each_other(vectors: Path) -> None:
    assert changelog(vectors, "--start", "0.2.0", "--release", "2026-11-25")[0] == 2


def test_damaged_vectors_get_no_figures(vectors: Path) -> None:
    (vectors / CODE1).write_text("{}", encoding="utf-8")
    code, text = changelog(vectors)
    assert code == 1
    assert CODE1 in text


@pytest.mark.parametrize(
    ("old", "change", "new"),
    [
        ("0.1.0", Change.NONE, "0.1.0"),
        ("0.1.0", Change.PATCH, "0.1.1"),
        ("0.1.7", Change.MINOR, "0.1.8"),
        ("0.1.7", Change.MAJOR, "0.2.0"),
        ("1.2.3", Change.PATCH, "1.2.4"),
        ("1.2.3", Change.MINOR, "1.3.0"),
        ("1.2.3", Change.MAJOR, "2.0.0"),
    ],
)
def test_the_version_that_a_change_asks_for(old: str, change: Change, new: str) -> None:
    version = Version.parse(old)
    assert version is not None
    assert str(version.after(change)) == new


@pytest.mark.parametrize("text", ["", "1", "1.2", "1.2.3.4", "v1.2.3", "1.2.03", "1.2.3\n", "٣.0.0"])
def test_what_is_no_version(text: str) -> None:
    assert Version.parse(text) is None
