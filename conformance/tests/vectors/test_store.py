"""The published folder is whole, in form, and damage to it is noticed."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dred_conformance.data import checkout_root, data_folder
from dred_conformance.protocol.operations import OPERATIONS, STAGES
from dred_conformance.release.checking import release_problems
from dred_conformance.vectors.canonical import canonical_json, case_id, compact_json
from dred_conformance.vectors.store import VectorError, VectorStore
from dred_conformance.vectors.verification import vector_problems

RULES = [*(f"R{n}" for n in range(1, 8)), *(f"B{n}" for n in range(1, 4)), *(f"E{n}" for n in range(1, 6))]
RULES += ["D1", "D2", "W1", "W2"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(), inner, max_size=6),
    max_leaves=60,
)


def test_the_published_vectors_verify() -> None:
    assert [str(problem) for problem in release_problems(data_folder("vectors"))] == []


def test_every_flag_of_a_case_is_explained_and_every_explained_flag_is_used() -> None:
    explained = set(json.loads((data_folder("vectors") / "flags.json").read_text(encoding="utf-8")))
    used = {
        flag
        for group in VectorStore(data_folder("vectors")).groups()
        for case in group.cases
        for flag in case.flags
    }
    assert used == explained


def test_every_operation_has_cases_and_both_verdicts() -> None:
    seen: dict[str, set[str]] = {}
    for group in VectorStore(data_folder("vectors")).groups():
        for case in group.cases:
            seen.setdefault(case.op, set()).add(case.result)
    assert set(seen) == set(OPERATIONS)
    one_sided = {op: results for op, results in seen.items() if results != {"valid", "invalid"}}
    assert one_sided == {"receiver": {"valid"}}  # what a receiver cannot read does not count


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_case_that_only_it_explains(rule: str) -> None:
    wanted = {
        case.error.rules
        for group in VectorStore(data_folder("vectors")).groups()
        for case in group.cases
        if case.error is not None
    }
    assert (rule,) in wanted


def test_a_changed_file_is_named(vectors: Path) -> None:
    store = VectorStore(vectors)
    victim = store.group_paths()[0]
    victim.write_text(
        victim.read_text(encoding="utf-8").replace('"valid"', '"acceptable"', 1), encoding="utf-8"
    )
    assert any(victim.name in problem for problem in map(str, vector_problems(vectors)))
    with pytest.raises(VectorError, match=r"SHA-256"):
        list(store.groups())


def test_a_missing_and_a_foreign_file_are_named(vectors: Path) -> None:
    store = VectorStore(vectors)
    missing = store.group_paths()[1]
    missing.unlink()
    (vectors / "packet" / "foreign.json").write_text("{}", encoding="utf-8")
    problems = "\n".join(map(str, vector_problems(vectors)))
    assert missing.name in problems
    assert "foreign.json" in problems


def test_a_manifest_that_is_none_is_an_error(vectors: Path) -> None:
    (vectors / "manifest.json").write_text('{"format": "something else"}', encoding="utf-8")
    with pytest.raises(VectorError, match=r"manifest\.json"):
        VectorStore(vectors)
    (vectors / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(VectorError, match="no JSON of vectors"):
        VectorStore(vectors)


def test_no_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(VectorError, match="is this a vector folder"):
        VectorStore(tmp_path)


def test_stages_are_those_of_the_ladder() -> None:
    stages = [group.stage for group in VectorStore(data_folder("vectors")).groups()]
    assert stages == sorted(stages, key=STAGES.index)


@given(JSON)
def test_the_canonical_form_is_json_of_the_same_meaning_and_stable(value: object) -> None:
    text = canonical_json(value)
    assert json.loads(text) == value
    assert canonical_json(json.loads(text)) == text


@given(st.dictionaries(st.text(min_size=1), JSON, max_size=5))
def test_ids_do_not_depend_on_the_order_of_members(case_input: dict[str, object]) -> None:
    turned = dict(reversed(list(case_input.items())))
    assert compact_json(case_input) == compact_json(turned)
    assert case_id("group", case_input) == case_id("group", turned)


def test_the_vectors_stay_below_30_megabytes() -> None:
    total = sum(path.stat().st_size for path in data_folder("vectors").rglob("*") if path.is_file())
    assert total < 30_000_000, f"{total} bytes"


def test_the_licence_beside_the_vectors_is_that_of_the_project() -> None:
    root = checkout_root()
    if root is None:
        pytest.skip("no checkout: the licence lies in the package's metadata")
    assert (root / "vectors" / "LICENSE").read_bytes() == (root / "LICENSE").read_bytes()
