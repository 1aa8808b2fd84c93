"""Known failures do not fail a run, and their list may only shrink."""

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner, Result

from dred_conformance.cli.main import app
from dred_conformance.report.document import report_schema
from dred_conformance.runner.baseline import Baseline, BaselineError
from dred_conformance.runner.campaign import run_campaign
from dred_conformance.runner.verdict import Verdict
from dred_conformance.vectors.case import Case

SELECTED = ["--id", "packet-code1-*"]
Misbehaving = Callable[[str], list[str]]


def conform(adapter: list[str] | str, *arguments: str) -> Result:
    command = adapter if isinstance(adapter, str) else shlex.join(adapter)
    result = CliRunner().invoke(app, ["conform", "--adapter", command, *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def report_of(result: Result) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(result.stdout)
    jsonschema.validate(document, report_schema())
    return document


def ids_of(path: Path) -> set[str]:
    return set(Baseline.read(path).ids)


@pytest.fixture
def known(tmp_path: Path, misbehaving: Misbehaving) -> Path:
    """The known failures of the adapter that only knows packets of code 0, on packets of code 1."""
    path = tmp_path / "known.txt"
    result = conform(misbehaving("good"), *SELECTED, "--baseline", str(path), "--baseline-create")
    assert result.exit_code == 0
    assert len(ids_of(path)) > 4
    return path


def test_what_is_known_does_not_fail_the_run(known: Path, misbehaving: Misbehaving) -> None:
    assert conform(misbehaving("good"), *SELECTED).exit_code == 1
    result = conform(misbehaving("good"), *SELECTED, "--baseline", str(known))
    assert result.exit_code == 0
    assert "CONFORMS" not in result.stdout.upper()
    report = report_of(conform(misbehaving("good"), *SELECTED, "--baseline", str(known), "--json"))
    failed = {case["id"] for case in report["cases"] if case["verdict"] == "fail"}
    assert failed == ids_of(known)
    assert {case["id"] for case in report["cases"] if case.get("known")} == failed
    assert report["summary"]["baseline"]["failed"] == [c["id"] for c in report["cases"] if c["id"] in failed]
    assert report["summary"]["baseline"]["new"] == []


def test_a_new_failure_fails_and_is_never_added(known: Path, misbehaving: Misbehaving) -> None:
    gone = sorted(ids_of(known))[0]
    text = Baseline.read(known).without({gone}).text
    known.write_text(text, encoding="utf-8")
    for option in ([], ["--baseline-update"]):
        result = conform(misbehaving("good"), *SELECTED, "--baseline", str(known), *option)
        assert result.exit_code == 1
        assert f"{gone}: new failure" in result.stderr
        assert known.read_text(encoding="utf-8") == text


def test_what_is_mended_has_to_be_taken_out(known: Path) -> None:
    text = (
        known.read_text(encoding="utf-8") + "\n# why not\npacket-no-such-case  # gone with the last vectors\n"
    )
    known.write_text(text, encoding="utf-8")
    mended = ids_of(known)
    result = conform("native", *SELECTED, "--baseline", str(known), "--json")
    assert result.exit_code == 1
    assert known.read_text(encoding="utf-8") == text
    found = report_of(result)["summary"]["baseline"]
    assert set(found["mended"]) | {"packet-no-such-case"} == mended
    assert found["unknown"] == ["packet-no-such-case"]
    for name in mended:
        assert f"{name}: " in result.stderr
    assert "--baseline-update" in result.stderr
    result = conform("native", *SELECTED, "--baseline", str(known), "--baseline-update", "--json")
    assert result.exit_code == 0
    assert report_of(result)["summary"]["baseline"]["updated"] is True
    assert ids_of(known) == set()
    assert known.read_text(encoding="utf-8").endswith("\n\n# why not\n")
    assert conform("native", *SELECTED, "--baseline", str(known)).exit_code == 0


def test_only_what_is_selected_counts(known: Path) -> None:
    before = known.read_text(encoding="utf-8")
    result = conform("native", "--id", "packet-code2-*", "--baseline", str(known), "--baseline-update")
    assert result.exit_code == 0
    assert known.read_text(encoding="utf-8") == before
    listed = ids_of(known)
    one = sorted(listed)[0]
    result = conform("native", "--id", one, "--baseline", str(known), "--baseline-update")
    assert result.exit_code == 0
    assert ids_of(known) == listed - {one}


def test_what_is_not_judged_is_neither_mended_nor_failed(known: Path, misbehaving: Misbehaving) -> None:
    command = [*misbehaving("good")[:-1], "writers-only"]
    result = conform(command, *SELECTED, "--baseline", str(known), "--json")
    assert result.exit_code == 2
    assert len(report_of(result)["summary"]["baseline"]["unjudged"]) == len(ids_of(known))


def test_fail_fast_goes_on_over_known_failures(
    misbehaving: Misbehaving, packet_cases: Callable[..., list[Case]]
) -> None:
    cases = packet_cases(6)
    campaign = run_campaign(misbehaving("wrong"), cases, fail_fast=True, known={cases[1].id})
    assert campaign.counts == {Verdict.PASS: 5, Verdict.FAIL: 1}
    assert campaign.exit_code == 0
    assert [result.known for result in campaign.results] == [False, True, False, False, False, False]
    assert run_campaign(misbehaving("wrong"), cases, fail_fast=True).counts[Verdict.NOT_RUN] == 4


def test_no_list_is_made_of_a_run_that_was_not_finished(tmp_path: Path, misbehaving: Misbehaving) -> None:
    path = tmp_path / "known.txt"
    result = conform(
        misbehaving("good"), *SELECTED, "--fail-fast", "--baseline", str(path), "--baseline-create"
    )
    assert result.exit_code == 1
    assert "not written" in result.stderr
    assert not path.exists()


@pytest.mark.parametrize(
    ("content", "arguments", "reason"),
    [
        (None, [], "--baseline-create"),
        (None, ["--baseline-update"], "--baseline-create"),
        (b"", ["--baseline-create"], "may only shrink"),
        (b"", ["--baseline-create", "--baseline-update"], "one of them"),
        (b"a b\n", [], "more than one word"),
        (b"a\n#\na # again\n", [], "stands in line 1 already"),
        (b"\xff\n", [], "cannot be read"),
    ],
)
def test_a_wrong_list_is_wrong_usage(
    tmp_path: Path, content: bytes | None, arguments: list[str], reason: str
) -> None:
    path = tmp_path / "known.txt"
    if content is not None:
        path.write_bytes(content)
    result = conform("native", *SELECTED, "--baseline", str(path), *arguments)
    assert result.exit_code == 2
    assert reason in result.stderr
    assert (path.read_bytes() if path.exists() else None) == content


@pytest.mark.parametrize("option", ["--baseline-create", "--baseline-update"])
def test_without_a_file_there_is_nothing_to_write(option: str) -> None:
    result = conform("native", *SELECTED, option)
    assert result.exit_code == 2
    assert "--baseline FILE" in result.stderr


def test_a_folder_is_no_list(tmp_path: Path) -> None:
    with pytest.raises(BaselineError, match="cannot be read"):
        Baseline.read(tmp_path)
