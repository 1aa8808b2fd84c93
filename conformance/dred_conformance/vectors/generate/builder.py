"""Collects the cases of one group; expected values come from the caller or from agreement, never silently."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dred_conformance.protocol.operations import INFORMATIVE_STAGES
from dred_conformance.vectors.canonical import compact_json

__all__ = ["CaseDraft", "GroupBuilder"]


@dataclass(frozen=True)
class CaseDraft:
    """A case before the implementations have been heard.

    Attributes
    ----------
    expected
        ``None`` for a case whose expected result is what both implementations say.
    """

    comment: str
    clauses: tuple[str, ...]
    flags: tuple[str, ...]
    input: dict[str, Any]
    result: str
    expected: Any
    error: dict[str, Any] | None
    strength: str


@dataclass
class GroupBuilder:
    """A group under construction."""

    name: str
    stage: str
    description: str
    drafts: list[CaseDraft] = field(default_factory=list)

    @property
    def _strength(self) -> str:
        return "informative" if self.stage in INFORMATIVE_STAGES else "must"

    def valid(
        self,
        comment: str,
        clauses: Sequence[str],
        case_input: Mapping[str, Any],
        expected: Any,
        *,
        flags: Sequence[str] = (),
        strength: str | None = None,
    ) -> None:
        """Add a case whose result is known from the way its input was built.

        Members of ``expected`` that are missing here (a coder's final range, say) are filled in by agreement.
        """
        draft = CaseDraft(
            comment,
            tuple(clauses),
            tuple(flags),
            dict(case_input),
            "valid",
            expected,
            None,
            strength or self._strength,
        )
        self.drafts.append(draft)

    def agreed(
        self,
        comment: str,
        clauses: Sequence[str],
        case_input: Mapping[str, Any],
        *,
        flags: Sequence[str] = (),
    ) -> None:
        """Add a case that must be accepted, with the result on which both implementations agree."""
        self.valid(comment, clauses, case_input, None, flags=flags)

    def agreed_or_refused(
        self,
        comment: str,
        clauses: Sequence[str],
        case_input: Mapping[str, Any],
        rule: str,
        *,
        flags: Sequence[str] = (),
    ) -> None:
        """Add a case that both implementations must either accept alike or refuse by ``rule``."""
        error = {"rules": [rule]}
        draft = CaseDraft(
            comment, tuple(clauses), tuple(flags), dict(case_input), "agreed", None, error, self._strength
        )
        self.drafts.append(draft)

    def invalid(
        self,
        comment: str,
        clauses: Sequence[str],
        case_input: Mapping[str, Any],
        *rules: str,
        position: int | None = None,
        extensions: Sequence[Mapping[str, Any]] | None = None,
        flags: Sequence[str] = ("rejection",),
    ) -> None:
        """Add a case that must be rejected for one of ``rules``."""
        error: dict[str, Any] = {"rules": list(rules)}
        if position is not None:
            error["position"] = position
        if extensions is not None:
            error["extensions"] = [dict(extension) for extension in extensions]
        draft = CaseDraft(
            comment, tuple(clauses), tuple(flags), dict(case_input), "invalid", None, error, self._strength
        )
        self.drafts.append(draft)

    def drop_repeats(self) -> None:
        """Keep the first of equal inputs: a model that codes little has few payloads."""
        first: dict[str, CaseDraft] = {}
        for draft in self.drafts:
            first.setdefault(compact_json(draft.input), draft)
        self.drafts = list(first.values())
