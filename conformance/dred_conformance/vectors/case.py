"""One case and one group of cases, as read from a vector file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dred_conformance.vectors.arrays import resolved

__all__ = ["Case", "ExpectedError", "Group"]


@dataclass(frozen=True)
class ExpectedError:
    """A structural rejection: any of the rules will do, because a text may name two for one fault."""

    rules: tuple[str, ...]
    position: int | None = None
    extensions: tuple[Mapping[str, Any], ...] | None = None


@dataclass(frozen=True)
class Case:
    """One vector.

    Attributes
    ----------
    id
        Given by the tool from the group's name and the hash of the input.
    result
        ``valid`` (must be accepted with ``expected``), ``invalid`` (must be rejected with ``error``) or
        ``acceptable`` (either will do).
    strength
        ``must``, ``should`` or ``informative``: a failed ``should`` counts as ``non-strict``, and so does
        whatever goes wrong in an ``informative`` case, all of ``audio`` and ``receiver``.
    basis
        How the expected value was obtained: ``constructed`` (known before any decoder ran, from the way the
        input was built or by hand), ``agreed`` (both implementations, written apart, said the same) or
        ``computed`` (by the float64 profile of the reference, which the fixed-point features bear out).
    kills
        The seeded bugs of its stage that this case detects; computed, never typed.
    """

    id: str
    comment: str
    clauses: tuple[str, ...]
    flags: tuple[str, ...]
    stage: str
    op: str
    input: Mapping[str, Any]
    result: str
    expected: Any
    error: ExpectedError | None
    strength: str
    basis: str
    kills: tuple[str, ...]

    @property
    def model(self) -> str | None:
        """The model that the case needs, if any."""
        return self.input.get("model")

    @property
    def wire(self) -> str | None:
        """The wire profile that the case needs, if any."""
        return self.input.get("wire")

    def request(self, seq: int) -> dict[str, Any]:
        """Return the protocol request of this case."""
        return {"seq": seq, "op": self.op, **self.input}

    @classmethod
    def from_json(cls, stage: str, data: Mapping[str, Any], folder: Path) -> "Case":
        """Build a case from its (schema-checked) JSON form; ``folder`` holds the arrays of its group."""
        error = data.get("error")
        inputs = dict(data["input"])
        return cls(
            id=data["id"],
            comment=data["comment"],
            clauses=tuple(data["clauses"]),
            flags=tuple(data["flags"]),
            stage=stage,
            op=inputs.pop("op"),
            input=inputs,
            result=data["result"],
            expected=resolved(data.get("expected"), folder),
            error=None
            if error is None
            else ExpectedError(
                tuple(error["rules"]),
                error.get("position"),
                None if "extensions" not in error else tuple(error["extensions"]),
            ),
            strength=data.get("strength", "must"),
            basis=data["basis"],
            kills=tuple(data["kills"]),
        )


@dataclass(frozen=True)
class Group:
    """A file of cases about one subject of one stage."""

    name: str
    stage: str
    description: str
    cases: tuple[Case, ...]
