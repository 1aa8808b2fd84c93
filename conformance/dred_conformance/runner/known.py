"""What a run says about the list of known failures."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from dred_conformance.runner.verdict import BAD, CaseOutcome, Verdict
from dred_conformance.vectors.case import Case

__all__ = ["KnownFailures", "compare_with_known"]

_NO_FAILURE = frozenset({Verdict.PASS, Verdict.NON_STRICT})
_FAILURE = BAD - {Verdict.NOT_RUN}


@dataclass(frozen=True)
class KnownFailures:
    """The known failures as a run found them; each of them in the order of the vectors.

    Attributes
    ----------
    failed
        Known, and failed again.
    new
        Failed, and not known.
    mended
        Known, but did not fail: to be taken out of the list.
    unknown
        On the list, but no case of the vectors: to be taken out, too.
    unjudged
        Known and selected, but not judged in this run.
    is_updated
        Whether the list has lost meanwhile what it must lose.
    """

    failed: tuple[str, ...]
    new: tuple[str, ...]
    mended: tuple[str, ...]
    unknown: tuple[str, ...]
    unjudged: tuple[str, ...]
    is_updated: bool = False

    @property
    def removable(self) -> tuple[str, ...]:
        """What the list must lose."""
        return (*self.mended, *self.unknown)

    @property
    def is_stale(self) -> bool:
        """Whether the list is longer than it may be."""
        return bool(self.removable) and not self.is_updated


def compare_with_known(
    known: Collection[str], judged: Sequence[tuple[Case, CaseOutcome]], existing: Collection[str]
) -> KnownFailures:
    """Compare the outcomes of a run with the known failures.

    Parameters
    ----------
    known
        The ids on the list.
    judged
        The selected cases with their outcomes.
    existing
        The ids of all cases of the vectors, selected or not.
    """

    def ids(verdicts: Collection[Verdict], *, are_known: bool) -> tuple[str, ...]:
        return tuple(
            case.id
            for case, outcome in judged
            if outcome.verdict in verdicts and (case.id in known) is are_known
        )

    return KnownFailures(
        failed=ids(_FAILURE, are_known=True),
        new=ids(_FAILURE, are_known=False),
        mended=ids(_NO_FAILURE, are_known=True),
        unknown=tuple(sorted(set(known) - set(existing))),
        unjudged=ids({Verdict.UNSUPPORTED, Verdict.NOT_RUN}, are_known=True),
    )
