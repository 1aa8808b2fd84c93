"""JUnit XML: well-formed whatever an adapter says, with the counts of the report."""

from collections import Counter
from typing import Any
from xml.etree import ElementTree

import pytest

from dred_conformance.report.junit import junit_report

Report = dict[str, Any]


@pytest.mark.parametrize("name", ["wrong", "hostile", "right"])
def test_the_counts_are_those_of_the_report(name: str, request: pytest.FixtureRequest) -> None:
    report: Report = request.getfixturevalue(name)
    root = ElementTree.fromstring(junit_report(report))
    assert root.tag == "testsuites"
    verdicts = Counter(report["summary"]["verdicts"])
    assert int(root.get("tests", "")) == sum(verdicts.values()) == len(list(root.iter("testcase")))
    assert int(root.get("failures", "")) == verdicts["fail"] == len(list(root.iter("failure")))
    assert (
        int(root.get("errors", ""))
        == verdicts["error"] + verdicts["timeout"]
        == len(list(root.iter("error")))
    )
    skipped = verdicts["non-strict"] + verdicts["unsupported"] + verdicts["not-run"]
    assert int(root.get("skipped", "")) == skipped == len(list(root.iter("skipped")))
    for suite in root.iter("testsuite"):
        assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
        assert int(suite.get("failures", "")) == len(suite.findall("testcase/failure"))
        assert int(suite.get("errors", "")) == len(suite.findall("testcase/error"))
        assert int(suite.get("skipped", "")) == len(suite.findall("testcase/skipped"))


def test_ids_are_the_names_and_every_failure_can_be_repeated(wrong: Report) -> None:
    root = ElementTree.fromstring(junit_report(wrong))
    assert [case.get("name") for case in root.iter("testcase")] == [case["id"] for case in wrong["cases"]]
    for failure in root.iter("failure"):
        assert "reproduce: dred conform --adapter './wrong adapter' --id " in (failure.text or "")
        assert failure.get("message", "").startswith("fail: ")


def test_what_xml_forbids_is_spelled_out(hostile: Report) -> None:
    text = junit_report(hostile)
    assert not any(ord(character) < 32 and character not in "\n\t" for character in text)
    root = ElementTree.fromstring(text.encode())
    assert "\\u001b[31m\\u0000\\uffff" in root.get("name", "")


def tiny(*cases: dict[str, Any]) -> Report:
    return {
        "adapter": {"name": "a", "version": "1", "command": ["a"]},
        "vectors": {"version": "1", "manifest_sha256": "0"},
        "summary": {"seconds": 1.5},
        "cases": [
            {
                "id": f"g-{n}",
                "stage": "packet",
                "op": "packet",
                "clauses": [],
                "comment": "",
                "reason": "",
                **case,
            }
            for n, case in enumerate(cases)
        ],
    }


def test_known_failures_are_skipped_and_a_mended_one_fails() -> None:
    report = tiny({"verdict": "fail", "known": True}, {"verdict": "pass", "known": True}, {"verdict": "pass"})
    cases = list(ElementTree.fromstring(junit_report(report)).iter("testcase"))
    assert [[child.tag for child in case] for case in cases] == [["skipped"], ["failure"], []]
    assert cases[0][0].get("message", "").startswith("known fail")
    assert "take it out" in cases[1][0].get("message", "")


def test_a_timeout_is_an_error_and_a_case_that_did_not_run_is_skipped() -> None:
    report = tiny({"verdict": "timeout"}, {"verdict": "not-run"}, {"verdict": "non-strict"})
    cases = list(ElementTree.fromstring(junit_report(report)).iter("testcase"))
    assert [case[0].tag for case in cases] == ["error", "skipped", "skipped"]
