"""Which seeded bug the failures look like."""

from dred_conformance.mutants.catalogue import load_mutants
from dred_conformance.report.catalogue import bug_explanations
from dred_conformance.report.resemblance import resembling_bugs
from dred_conformance.runner.campaign import CaseResult
from dred_conformance.runner.verdict import CaseOutcome, Verdict
from dred_conformance.vectors.case import Case


def result(number: int, verdict: Verdict, *kills: str, stage: str = "packet") -> CaseResult:
    fixed = ("c", ("RFC6716-3.1-toc",), (), stage, "packet", {}, "valid", None, None, "must", "constructed")
    return CaseResult(Case(f"g-{number:08x}", *fixed, kills), CaseOutcome(verdict))


def test_a_bug_caught_by_just_the_failing_cases_is_wholly_alike() -> None:
    results = [
        result(0, Verdict.FAIL, "off-by-one", "wide"),
        result(1, Verdict.ERROR, "off-by-one", "wide"),
        result(2, Verdict.PASS, "wide", "other"),
        result(3, Verdict.PASS, "wide"),
    ]
    first, second = resembling_bugs(results)
    assert first == {"bug": "off-by-one", "cases": 2, "failed": 2, "score": 1.0}
    assert (second["bug"], second["cases"], second["failed"]) == ("wide", 4, 2)
    assert second["score"] < 1


def test_failures_of_stages_where_a_bug_is_not_caught_do_not_count_against_it() -> None:
    results = [result(0, Verdict.FAIL, "a"), result(1, Verdict.FAIL, stage="payload")]
    assert resembling_bugs(results)[0]["score"] == 1.0


def test_what_was_not_judged_says_nothing() -> None:
    results = [
        result(0, Verdict.UNSUPPORTED, "a"),
        result(1, Verdict.NOT_RUN, "a"),
        result(2, Verdict.PASS, "a"),
    ]
    assert resembling_bugs(results) == []


def test_the_mistake_behind_a_bug_is_told() -> None:
    mutant = load_mutants()[0]
    assert bug_explanations({mutant.id, "no-such-bug"}) == {mutant.id: mutant.mistake}
    assert mutant.mistake
    assert bug_explanations(()) == {}
