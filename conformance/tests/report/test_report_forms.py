"""Every form of any report that the schema allows, down to the smallest."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rich.console import Console

from dred_conformance.report.document import report_schema
from dred_conformance.report.forms import FORMS, form_problem, report_text
from dred_conformance.report.terminal import print_report

VERDICTS = ["pass", "fail", "non-strict", "unsupported", "error", "timeout", "not-run"]
EMPTY = {
    "fields": [],
    "hex": "",
    "of": "input.packet",
    "size": 0,
    "first_byte": 0,
    "bit": None,
    "under": None,
}


def smallest(*cases: dict[str, Any], exit_code: int = 1) -> dict[str, Any]:
    names = ("id", "stage", "op", "comment", "reason")
    common = {**dict.fromkeys(names, ""), "clauses": [], "flags": []}
    given = [{**common, "verdict": "pass", "id": f"g-{n}", **case} for n, case in enumerate(cases)]
    return {
        "format": "dred-report/1",
        "tool": {"name": "", "version": ""},
        "adapter": {
            **{"command": [], "name": "", "version": "", "stages": [], "wire": []},
            **{"models": [], "operations": None},
        },
        "vectors": {"folder": "", "version": "", "manifest_sha256": "", "selected": 0},
        "summary": {"verdicts": {}, "executed": 0, "exit_code": exit_code, "seconds": 0},
        "stages": {},
        "distances": {},
        "cases": given,
    }


REPORTS = {
    "nothing": smallest(exit_code=2),
    "verdicts": smallest(*({"verdict": verdict} for verdict in VERDICTS)),
    "known": smallest(*({"verdict": verdict, "known": True} for verdict in VERDICTS), exit_code=0),
    "nameless": smallest({"verdict": "fail", "id": "", "clauses": ["items", "no such clause", ""]}),
    "empty-map": smallest({"verdict": "fail", "map": {**EMPTY, "fields_read": 0}}),
    "nulls": smallest(
        {
            "verdict": "fail",
            "difference": {"path": "", "expected": None, "actual": None, "bit": None},
            **{"expected": None, "error": {"rules": []}, "answer": None, "figures": {"total": None}},
        }
    ),
    "interrupted": smallest(exit_code=143),
}


@pytest.mark.parametrize("suffix", [*FORMS, "terminal"])
@pytest.mark.parametrize("name", REPORTS)
def test_no_report_that_the_schema_allows_breaks_a_form(name: str, suffix: str) -> None:
    report = REPORTS[name]
    jsonschema.validate(report, report_schema())
    if suffix == "terminal":
        console = Console(width=80)
        with console.capture() as capture:
            print_report(report, console)
        assert capture.get().strip()
    else:
        assert report_text(report, Path(f"report{suffix}")).strip()


def test_the_suffix_decides_whatever_its_case(tmp_path: Path) -> None:
    assert form_problem(tmp_path / "Report.HTML") is None
    assert report_text(REPORTS["nothing"], tmp_path / "Report.HTML").startswith("<!DOCTYPE html>")
    assert ".json (JSON), .xml (JUnit XML)" in (form_problem(tmp_path / "report.pdf") or "")


@pytest.mark.parametrize("name", REPORTS)
def test_json_holds_the_report_with_a_case_to_a_line(name: str) -> None:
    text = report_text(REPORTS[name], Path("report.json"))
    assert json.loads(text) == REPORTS[name]
    lines = [json.loads(line.rstrip(",")) for line in text.splitlines() if line.startswith("  {")]
    assert lines == REPORTS[name]["cases"]
