"""``dred cite`` as a user meets it."""

import functools
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import dred_conformance.cli.cite as cite_module
from dred_conformance.clauses import annotations, matrix
from dred_conformance.cli.main import app
from dred_conformance.data import checkout_root

FILES = Path(__file__).parents[1] / "drafts" / "files"
OLD, NEW = (FILES / f"draft-example-opus-lighthouse-{revision}.xml" for revision in ("00", "01"))
EXTENSION = ("--document", "draft-ietf-mlcodec-opus-extension")


@pytest.fixture(scope="module", autouse=True)
def _collected_once() -> Iterator[None]:
    """Search the checkout once for all tests; every command of a user searches it anew."""
    collected = functools.cache(annotations.collect)
    with pytest.MonkeyPatch.context() as patch:
        for module in (annotations, matrix):
            patch.setattr(module, "collect", collected)
        yield


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["cite", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def report(folder: Path, *cases: tuple[str, list[str]]) -> str:
    document = {
        "format": "dred-report/1",
        "adapter": {"name": "mine", "version": "0.3"},
        "cases": [{"id": "x", "clauses": clauses, "verdict": verdict} for verdict, clauses in cases],
    }
    path = folder / "report.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return str(path)


def test_one_clause_with_all_that_answers_to_it(tmp_path: Path) -> None:
    path = report(tmp_path, ("pass", ["EXT-fit"]), ("fail", ["EXT-fit", "EXT-area"]), ("pass", ["EXT-area"]))
    code, output = run("EXT-fit", "--report", path)
    assert code == 0
    for part in (
        "EXT-fit: no requirement word",
        "draft-ietf-mlcodec-opus-extension, newest revision",
        "rule E1: ",
        "native/src/extension_reader.cpp:",
        "reference/dred_reference/extension/",
        "conformance/tests/extension/",
        "more (--all)",
        "verdicts of mine 0.3: 1 fail, 1 pass",
    ):
        assert part in output, part
    everything = run("--all", "EXT-fit")[1]
    assert len(everything) > len(output)
    assert "--all" not in everything


def test_the_command_may_be_named_and_ids_may_have_patterns() -> None:
    assert run("show", "EXT-fit") == run("EXT-fit")
    _, output = run("RFC6716-3.2.5-pad*", "--json")
    document: dict[str, Any] = json.loads(output)
    assert [clause["id"] for clause in document["clauses"]] == [
        "RFC6716-3.2.5-padlen",
        "RFC6716-3.2.5-padzero",
        "RFC6716-3.2.5-padany",
    ]
    zero = document["clauses"][1]
    assert zero["keyword"] == "MUST"
    assert zero["section"] == "3.2.5"
    assert "DIV-6" in [item["id"] for item in zero["divergences"]]
    assert {place["name"] for place in zero["native"]} == {"pad_packet"}


def test_divergences_that_the_notes_of_a_clause_name() -> None:
    clauses = json.loads(run("DRED-silence", "DRED-availability-1.6.1", "--json")[1])["clauses"]
    assert [[item["id"] for item in clause["divergences"]] for clause in clauses] == [
        ["DIV-4", "DIV-5", "DIV-7"],
        ["DIV-3"],
    ]


def test_an_unknown_clause_gets_a_suggestion() -> None:
    code, output = run("EXT-fits")
    assert code == 2
    assert "did you mean EXT-fit" in output
    assert run("zzz")[0] == 2


def test_an_installed_package_says_what_it_cannot_know(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (cite_module, annotations):
        monkeypatch.setattr(module, "checkout_root", lambda: None)
    code, output = run("EXT-fit")
    assert code == 0
    assert "need a checkout" in output
    assert "vectors: 1" in output or "vectors: 2" in output
    code, output = run("coverage")
    assert code == 2
    assert "needs a checkout" in output


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "dred-report/1"}', "[" * 100000])
def test_a_file_that_is_no_report(tmp_path: Path, text: str) -> None:
    path = tmp_path / "report.json"
    path.write_text(text, encoding="utf-8")
    code, output = run("EXT-fit", "--report", str(path))
    assert code == 2
    assert "report.json" in output


needs_checkout = pytest.mark.skipif(
    checkout_root() is None, reason="no checkout: no code and tests to search"
)


@needs_checkout
def test_the_matrix_and_its_filters(tmp_path: Path) -> None:
    path = report(tmp_path, ("pass", ["RFC6716-3.2.5-R6"]))
    code, output = run("coverage", "--keyword", "MUST", "--stage", "packet", "--report", path, "--json")
    assert code == 0
    document = json.loads(output)
    assert {clause["keyword"] for clause in document["clauses"]} == {"MUST"}
    assert {clause["stage"] for clause in document["clauses"]} == {"packet"}
    row = next(clause for clause in document["clauses"] if clause["id"] == "RFC6716-3.2.5-R6")
    assert row["verdicts"] == {"mine 0.3": {"pass": 1}}
    assert row["missing"] == []
    assert row["vector"][0].startswith("packet-")
    assert document["must_uncovered"] == []


@needs_checkout
def test_the_matrix_in_words_and_as_markdown() -> None:
    code, output = run("coverage", "--missing")
    assert code == 0
    assert "RFC6716-6-threshold" in output
    assert "RFC6716-3.2.5-R6" not in output
    assert "MUST, MUST NOT and the like" in output
    code, output = run("coverage", "--document", "RFC 6716", "--markdown")
    assert code == 0
    assert output.startswith("# Clause coverage\n\n| clause | keyword |")
    assert "EXT-fit" not in output


@needs_checkout
def test_an_id_that_only_a_report_has_fails_the_coverage(tmp_path: Path) -> None:
    code, output = run("coverage", "--report", report(tmp_path, ("pass", ["EXT-nowhere"])), "--missing")
    assert code == 1
    assert "unknown clause id 'EXT-nowhere'" in output


@pytest.mark.parametrize("option", ["--document", "--stage", "--keyword"])
def test_a_filter_that_is_unknown(option: str) -> None:
    code, output = run("coverage", option, "nothing")
    assert code == 2
    assert "there are" in output


def test_a_draft_against_the_registry() -> None:
    code, output = run("check", "--draft", str(NEW), "--base", str(OLD), *EXTENSION)
    assert code == 1
    assert "no sentence of any text is held here" in output
    assert "1 new, 1 changed, 1 moved, 2 missing, 12 unchanged" in output
    assert "EXT-fit" in output
    code, output = run("check", "--draft", str(NEW), "--base", str(OLD), *EXTENSION, "--json")
    assert code == 1
    assert json.loads(output)["counts"]["new"] == 15
    _, output = run("check", "--draft", str(NEW), *EXTENSION, "--markdown")
    assert "&lt;" not in output
    assert output.startswith("# draft-example-opus-lighthouse-01 (RFCXML)")


def test_a_draft_that_says_what_the_registry_says_is_exit_code_0(tmp_path: Path) -> None:
    stubs = tomllib.loads(run("extract", str(OLD))[1])["clause"]
    name = "draft-example-opus-lighthouse"
    document = {"name": name, "newest_revision": "00", "url": "x", "seen_of_text": "x"}
    lines = ["[document]", *(f"{key} = {json.dumps(value)}" for key, value in document.items())]
    for number, stub in enumerate(stubs):
        stub |= {"id": f"EXT-made-{number}", "summary": "x", "stage": "extension"}
        lines.append(
            "[[clause]]\n" + "\n".join(f"{key} = {json.dumps(value)}" for key, value in stub.items())
        )
    (tmp_path / "clauses").mkdir()
    (tmp_path / "clauses" / "made.toml").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "rules.toml").write_text("rule = []", encoding="utf-8")
    code, output = run("check", "--draft", str(OLD.with_suffix(".txt")), "--registry", str(tmp_path))
    assert code == 0, output
    assert "16 unchanged" in output
    assert run("check", "--draft", str(NEW), "--registry", str(tmp_path))[0] == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "--draft", "/no/such/draft.xml"],
        ["check", "--draft", str(FILES / "old-form.txt")],
        ["check", "--draft", str(NEW), "--document", "nothing"],
        ["check", "--draft", str(NEW), *EXTENSION, "--base", __file__],
        ["check", "--draft", str(NEW), "--registry", "/no/such/folder"],
        ["extract", "/no/such/draft.xml"],
        ["extract", str(FILES)],
    ],
)
def test_what_cannot_be_read_is_exit_code_2(arguments: list[str]) -> None:
    code, output = run(*arguments)
    assert code == 2
    assert output.strip()


def test_statements_as_json() -> None:
    document = json.loads(run("extract", str(FILES / "old-form.txt"), "--json")[1])
    assert document["draft"]["name"] == "RFC 9099"
    assert len(document["statements"]) == 6
    assert len(document["draft"]["left_out"]) == 2
