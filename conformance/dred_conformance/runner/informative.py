"""What an informative case may cost a decoder: nothing."""

from dataclasses import replace

from dred_conformance.runner.verdict import BAD, CaseOutcome, Verdict
from dred_conformance.vectors.case import Case

__all__ = ["as_demanded"]

_FORGIVEN = BAD - {Verdict.NOT_RUN}


def as_demanded(case: Case, outcome: CaseOutcome) -> CaseOutcome:
    """Return the outcome of a case as its strength has it.

    Vocoders and receivers are a decoder's own affair. Where one of them differs from ours, breaks the
    protocol or crashes, that is told as ``non-strict``, and the decoder conforms as it did before.
    """
    if case.strength != "informative" or outcome.verdict not in _FORGIVEN:
        return outcome
    said = "informative" if outcome.verdict is Verdict.FAIL else f"informative ({outcome.verdict})"
    return replace(outcome, verdict=Verdict.NON_STRICT, reason=f"{said}: {outcome.reason}")
