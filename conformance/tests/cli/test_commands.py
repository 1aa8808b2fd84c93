"""The commands as a user meets them: help, JSON, exit codes, reports."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner

from dred_conformance.cli.main import app
from dred_conformance.data import data_folder
from dred_conformance.protocol.operations import STAGES
from dred_conformance.report.document import report_schema

MISBEHAVING = Path(__file__).parents[1] / "runner" / "misbehaving_adapter.py"

COMMANDS = [
    ["inspect"],
    ["conform"],
    ["report"],
    ["selfcheck"],
    ["cite"],
    ["cite", "show"],
    ["cite", "coverage"],
    ["cite", "check"],
    ["cite", "extract"],
    ["bench", "payload"],
    ["adapter", "native"],
    ["adapter", "reference"],
    ["adapter", "node"],
    ["adapter", "libopus"],
    ["adapter", "list"],
    ["vectors", "list"],
    ["vectors", "verify"],
    ["vectors", "fmt"],
    ["vectors", "generate"],
    ["vectors", "export"],
    ["vectors", "diff"],
    ["vectors", "changelog"],
    ["model", "import"],
    ["model", "fetch"],
    ["model", "list"],
    ["model", "verify"],
    ["model", "bounds"],
    ["decode"],
    ["simulate"],
    ["compare", "features"],
    ["compare", "audio"],
    ["compare", "profiles"],
    ["vectors", "export-upstream"],
    ["vectors", "run-upstream"],
    ["vectors", "kills"],
    ["vectors", "mutate"],
    ["bench", "feature"],
    ["bench", "runner"],
]


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def report_of(*arguments: str) -> tuple[int, dict[str, Any]]:
    code, output = run("conform", *arguments, "--json")
    document: dict[str, Any] = json.loads(output)
    jsonschema.validate(document, report_schema())
    return code, document


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example(command: list[str]) -> None:
    code, output = run(*command, "--help")
    assert code == 0
    assert "xample" in output


def test_the_version_says_which_native_build_runs() -> None:
    code, output = run("--version")
    assert code == 0
    assert "dred_native" in output
    assert "compiler" in output


@pytest.mark.parametrize("adapter", ["native", "reference"])
def test_the_built_in_adapters_conform(adapter: str) -> None:
    arguments = ["--adapter", adapter, "-j", "2"]
    code, report = report_of(*arguments)
    assert code == 0, [case for case in report["cases"] if case["verdict"] not in ("pass", "unsupported")][:3]
    assert report["summary"]["executed"] > 1000
    assert set(report["stages"]) == set(STAGES)
    reasons = {case["reason"] for case in report["cases"] if case["verdict"] == "unsupported"}
    assert reasons <= {"model 'libopus-1.6' is not declared"}


@pytest.mark.official_model
def test_with_the_official_model_nothing_is_unsupported(official_model: object) -> None:
    code, report = report_of("--adapter", "native")
    assert code == 0
    assert report["summary"]["verdicts"] == {"pass": report["vectors"]["selected"]}


def test_selection_narrows_what_is_judged() -> None:
    code, report = report_of("--stage", "packet", "--clause", "RFC6716-3.2.3-*", "--id", "packet-code1-*")
    assert code == 0
    assert {case["stage"] for case in report["cases"]} == {"packet"}
    assert 0 < report["vectors"]["selected"] < 20


@pytest.mark.parametrize(
    "arguments",
    [
        ["--id", "no-such-case"],
        ["--stage", "no-such-stage"],
        ["--adapter", "/no/such/adapter"],
        ["--vectors", "/nowhere"],
    ],
)
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    code, output = run("conform", *arguments)
    assert code == 2
    assert output.strip()


def test_an_adapter_that_supports_nothing_is_exit_code_2() -> None:
    code, report = report_of("--adapter", f"python3 {MISBEHAVING} good", "--stage", "latent")
    assert code == 2
    assert report["summary"]["executed"] == 0


def test_a_failing_adapter_gets_a_report_that_reproduces(tmp_path: Path) -> None:
    adapter = f"python3 {MISBEHAVING} good"
    path = tmp_path / "report.json"
    code, output = run("conform", "--adapter", adapter, "--id", "packet-code1-*", "--report", str(path))
    assert code == 1
    assert "DOES NOT CONFORM" in output
    document = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.validate(document, report_schema())
    failed = [case for case in document["cases"] if case["verdict"] == "fail"]
    assert failed
    for case in failed:
        assert case["id"] in case["reproduce"]
        assert case["input"]["packet"]
        assert case["clauses"]
    with_difference = next(case for case in failed if "difference" in case)
    assert with_difference["difference"]["path"].startswith("frames")
    assert with_difference["difference"]["bit"] is not None


def test_a_report_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    missing = tmp_path / "no" / "folder" / "report.json"
    code, output = run("conform", "--id", "packet-code1-*", "--report", str(missing))
    assert code == 2
    assert "report.json" in output


def test_vectors_are_listed_and_verified() -> None:
    code, output = run("vectors", "list", "--json")
    assert code == 0
    groups = json.loads(output)["groups"]
    assert sum(group["cases"] for group in groups) > 1500
    assert run("vectors", "list")[0] == 0
    assert run("vectors", "verify")[0] == 0
    assert json.loads(run("vectors", "verify", "--json")[1])["problems"] == []


def test_formatting_gives_ids_and_the_canonical_form(tmp_path: Path) -> None:
    source = data_folder("vectors") / "packet" / "packet-code1.json"
    group = json.loads(source.read_text(encoding="utf-8"))
    for case in group["cases"]:
        del case["id"]
    path = tmp_path / "group.json"
    path.write_text(json.dumps(group), encoding="utf-8")
    assert run("vectors", "fmt", "--check", str(path))[0] == 1
    assert run("vectors", "fmt", str(path))[0] == 0
    assert path.read_text(encoding="utf-8") == source.read_text(encoding="utf-8")
    assert run("vectors", "fmt", "--check", str(path))[0] == 0
    path.write_text("{", encoding="utf-8")
    assert run("vectors", "fmt", str(path))[0] == 2


def test_random_inputs_find_no_difference() -> None:
    counts = ["--packets", "5000", "--paddings", "5000", "--payloads", "400", "--seed", "3", "-j", "1"]
    code, output = run("selfcheck", *counts, "--json")
    summary = json.loads(output)
    assert code == 0, summary["first_mismatches"]
    assert "bundled-1" in summary["models"]
    assert summary["packets"]["inputs"] == 5000
    assert len(summary["packets"]["outcomes"]) >= 10
    assert len(summary["paddings"]["outcomes"]) >= 5


def test_the_benchmark_measures_both() -> None:
    arguments = ["bench", "payload", "--model", "synthetic-1", "--payloads", "2000", "--json"]
    code, output = run(*arguments)
    result = json.loads(output)
    assert code == 0
    assert result["native_us"] > 0
    assert result["reference_us"] > 0
