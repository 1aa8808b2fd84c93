"""The words of a report that all its forms share."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dred_conformance.protocol.operations import INFORMATIVE_STAGES
from dred_conformance.runner.verdict import Verdict

__all__ = ["BAD_VERDICTS", "VerdictWords", "place_word", "unjudged_reasons", "verdict_of"]

BAD_VERDICTS = (Verdict.FAIL, Verdict.ERROR, Verdict.TIMEOUT)
_UNJUDGED = frozenset({Verdict.UNSUPPORTED.value, Verdict.NOT_RUN.value})


@dataclass(frozen=True)
class VerdictWords:
    """The verdict of a whole run.

    Attributes
    ----------
    kind
        ``good``, ``bad``, or ``none`` for neither.
    word
        What to remember.
    sentence
        What was judged.
    advice
        Where to begin, or what was left out; may be empty.
    """

    kind: str
    word: str
    sentence: str
    advice: str


def _bad(counts: Mapping[str, int]) -> int:
    return sum(counts.get(verdict.value, 0) for verdict in BAD_VERDICTS)


def _stages_without_verdict(report: Mapping[str, Any]) -> list[str]:
    """Return the selected stages of which no case was judged."""
    return [stage for stage, counts in report["stages"].items() if not set(counts) - _UNJUDGED]


def _informative_remarks(report: Mapping[str, Any]) -> list[str]:
    """Return what to say of stages that cost nothing, where a decoder differs from this one."""
    stages = report["stages"]
    differing = {
        stage: stages[stage].get(Verdict.NON_STRICT.value, 0)
        for stage in INFORMATIVE_STAGES
        if stage in stages
    }
    named = [stage for stage, count in differing.items() if count]
    if not named:
        return []
    what, where = _count(sum(differing.values()), "case"), " and ".join(named)
    return [f"{what} of {where} came out otherwise, which counts for nothing: these stages are informative."]


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def verdict_of(report: Mapping[str, Any]) -> VerdictWords:
    """Return the verdict of a report in words."""
    summary = report["summary"]
    counts, code = summary["verdicts"], summary["exit_code"]
    baseline = summary.get("baseline", {})
    known = len(baseline.get("failed", []))
    judged = f"{summary['executed']:,} of {sum(counts.values()):,} cases judged in {summary['seconds']:.2f} s"
    if code == 0 and known:
        return VerdictWords("none", "No new failure", f"{_count(known, 'known failure')}: {judged}.", "")
    if code == 0:
        silent = _stages_without_verdict(report)
        remarks = [f"Nothing was judged of {', '.join(silent)}."] if silent else []
        advice = " ".join([*_informative_remarks(report), *remarks])
        return VerdictWords("good", "Conforms", f"Every MUST that was judged passed: {judged}.", advice)
    if code == 2:
        return VerdictWords("none", "Nothing was judged", f"{judged}.", "")
    failed = _bad(counts)
    parts = [f"{failed:,} failed" + (f" ({known:,} of them known)" if known else "")]
    if counts.get(Verdict.NOT_RUN.value):
        parts.append(f"{counts[Verdict.NOT_RUN.value]:,} were not run")
    sentence = f"{', '.join(parts)}: {judged}."
    if code != 1:
        return VerdictWords("bad", "Interrupted", sentence, "The run was ended before all cases were asked.")
    stale = len(baseline.get("mended", [])) + len(baseline.get("unknown", []))
    if stale and failed == known:
        advice = "Take them out of the list: dred conform --baseline FILE --baseline-update."
        said = f"{_count(stale, 'entry').replace('entrys', 'entries')} of the list of known failures"
        return VerdictWords("bad", "Known failures to take out", f"{said} fail no more; {sentence}", advice)
    first = next((stage for stage, found in report["stages"].items() if _bad(found)), None)
    advice = ""
    if first is not None and len(report["stages"]) > 1:
        advice = f"Begin with stage {first}: the stages behind it build on what it yields."
    return VerdictWords("bad", "Does not conform", sentence, advice)


def place_word(case: Mapping[str, Any]) -> str:
    """Return what the place of a failed case is: what has a tolerance is judged as a whole, not in turn."""
    figures = case.get("figures", {})
    return "largest error" if "total" in figures or "err4" in figures else "first difference"


def unjudged_reasons(report: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    """Return why cases were not judged: verdict, reason, and how many cases; the most frequent first."""
    verdicts = (Verdict.UNSUPPORTED, Verdict.NOT_RUN)
    found = Counter(
        (case["verdict"], case["reason"]) for case in report["cases"] if case["verdict"] in verdicts
    )
    return [(verdict, reason, count) for (verdict, reason), count in found.most_common()]
