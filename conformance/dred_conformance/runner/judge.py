"""Turns one answer of an adapter into a verdict."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dred_conformance.protocol.operations import INFORMATIVE_STAGES
from dred_conformance.protocol.validation import answer_problem, required_members
from dred_conformance.runner.compare import first_difference, missing_members
from dred_conformance.runner.features import judge_features
from dred_conformance.runner.sound import judge_sound
from dred_conformance.runner.verdict import CaseOutcome, Difference, Verdict
from dred_conformance.vectors.case import Case, ExpectedError

__all__ = ["judge"]

_ERROR_MEMBERS = frozenset({"rule", "stage", "position", "message", "extensions"})


def judge(case: Case, answer: Any, *, op_is_declared: bool) -> CaseOutcome:
    """Judge an answer whose ``seq`` is right.

    Parameters
    ----------
    case
        What was asked.
    answer
        The decoded JSON line.
    op_is_declared
        Whether the adapter promised the operation; then ``unsupported`` is a broken promise.

    Returns
    -------
    CaseOutcome
        ``error`` for an answer that does not fit the protocol, else the verdict on its content.
    """
    if (
        isinstance(answer, dict)
        and "result" in answer
        and "error" not in answer
        and "unsupported" not in answer
    ):
        return _judge_result(case, answer)
    if _is_right_error(case, answer):
        return _judge_error(case, answer)
    problem = answer_problem(case.op, answer)
    if problem is not None:
        return _misfit(problem, None, answer)
    if "unsupported" in answer:
        if op_is_declared:
            return _failure(case, f"declared, then refused: {answer['unsupported']}", None, answer)
        return CaseOutcome(Verdict.UNSUPPORTED, answer["unsupported"])
    return _judge_error(case, answer)


def _is_right_error(case: Case, answer: Any) -> bool:
    """Return whether an answer is one of the expected errors, in the right shape; then it needs no schema."""
    if case.error is None or not isinstance(answer, dict) or answer.keys() != {"seq", "error"}:
        return False
    error = answer["error"]
    return (
        isinstance(error, dict)
        and error.keys() <= _ERROR_MEMBERS
        and error.get("rule") in case.error.rules
        and isinstance(error.get("stage"), str)
        and isinstance(error.get("message"), str)
        and _is_position(error.get("position"))
        and ("extensions" not in error or _are_extensions(error["extensions"], case.error))
    )


def _is_position(value: Any) -> bool:
    return value is None or (type(value) is int and value >= 0)


def _are_extensions(value: Any, wanted: ExpectedError) -> bool:
    if wanted.extensions is None:
        return False
    return first_difference("extension", list(wanted.extensions), value) is None


def _misfit(problem: str, difference: Difference | None, answer: Any) -> CaseOutcome:
    return CaseOutcome(Verdict.ERROR, f"the answer does not fit the protocol: {problem}", difference, answer)


def _failure(case: Case, reason: str, difference: Difference | None, answer: Any) -> CaseOutcome:
    verdict = Verdict.NON_STRICT if case.strength == "should" else Verdict.FAIL
    return CaseOutcome(verdict, reason, difference, answer)


def _judge_result(case: Case, answer: dict[str, Any]) -> CaseOutcome:
    actual = answer["result"]
    if case.result == "invalid":
        problem = answer_problem(case.op, answer)
        if problem is not None:
            return _misfit(problem, None, answer)
        rules = "/".join(case.error.rules if case.error is not None else ())
        return _failure(case, f"accepted, but must be rejected ({rules})", None, answer)
    required = required_members(case.op) | frozenset({"frame"})
    skipped = missing_members(case.expected, actual, required)
    figures: Mapping[str, float | None] = {}
    if case.op == "feature":
        difference, reason, figures = judge_features(case, actual, skipped)
    elif case.stage in INFORMATIVE_STAGES:
        difference, reason, figures = judge_sound(case, actual, skipped)
    else:
        difference = first_difference(case.op, case.expected, actual, skipped)
        reason = "" if difference is None else f"wrong result at {difference.path}"
    if difference is None:
        return CaseOutcome(Verdict.PASS, not_reported=skipped, figures=figures)
    # Only a wrong result is checked against the schema: a right one has the right shape by itself.
    problem = answer_problem(case.op, answer)
    if problem is not None:
        return _misfit(problem, difference, answer)
    return replace(_failure(case, reason, difference, answer), figures=figures)


def _judge_error(case: Case, answer: dict[str, Any]) -> CaseOutcome:
    error = answer["error"]
    if case.result == "valid" or case.error is None:
        said = error.get("rule", "no rule given")
        return _failure(case, f"rejected ({said}: {error['message']}), but must be accepted", None, answer)
    return _judge_rejection(case, case.error, error, answer)


def _judge_rejection(case: Case, wanted: ExpectedError, error: dict[str, Any], answer: Any) -> CaseOutcome:
    not_reported = []
    rule = error.get("rule")
    if rule is None:
        not_reported.append("error.rule")
    elif rule not in wanted.rules:
        difference = Difference("error.rule", " or ".join(wanted.rules), rule)
        return _failure(case, "rejected for another reason", difference, answer)
    position = error.get("position")
    if wanted.position is not None:
        if position is None:
            not_reported.append("error.position")
        elif position != wanted.position:
            difference = Difference("error.position", wanted.position, position)
            return _failure(case, "rejected at another place", difference, answer)
    if wanted.extensions is not None:
        if "extensions" not in error:
            not_reported.append("error.extensions")
        else:
            difference_found = first_difference(case.op, list(wanted.extensions), error["extensions"])
            if difference_found is not None:
                return _failure(case, "other extensions before the error", difference_found, answer)
    return CaseOutcome(Verdict.PASS, not_reported=tuple(not_reported))
