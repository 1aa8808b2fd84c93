"""Which seeded bugs the failures of a decoder look like.

Every case lists the seeded bugs that it catches. A decoder that fails just the cases that catch a bug likely
has that bug, or one like it.
"""

from collections.abc import Sequence
from typing import Any

from dred_conformance.runner.campaign import CaseResult
from dred_conformance.runner.verdict import Verdict

__all__ = ["FAILED", "resembling_bugs"]

FAILED = frozenset({Verdict.FAIL, Verdict.NON_STRICT, Verdict.ERROR, Verdict.TIMEOUT})
_MOST = 8


def resembling_bugs(results: Sequence[CaseResult]) -> list[dict[str, Any]]:
    """Return the seeded bugs that resemble the failures most, best first.

    The score is the share of agreement (the F1 measure) between the failed cases and those that catch the
    bug, among the judged cases of the stages in which any case catches it: 1 if they are the same.
    """
    judged = [r for r in results if r.outcome.verdict in FAILED or r.outcome.verdict is Verdict.PASS]
    catching: dict[str, list[CaseResult]] = {}
    for result in judged:
        for bug in result.case.kills:
            catching.setdefault(bug, []).append(result)
    failed_by_stage: dict[str, int] = {}
    for result in judged:
        if result.outcome.verdict in FAILED:
            failed_by_stage[result.case.stage] = failed_by_stage.get(result.case.stage, 0) + 1
    found: list[dict[str, Any]] = []
    for bug, cases in catching.items():
        failed = sum(case.outcome.verdict in FAILED for case in cases)
        if failed:
            stages = {case.case.stage for case in cases}
            all_failed = sum(failed_by_stage.get(stage, 0) for stage in stages)
            score = 2 * failed / (len(cases) + all_failed)
            found.append({"bug": bug, "cases": len(cases), "failed": failed, "score": round(score, 4)})
    return sorted(found, key=lambda entry: (-entry["score"], entry["bug"]))[:_MOST]
