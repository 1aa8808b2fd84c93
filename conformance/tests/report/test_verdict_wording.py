"""The verdict of a run in words, for every way a run can end."""

from typing import Any

from dred_conformance.report.wording import unjudged_reasons, verdict_of


def words(code: int, verdicts: dict[str, int], **baseline: list[str]) -> Any:
    summary: dict[str, Any] = {"exit_code": code, "verdicts": verdicts, "executed": 5, "seconds": 1.0}
    if baseline:
        summary["baseline"] = baseline
    stages = {"packet": {"pass": 2}, "payload": verdicts}
    return verdict_of({"summary": summary, "stages": stages})


def test_a_good_run() -> None:
    assert words(0, {"pass": 5}).kind == "good"
    assert words(0, {"pass": 5}).word == "Conforms"


def test_a_good_run_says_which_stages_it_does_not_speak_of() -> None:
    assert words(0, {"pass": 5}).advice == ""
    assert words(0, {"unsupported": 5}).advice == "Nothing was judged of payload."


def test_known_failures_are_no_clean_bill() -> None:
    found = words(0, {"pass": 4, "fail": 1}, failed=["a"])
    assert found.kind == "none"
    assert "1 known failure:" in found.sentence


def test_a_bad_run_says_where_to_begin() -> None:
    found = words(1, {"pass": 1, "fail": 1200, "error": 34})
    assert found.word == "Does not conform"
    assert found.sentence.startswith("1,234 failed:")
    assert "payload" in found.advice


def test_a_list_that_is_too_long() -> None:
    found = words(1, {"pass": 4, "fail": 1}, failed=["a"], mended=["b"], unknown=["c"])
    assert found.word == "Known failures to take out"
    assert found.sentence.startswith("2 entries ")
    assert "--baseline-update" in found.advice


def test_nothing_judged_and_an_interrupted_run() -> None:
    assert words(2, {"unsupported": 3}).word == "Nothing was judged"
    found = words(130, {"pass": 1, "not-run": 3})
    assert found.word == "Interrupted"
    assert "3 were not run" in found.sentence


def test_reasons_why_nothing_was_judged_are_counted_apart() -> None:
    verdicts = [
        ("unsupported", "no model"),
        ("not-run", "stopped"),
        ("unsupported", "no model"),
        ("pass", ""),
    ]
    report = {"cases": [{"verdict": verdict, "reason": reason} for verdict, reason in verdicts]}
    assert unjudged_reasons(report) == [("unsupported", "no model", 2), ("not-run", "stopped", 1)]
