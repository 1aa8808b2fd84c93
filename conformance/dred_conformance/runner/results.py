"""The results of a run of one adapter over a list of cases."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from dred_conformance.runner.declaration import Declaration
from dred_conformance.runner.known import KnownFailures, compare_with_known
from dred_conformance.runner.verdict import BAD, CaseOutcome, Verdict
from dred_conformance.vectors.case import Case

__all__ = ["Campaign", "CaseResult", "results_of"]


@dataclass(frozen=True)
class CaseResult:
    """A case with its outcome.

    Attributes
    ----------
    known
        Whether it is on the list of known failures; the verdict is the same with and without.
    """

    case: Case
    outcome: CaseOutcome
    known: bool = False

    @property
    def is_new_failure(self) -> bool:
        """Whether it is bad, more than informative, and nobody knew."""
        return self.outcome.verdict in BAD and self.case.strength != "informative" and not self.known


@dataclass(frozen=True)
class Campaign:
    """All results of a run, in the order of the vectors.

    Attributes
    ----------
    signal
        The signal that ended the run early, if one did.
    known_failures
        What the run says about the list of known failures, if there is one.
    """

    command: tuple[str, ...]
    declaration: Declaration
    results: tuple[CaseResult, ...]
    seconds: float
    signal: int | None = None
    known_failures: KnownFailures | None = None

    @property
    def counts(self) -> Counter[Verdict]:
        """How many cases ended with each verdict."""
        return Counter(result.outcome.verdict for result in self.results)

    @property
    def executed(self) -> int:
        """How many cases the adapter was really judged on."""
        counts = self.counts
        return sum(counts.values()) - counts[Verdict.UNSUPPORTED] - counts[Verdict.NOT_RUN]

    @property
    def exit_code(self) -> int:
        """What the process that made the run returns.

        0: every MUST passed that is no known failure; 1: something failed, or the list of known failures is
        too long; 2: nothing was judged; 128 and the number of the signal: the run was interrupted.
        """
        if self.signal is not None:
            return 128 + self.signal
        if any(result.is_new_failure for result in self.results):
            return 1
        if self.known_failures is not None and self.known_failures.is_stale:
            return 1
        return 0 if self.executed else 2

    def compared_with(self, known: Collection[str], existing: Collection[str]) -> "Campaign":
        """Return the campaign with what it says about known failures.

        Parameters
        ----------
        known
            The ids on the list.
        existing
            The ids of all cases of the vectors, selected or not.
        """
        results = tuple(replace(result, known=result.case.id in known) for result in self.results)
        found = compare_with_known(known, [(each.case, each.outcome) for each in results], existing)
        return replace(self, results=results, known_failures=found)


def results_of(
    cases: Sequence[Case], outcomes: Mapping[int, CaseOutcome], known: Collection[str], reason: str
) -> tuple[CaseResult, ...]:
    """Return one result for each case; what has no outcome was not run for the given reason."""
    missing = CaseOutcome(Verdict.NOT_RUN, reason)
    return tuple(
        CaseResult(case, outcomes.get(index, missing), case.id in known) for index, case in enumerate(cases)
    )
