"""One case with its outcome as the report holds it: short if it passed, in full if it did not."""

from pathlib import Path
from typing import Any

from dred_conformance.report.bit_map import bit_map
from dred_conformance.report.values import report_value, shortened
from dred_conformance.runner.campaign import CaseResult
from dred_conformance.runner.verdict import Verdict
from dred_conformance.vectors.arrays import unresolved
from dred_conformance.vectors.case import ExpectedError

__all__ = ["SHOWN_IN_FULL", "case_entry"]

SHOWN_IN_FULL = frozenset({Verdict.FAIL, Verdict.NON_STRICT, Verdict.ERROR, Verdict.TIMEOUT})


def _error(error: ExpectedError) -> dict[str, Any]:
    data: dict[str, Any] = {"rules": list(error.rules)}
    if error.position is not None:
        data["position"] = error.position
    if error.extensions is not None:
        data["extensions"] = list(error.extensions)
    return data


def _short(result: CaseResult) -> dict[str, Any]:
    case, outcome = result.case, result.outcome
    data: dict[str, Any] = {
        "id": case.id,
        "stage": case.stage,
        "op": case.op,
        "clauses": list(case.clauses),
        "flags": list(case.flags),
        "comment": case.comment,
        "verdict": outcome.verdict.value,
        "reason": shortened(outcome.reason),
    }
    if result.known:
        data["known"] = True
    if outcome.stderr:
        data["stderr"] = outcome.stderr
    if outcome.not_reported:
        data["not_reported"] = list(outcome.not_reported)
    if outcome.figures:
        data["figures"] = dict(outcome.figures)
    return data


def case_entry(result: CaseResult, reproduce: str, vectors: Path, *, with_map: bool) -> dict[str, Any]:
    """Return the entry of a case.

    Parameters
    ----------
    result
        The case and its outcome.
    reproduce
        The command that repeats the run, without the selection.
    vectors
        The folder of the vectors.
    with_map
        Whether a case that did not pass gets the bit map of its input.
    """
    case, outcome = result.case, result.outcome
    data = _short(result)
    if outcome.verdict not in SHOWN_IN_FULL:
        return data
    data["strength"] = case.strength
    if case.kills:
        data["kills"] = list(case.kills)
    found = bit_map(case, outcome.difference, vectors) if with_map else None
    if outcome.difference is not None:
        bit = outcome.difference.bit
        data["difference"] = {
            "path": shortened(outcome.difference.path),
            "expected": shortened(unresolved(outcome.difference.expected)),
            "actual": shortened(outcome.difference.actual),
            "bit": found["bit"] if bit is None and found is not None else bit,
        }
    if found is not None:
        data["map"] = found
    data["input"] = dict(case.input)
    if case.error is None:
        data["expected"] = report_value(unresolved(case.expected))
    else:
        data["error"] = _error(case.error)
    data["answer"] = shortened(outcome.answer)
    data["reproduce"] = f"{reproduce} --id {case.id}"
    return data
