"""A case that kills nothing says what it is there for, and the rules that say it are all needed."""

from collections import Counter
from typing import Any

import pytest

from dred_conformance.data import data_folder
from dred_conformance.vectors.kills import (
    PublishedKills,
    differing_kills,
    kills_by_case,
    rewrite_kills,
    with_kills,
)
from dred_conformance.vectors.manifest import read_manifest
from dred_conformance.vectors.purposes import FALLBACK, RULES, purpose_of
from dred_conformance.vectors.strict_json import read_json

VECTORS = data_folder("vectors")
GROUPS = [read_json(VECTORS / name) for name in read_manifest(VECTORS).group_names]
CASES = [(group["group"], case) for group in GROUPS for case in group["cases"]]


def test_every_case_kills_or_has_the_purpose_of_the_rules() -> None:
    for group, case in CASES:
        wanted = None if case["kills"] else purpose_of(group, case)
        assert case.get("purpose") == wanted, case["id"]


def test_most_cases_kill_and_no_reason_is_idle() -> None:
    purposes = Counter(case["purpose"] for _, case in CASES if not case["kills"])
    assert purposes.total() < 0.15 * len(CASES)
    assert purposes[FALLBACK] < 0.1 * purposes.total()
    assert {rule.reason for rule in RULES} <= set(purposes)


def test_a_case_that_must_pass_does_not_claim_that_it_may_fail() -> None:
    for _, case in CASES:
        if case.get("strength") == "should":
            assert case["kills"] == [], case["id"]


def test_kills_are_carried_over_by_what_a_case_judges_by() -> None:
    known = PublishedKills(VECTORS)
    group, case = next(pair for pair in CASES if len(pair[1]["kills"]) > 1)
    bare = {name: value for name, value in case.items() if name != "kills"}
    assert known.carried(group, bare | {"comment": "other words", "kills": []})["kills"] == case["kills"]
    other: dict[str, Any] = bare | {"strength": "should", "kills": []}
    assert known.carried(group, other)["kills"] == []
    assert known.carried(group, other)["purpose"] == RULES[0].reason


def test_a_purpose_goes_when_kills_come() -> None:
    group, case = next(pair for pair in CASES if not pair[1]["kills"])
    assert "purpose" not in with_kills(group, case, ["b", "a"])
    assert list(with_kills(group, case, ["b", "a"]))[-1] == "kills"
    assert with_kills(group, case, ["b", "a"])["kills"] == ["a", "b"]
    assert with_kills(group, case, []) == case


def test_what_is_written_is_rewritten_only_where_it_differs() -> None:
    written = {case["id"]: case["kills"] for _, case in CASES}
    assert list(rewrite_kills(VECTORS, written)) == []
    assert differing_kills(VECTORS, written, set()) == []
    group, case = next(pair for pair in CASES if pair[1]["kills"])
    lost = written | {case["id"]: case["kills"][1:]}
    assert differing_kills(VECTORS, lost, set()) == [case["id"]]
    assert differing_kills(VECTORS, lost, {case["kills"][0]}) == []
    changed = [path.name for path, _ in rewrite_kills(VECTORS, lost)]
    assert changed == [f"{group}.json", "manifest.json"]


@pytest.mark.parametrize("matrices", [[], [{"bug": ["a"], "other": ["b", "a"]}]])
def test_the_matrix_is_turned_round(matrices: list[dict[str, list[str]]]) -> None:
    found = kills_by_case(["a", "b", "c"], matrices)
    assert found == {"a": ["bug", "other"] if matrices else [], "b": ["other"] if matrices else [], "c": []}
