"""``dred conform --report`` and ``dred report``: every form, and wrong usage told before anything runs."""

import json
import shlex
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from dred_conformance.cli.main import app

Report = dict[str, Any]
ADAPTER = shlex.join([sys.executable, str(Path(__file__).parent / "wrong_adapter.py"), "padding_one_short"])
FORMS = ["json", "xml", "md", "html"]


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("reports")
    options = [part for form in FORMS for part in ("--report", folder / f"report.{form}")]
    code, output = run("conform", "--adapter", ADAPTER, "--id", "packet-padding-*", *options)
    assert code == 1
    return folder, output


def test_one_run_writes_all_forms_and_says_where(written: tuple[Path, str]) -> None:
    folder, output = written
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"report.{form}" for form in FORMS)
    assert output.rstrip().splitlines()[-1].startswith("report: ")
    assert json.loads((folder / "report.json").read_text(encoding="utf-8"))["format"] == "dred-report/1"
    assert ElementTree.parse(folder / "report.xml").getroot().tag == "testsuites"
    assert (
        (folder / "report.md").read_text(encoding="utf-8").startswith("## DRED conformance: Does not conform")
    )
    assert (folder / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_saved_report_gives_the_same_files_again(written: tuple[Path, str], tmp_path: Path) -> None:
    folder, _ = written
    outputs = [part for form in FORMS for part in ("-o", tmp_path / f"again.{form}")]
    assert run("report", folder / "report.json", *outputs)[0] == 0
    for form in FORMS:
        assert (tmp_path / f"again.{form}").read_bytes() == (folder / f"report.{form}").read_bytes()


def test_a_saved_report_can_be_shown(written: tuple[Path, str]) -> None:
    folder, output = written
    code, shown = run("report", folder / "report.json")
    assert code == 0
    assert shown.rstrip().splitlines()[-1].startswith("DOES NOT CONFORM")
    assert shown in output
    code, text = run("report", folder / "report.json", "--json")
    assert json.loads(text) == json.loads((folder / "report.json").read_text(encoding="utf-8"))


def test_the_command_in_a_report_repeats_the_failure(written: tuple[Path, str]) -> None:
    report = json.loads((written[0] / "report.json").read_text(encoding="utf-8"))
    case = next(case for case in report["cases"] if case["verdict"] == "fail")
    words = shlex.split(case["reproduce"])
    assert words[0] == "dred"
    code, output = run(*words[1:], "--json")
    assert code == 1
    assert [(each["id"], each["verdict"]) for each in json.loads(output)["cases"]] == [(case["id"], "fail")]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("report.txt", "no form of report has the suffix '.txt'"),
        ("report", "no form of report has the suffix ''"),
        ("missing/report.html", "the folder is missing"),
    ],
)
def test_a_file_that_cannot_be_is_refused_before_the_run(tmp_path: Path, name: str, said: str) -> None:
    marker = tmp_path / "ran"
    adapter = shlex.join([sys.executable, "-c", f"open({str(marker)!r}, 'w')"])
    for arguments in (["conform", "--adapter", adapter, "--report"], ["report", tmp_path / "r.json", "-o"]):
        code, output = run(*arguments, tmp_path / name)
        assert code == 2
        assert said in output
    assert not marker.exists()


def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report.html").mkdir()
    code, output = run("conform", "--report", tmp_path / "report.html")
    assert code == 2
    assert "is a folder" in output


@pytest.mark.parametrize("content", ["{", "[]", '{"format": "dred-report/1"}', "[" * 100_000, "\x80"])
def test_what_is_no_report_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(content.encode("latin-1"))
    code, output = run("report", path, "-o", tmp_path / "out.html")
    assert code == 2
    assert "broken.json" in output
    assert not (tmp_path / "out.html").exists()
    assert run("report", tmp_path / "nothing.json")[0] == 2
