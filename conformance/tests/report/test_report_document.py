"""The report document: it fits its schema, explains its ids, and holds nothing that JSON cannot."""

import copy
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema

from dred_conformance.report.case_entry import SHOWN_IN_FULL
from dred_conformance.report.document import MAPS_PER_GROUP, group_of, report_schema
from dred_conformance.report.values import LARGEST_DETAIL, printable, report_value, shortened
from dred_conformance.vectors.case import Case

CLAUSES = Path(__file__).parents[3] / "spec-notes" / "clauses"
Report = dict[str, Any]


def failures(report: Report) -> list[dict[str, Any]]:
    return [case for case in report["cases"] if case["verdict"] in SHOWN_IN_FULL]


def test_reports_fit_the_schema(wrong: Report, hostile: Report, right: Report) -> None:
    jsonschema.Draft202012Validator.check_schema(report_schema())
    for report in (wrong, hostile, right):
        jsonschema.validate(report, report_schema())


def test_every_stage_has_failures_with_bit_maps(wrong: Report) -> None:
    with_map = Counter(case["stage"] for case in failures(wrong) if "map" in case)
    assert set(with_map) == {"packet", "extension", "payload", "latent", "feature"}
    with_field = [case for case in failures(wrong) if case.get("map", {}).get("under") is not None]
    assert {case["op"] for case in with_field} >= {
        *("packet", "extension", "payload", "latent", "feature", "packet_write", "extension_write"),
        *("packet_pad", "payload_write"),
    }


def test_bit_maps_are_consistent_in_themselves(wrong: Report) -> None:
    for case in failures(wrong):
        if "map" not in case:
            continue
        found = case["map"]
        first, last = found["first_byte"], found["first_byte"] + len(found["hex"]) // 2
        assert last <= found["size"]
        for field in found["fields"]:  # range-coded fields may lie behind the end, where zeros are read
            if field["source"] in ("packet", "padding"):
                assert 0 <= field["start_bit"] <= field["start_bit"] + field["bits"] <= 8 * found["size"]
        if found["under"] is not None:
            assert 0 <= found["under"] < len(found["fields"])
        if found["bit"] is not None:
            assert 8 * first <= found["bit"] <= 8 * last
        if "difference" in case:
            assert case["difference"]["bit"] == found["bit"]


def test_only_the_first_failures_of_a_group_have_a_map(
    report_of: Callable[..., Report], published_cases: dict[str, Case]
) -> None:
    cases = [case for case in published_cases.values() if group_of(case.id) == "packet-padding"]
    report = report_of("padding_one_short", cases)
    bad = failures(report)
    assert len(bad) > MAPS_PER_GROUP
    assert ["map" in case for case in bad] == [n < MAPS_PER_GROUP for n in range(len(bad))]


def test_counts_by_clause_are_those_of_the_cases(wrong: Report) -> None:
    counted: dict[str, Counter[str]] = {}
    for case in wrong["cases"]:
        for clause in set(case["clauses"]):
            counted.setdefault(clause, Counter())[case["verdict"]] += 1
    assert wrong["clauses"] == counted


def test_the_report_explains_its_ids(wrong: Report) -> None:
    known = {clause["id"] for document in wrong["documents"] for clause in document["clauses"]}
    assert set(wrong["clauses"]) <= known
    assert len(wrong["documents"]) == len(list(CLAUSES.glob("*.toml"))) >= 6
    assert {flag for case in wrong["cases"] for flag in case["flags"]} == set(wrong["flags"])
    rules = {rule for case in failures(wrong) for rule in case.get("error", {}).get("rules", [])}
    assert rules <= set(wrong["rules"])


def test_a_report_of_before_the_new_members_still_fits(wrong: Report) -> None:
    old = copy.deepcopy(wrong)
    for name in ("bugs", "clauses", "resembles", "flags", "rules", "documents"):
        del old[name]
    for case in old["cases"]:
        case.pop("map", None)
        case.pop("strength", None)
    jsonschema.validate(old, report_schema())


def test_the_same_run_gives_the_same_report(report_of: Callable[..., Report], some_cases: list[Case]) -> None:
    cases = [case for case in some_cases if case.stage in ("packet", "extension", "payload")]
    first, second = report_of("everything", cases), report_of("everything", cases)
    for report in (first, second):
        report["summary"]["seconds"] = 0
    assert json.dumps(first) == json.dumps(second)


def test_numbers_that_json_lacks_become_text(
    report_of: Callable[..., Report], some_cases: list[Case]
) -> None:
    report = report_of("latents_not_finite", [case for case in some_cases if case.op == "latent"])
    assert '"actual": "nan"' in json.dumps(report, allow_nan=False)


def test_values_are_bounded() -> None:
    assert report_value({"a": [float("inf"), 1.5, None]}) == {"a": ["inf", 1.5, None]}
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    assert "(nested too deep)" in json.dumps(report_value(deep))
    assert shortened("short") == "short"
    long = shortened("x" * 100_000)
    assert isinstance(long, str)
    assert len(long) < LARGEST_DETAIL + 100
    assert "100002 characters" in long
    assert printable("a\x00\x1b[31m\ud800\t\n\u2028é") == "a\\u0000\\u001b[31m\\ud800\t\n\u2028é"
