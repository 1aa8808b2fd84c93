"""Whatever an adapter answers, there is a verdict, a report can hold it, and only what is right passes."""

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dred_conformance.data import data_folder
from dred_conformance.protocol.operations import OPERATIONS
from dred_conformance.runner.judge import judge
from dred_conformance.runner.verdict import Verdict
from dred_conformance.runner.wording import finite, plain
from dred_conformance.vectors.arrays import unresolved
from dred_conformance.vectors.case import Case
from dred_conformance.vectors.store import VectorStore

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(10**300, 10**301)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=20)
    | st.sampled_from(["", "AAAA", "AAAAAA==", "AADAfw==", "00ff", "0", "R1", "packet"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)


@cache
def one_case_of_each_kind() -> dict[tuple[str, str], Case]:
    kinds: dict[tuple[str, str], Case] = {}
    for group in VectorStore(data_folder("vectors")).groups():
        for case in group.cases:
            kinds.setdefault((case.op, case.result), case)
    return kinds


def changed(data: st.DataObject, right: Any) -> Any:
    """Return a right result with one part replaced by something else."""
    if isinstance(right, dict) and right and data.draw(st.booleans()):
        name = data.draw(st.sampled_from(sorted(right)))
        return right | {name: changed(data, right[name])}
    if isinstance(right, list) and right and data.draw(st.booleans()):
        index = data.draw(st.integers(0, len(right) - 1))
        return [*right[:index], changed(data, right[index]), *right[index + 1 :]]
    return data.draw(VALUES)


@pytest.mark.parametrize("op", sorted(OPERATIONS))
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_answer_has_a_verdict_that_a_report_can_hold(op: str, data: st.DataObject) -> None:
    kinds = {kind: case for kind, case in one_case_of_each_kind().items() if kind[0] == op}
    if not kinds:
        pytest.skip(f"no vector of operation {op} yet")
    case = data.draw(st.sampled_from(list(kinds.values())))
    members = data.draw(
        st.sampled_from(["result", "error", "unsupported"]).flatmap(
            lambda name: st.fixed_dictionaries({name: VALUES})
        )
        | st.dictionaries(st.sampled_from(["result", "error", "unsupported", "more"]), VALUES)
        | st.builds(lambda: {"result": changed(data, unresolved(case.expected))})
    )
    outcome = judge(case, {"seq": 1, **members}, op_is_declared=data.draw(st.booleans()))
    assert outcome.verdict in Verdict
    assert (outcome.verdict == Verdict.PASS) == (not outcome.reason)
    if outcome.difference is not None:
        json.dumps([unresolved(outcome.difference.expected), finite(outcome.difference.actual)])
    assert plain(outcome.reason).isprintable()
    json.dumps(outcome.answer, allow_nan=False)


@given(VALUES)
def test_what_is_no_object_is_an_error(answer: Any) -> None:
    case = one_case_of_each_kind()["packet", "valid"]
    if not isinstance(answer, dict):
        assert judge(case, answer, op_is_declared=True).verdict == Verdict.ERROR


@given(st.text(st.characters(), max_size=50), st.integers(1, 40))
def test_text_of_an_adapter_becomes_one_plain_line(text: str, longest: int) -> None:
    made = plain(text, longest)
    assert made.isprintable()
    made.encode("utf-8")
    if text.isprintable() and len(text) <= longest:
        assert made == text
