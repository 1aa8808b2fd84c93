"""The report as JUnit XML, in the shape that Jenkins and GitLab read.

A test suite for each group of vectors, a test case for each case. ``fail`` is a failure, ``error`` and
``timeout`` are errors. What was not judged, a SHOULD that is not kept (``non-strict``) and a known failure
are skipped, with the verdict as message; a known failure that passes is a failure, because its list may only
shrink. So a build is red where 'dred conform' says so.
"""

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from dred_conformance.report.document import group_of
from dred_conformance.report.values import json_text, printable
from dred_conformance.report.wording import place_word
from dred_conformance.runner.verdict import Verdict

__all__ = ["junit_report"]

_ELEMENTS = {
    Verdict.FAIL: "failure",
    Verdict.ERROR: "error",
    Verdict.TIMEOUT: "error",
    Verdict.NON_STRICT: "skipped",
    Verdict.UNSUPPORTED: "skipped",
    Verdict.NOT_RUN: "skipped",
}
_MENDED = "failure"  # of a known failure that passes
_LONGEST_MESSAGE = 300
_LONGEST_VALUE = 2000


def _cut(text: object, length: int) -> str:
    shown = printable(str(text))
    return shown if len(shown) <= length else f"{shown[:length]}... ({len(shown)} characters)"


def _element_of(case: Mapping[str, Any]) -> str | None:
    found = _ELEMENTS.get(Verdict(case["verdict"]))
    if not case.get("known"):
        return found
    return _MENDED if found is None else "skipped"


def _details(case: Mapping[str, Any]) -> str:
    lines = [case["comment"], f"clauses: {', '.join(case['clauses'])}", case["reason"]]
    difference = case.get("difference")
    if difference is not None:
        bit = "" if difference["bit"] is None else f", bit {difference['bit']}"
        lines += [f"{place_word(case)} at {difference['path']}{bit}"]
        lines += [f"{name}: {json_text(difference[name])}" for name in ("expected", "actual")]
    if "input" in case:
        lines.append(f"request: {json_text({'op': case['op'], **case['input']})}")
    if case.get("stderr"):
        lines.append(f"stderr: {case['stderr']}")
    lines = [_cut(line, _LONGEST_VALUE) for line in lines]
    if "reproduce" in case:
        lines.append(printable(f"reproduce: {case['reproduce']}"))
    return "\n".join(lines)


def _test_case(suite: ElementTree.Element, case: Mapping[str, Any]) -> None:
    group = f"{case['stage']}.{group_of(case['id'])}"
    named = {"classname": _cut(group, 200), "name": _cut(case["id"], 200)}
    test = ElementTree.SubElement(suite, "testcase", named)
    element = _element_of(case)
    if element is None:
        return
    known = "known " if case.get("known") else ""
    reason = case["reason"] or "take it out of the list of known failures"
    message = _cut(f"{known}{case['verdict']}: {reason}", _LONGEST_MESSAGE)
    outcome = ElementTree.SubElement(test, element, message=message)
    if element != "skipped":
        outcome.set("type", case["verdict"])
    if case["verdict"] not in (Verdict.UNSUPPORTED, Verdict.NOT_RUN):
        outcome.text = _details(case)


def _counts(cases: list[Mapping[str, Any]]) -> dict[str, str]:
    elements = [_element_of(case) for case in cases]
    names = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    return {"tests": str(len(cases)), **{name: str(elements.count(kind)) for name, kind in names.items()}}


def _judged_on(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    if "streams" in report:
        return [("streams", str(len(report["streams"])))]
    vectors = report["vectors"]
    return [("vectors", vectors["version"]), ("manifest_sha256", vectors["manifest_sha256"])]


def junit_report(report: Mapping[str, Any]) -> str:
    """Return the JUnit XML of a report document."""
    adapter, seconds = report["adapter"], f"{report['summary']['seconds']:.3f}"
    name = _cut(f"DRED conformance of {adapter['name']} {adapter['version']}", 200)
    root = ElementTree.Element("testsuites", {"name": name, "time": seconds, **_counts(report["cases"])})
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for case in report["cases"]:
        groups.setdefault((case["stage"], group_of(case["id"])), []).append(case)
    for (stage, group), cases in groups.items():
        named = {"name": _cut(f"{stage}/{group}", 200), "time": "0"}  # only the whole run is timed
        suite = ElementTree.SubElement(root, "testsuite", {**named, **_counts(cases)})
        properties = ElementTree.SubElement(suite, "properties")
        for key, value in (("adapter", " ".join(adapter["command"])), *_judged_on(report)):
            ElementTree.SubElement(properties, "property", name=key, value=_cut(value, _LONGEST_VALUE))
        for case in cases:
            _test_case(suite, case)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'
