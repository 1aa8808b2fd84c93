"""'dred vectors list' and 'fmt' as users meet them."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dred_conformance.cli.main import app
from dred_conformance.release.texts import add_missing_texts
from dred_conformance.vectors.verification import vector_problems

CODE1 = "packet/packet-code1.json"
Edit = Callable[..., None]


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def listed(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    code, text = run("vectors", "list", "--vectors", str(folder), *arguments, "--json")
    assert code == 0, text
    groups: list[dict[str, Any]] = json.loads(text)["groups"]
    return groups


def fmt(folder: Path, *arguments: str) -> tuple[int, str]:
    return run("vectors", "fmt", "--vectors", str(folder), *arguments)


def test_groups_are_listed_with_what_was_chosen_of_them(vectors: Path) -> None:
    assert [(group["group"], group["cases"]) for group in listed(vectors)] == [
        ("packet-code1", 8),
        ("extension-faults", 25),
        ("feature-sweep-synthetic-3-1x1-net8x8x8x8", 6),
    ]
    (group,) = listed(vectors, "--stage", "packet", "--flag", "rejection")
    assert group["results"] == {"invalid": group["cases"]}
    assert group["cases"] < 8
    assert "members" not in group


def test_cases_are_listed_one_by_one(vectors: Path) -> None:
    groups = listed(vectors, "--clause", "RFC6716-3.2.3-*", "--cases")
    members = [case for group in groups for case in group["members"]]
    assert members
    assert all(any(name.startswith("RFC6716-3.2.3-") for name in case["clauses"]) for case in members)
    code, text = run("vectors", "list", "--vectors", str(vectors), "--cases", "--id", members[0]["id"])
    assert code == 0
    assert text.startswith("1 cases")
    assert members[0]["id"] in text
    assert members[0]["comment"] in text


@pytest.mark.parametrize(
    "arguments", [["--stage", "nope"], ["--flag", "nope"], ["--id", "nope"], ["--clause", "nope"]]
)
def test_what_chooses_nothing_is_exit_code_2(arguments: list[str], vectors: Path) -> None:
    code, text = run("vectors", "list", "--vectors", str(vectors), *arguments)
    assert code == 2
    assert "nope" in text


def test_text_of_a_file_is_no_markup_and_no_control(vectors: Path, edit: Edit) -> None:
    def change(data: Any) -> None:
        data["description"] = "[/red] \u001b[31m danger \u202e"
        data["cases"][0]["comment"] = "[bold]\u001b[2J"

    edit(vectors / CODE1, change)
    for more in ([], ["--cases"]):
        code, text = run("vectors", "list", "--vectors", str(vectors), *more)
        assert code == 0
        assert "\u001b" not in text
        assert "\u202e" not in text
        assert ("[bold]?[2J" in text) == bool(more)
    assert "[/red] ?[31m" in run("vectors", "list", "--vectors", str(vectors))[1]


def test_a_damaged_group_stops_the_list(vectors: Path) -> None:
    (vectors / CODE1).write_text("{}", encoding="utf-8")
    code, text = run("vectors", "list", "--vectors", str(vectors))
    assert code == 1
    assert CODE1 in text


def test_a_folder_in_form_is_left_alone(vectors: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in vectors.rglob("*")}
    assert fmt(vectors) == (0, "4 files are in canonical form\n")
    assert fmt(vectors, "--check")[0] == 0
    assert {path: path.stat().st_mtime_ns for path in vectors.rglob("*")} == before


def test_a_change_by_hand_is_brought_into_form(vectors: Path, edit: Edit) -> None:
    original = (vectors / CODE1).read_bytes(), (vectors / "manifest.json").read_bytes()

    def forget_ids(data: Any) -> None:
        for case in data["cases"]:
            case.pop("id")

    edit(vectors / CODE1, forget_ids, manifest=False)
    code, text = fmt(vectors, "--check", "--json")
    assert code == 1
    assert json.loads(text)["changed"] == [str(vectors / CODE1)]
    code, text = fmt(vectors)
    assert code == 0
    assert f"formatted: {vectors / CODE1}" in text
    assert ((vectors / CODE1).read_bytes(), (vectors / "manifest.json").read_bytes()) == original
    assert list(vector_problems(vectors)) == []


def test_added_and_removed_files_reach_the_manifest(vectors: Path) -> None:
    (vectors / CODE1).unlink()
    extra = vectors / "packet" / "packet-code0.json"
    shutil.copyfile(vectors / "extension" / "extension-faults.json", extra)
    text = extra.read_text(encoding="utf-8").replace('"group": "extension-faults"', '"group": "packet-code0"')
    extra.write_text(text.replace('"stage": "extension"', '"stage": "packet"'), encoding="utf-8")
    assert fmt(vectors)[0] == 0
    found = "\n".join(map(str, vector_problems(vectors)))
    assert "is not of this stage" in found
    assert "manifest" not in found


@pytest.mark.parametrize(
    "text", ["{", "[]", "7", '{"cases": {}}', '{"cases": [7], "group": "g"}', '{"a": 1, "a": 2}']
)
def test_what_is_no_group_is_exit_code_2_and_left_alone(text: str, vectors: Path) -> None:
    (vectors / CODE1).write_text(text, encoding="utf-8")
    before = {path: path.read_bytes() for path in vectors.rglob("*") if path.is_file()}
    for arguments in (["--vectors", str(vectors)], [str(vectors / CODE1)]):
        code, output = run("vectors", "fmt", *arguments)
        assert code == 2
        assert "packet-code1.json" in output
    assert {path: path.read_bytes() for path in vectors.rglob("*") if path.is_file()} == before


def test_fmt_takes_files_or_a_folder(vectors: Path, tmp_path: Path) -> None:
    assert fmt(vectors, str(vectors / CODE1))[0] == 2
    assert fmt(tmp_path / "nowhere")[0] == 2
    assert run("vectors", "fmt", str(tmp_path / "nowhere.json"))[0] == 2


def test_verify_as_json_names_file_and_case(vectors: Path, edit: Edit) -> None:
    edit(vectors / CODE1, lambda data: data["cases"][2].update(flags=["odd"]))
    code, text = run("vectors", "verify", str(vectors), "--json")
    assert code == 1
    problems = json.loads(text)["problems"]
    assert any(p["file"] == CODE1 and p["case"].startswith("packet-code1-") for p in problems)
    assert any("flag 'odd' is unknown" in p["message"] for p in problems)


def test_verify_of_nothing_is_exit_code_2(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere", Path("/dev/null")):
        code, text = run("vectors", "verify", str(path))
        assert code == 2, path
        assert text.strip()


def test_missing_texts_are_added_and_others_stay(vectors: Path, tmp_path: Path) -> None:
    folder = tmp_path / "fresh"
    (folder / "packet").mkdir(parents=True)
    (folder / "LICENSE").write_text("another", encoding="utf-8")
    (vectors / "packet" / "README.md").write_text("page", encoding="utf-8")
    (vectors / "feature" / "README.md").write_text("page of a stage that is not there", encoding="utf-8")
    assert add_missing_texts(vectors, folder) == ["CHANGELOG.md", "README.md", "packet/README.md"]
    assert (folder / "LICENSE").read_text(encoding="utf-8") == "another"
    assert add_missing_texts(vectors, folder) == []


def test_generating_needs_the_official_model_or_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dred_conformance.vectors.generate.command.find_model", lambda name: None)
    code, text = run("vectors", "generate", "-o", str(tmp_path / "new"))
    assert code == 1
    assert "dred model fetch" in text
    assert not (tmp_path / "new").exists()
