"""The verdicts of a case and what stands behind each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

__all__ = ["BAD", "CaseOutcome", "Difference", "Verdict"]


class Verdict(StrEnum):
    """How a case ended."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    NON_STRICT = "non-strict"
    UNSUPPORTED = "unsupported"
    ERROR = "error"
    TIMEOUT = "timeout"
    NOT_RUN = "not-run"


BAD = frozenset({Verdict.FAIL, Verdict.ERROR, Verdict.TIMEOUT, Verdict.NOT_RUN})


@dataclass(frozen=True)
class Difference:
    """The first place where an answer departs from what was expected.

    Attributes
    ----------
    path
        Where, such as ``latents[3][7]``.
    expected, actual
        The two values there.
    bit
        The bit of the source (packet, padding or payload) whose reading yields the value, where known.
    """

    path: str
    expected: Any
    actual: Any
    bit: int | None = None


@dataclass(frozen=True)
class CaseOutcome:
    """The verdict of one case with its reason.

    Attributes
    ----------
    not_reported
        Optional members of the expected result that the answer leaves out (nothing was compared there).
    figures
        Measured distances of a comparison by tolerance; None where a measure does not apply.
    stderr
        The end of what the adapter wrote to its standard error, where it had to be ended.
    """

    verdict: Verdict
    reason: str = ""
    difference: Difference | None = None
    answer: Any = None
    not_reported: tuple[str, ...] = field(default=())
    figures: Mapping[str, float | None] = field(default_factory=dict)
    stderr: str = ""
