"""What an adapter says of itself in its answer to ``hello``."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dred_conformance.protocol.operations import OPERATIONS
from dred_conformance.vectors.case import Case

__all__ = ["Declaration"]


@dataclass(frozen=True)
class Declaration:
    """The name, version and abilities of an adapter.

    Attributes
    ----------
    operations
        ``None`` when the adapter did not list them: then the base operations of its stages are promised and
        the others are asked for, and may be refused.
    profiles
        Numeric profiles of the feature stage that it computes to the last bit.
    max_latents
        The most latents it decodes of a payload, or ``None`` for all of them.
    only
        By operation and member of a request: the values that are answered, where not all are.
    """

    name: str
    version: str
    stages: frozenset[str]
    wire: frozenset[str]
    models: frozenset[str]
    operations: frozenset[str] | None
    profiles: frozenset[str]
    max_latents: int | None
    only: Mapping[str, Mapping[str, list[Any]]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Declaration":
        """Build the declaration from a (schema-checked) ``hello`` answer."""
        operations = data.get("operations")
        return cls(
            data["name"],
            data["version"],
            frozenset(data["stages"]),
            frozenset(data["wire"]),
            frozenset(data["models"]),
            None if operations is None else frozenset(operations),
            frozenset(data.get("profiles", ())),
            data.get("max_latents"),
            data.get("only", {}),
        )

    def lacks(self, case: Case) -> str | None:
        """Return why the case is beyond the declaration, or ``None`` if it should be asked."""
        return next(self._missing(case), None)

    def _missing(self, case: Case) -> Iterator[str]:
        if case.stage not in self.stages:
            yield f"stage '{case.stage}' is not declared"
        if self.operations is not None and case.op not in self.operations:
            yield f"operation '{case.op}' is not declared"
        if case.wire is not None and case.wire not in self.wire:
            yield f"wire profile '{case.wire}' is not declared"
        if case.model is not None and case.model not in self.models:
            yield f"model '{case.model}' is not declared"
        profile = case.input.get("profile")
        if profile is not None and profile not in self.profiles:
            yield f"numeric profile '{profile}' is not declared"
        for member, values in self.only.get(case.op, {}).items():
            # A member that is missing has its default, which every implementation answers.
            if member in case.input and case.input[member] not in values:
                yield f"{member} = {json.dumps(case.input[member])} is not declared"
        if self.max_latents is not None and self._latents_expected(case) > self.max_latents:
            yield f"more than the declared {self.max_latents} latents"

    @staticmethod
    def _latents_expected(case: Case) -> int:
        if not isinstance(case.expected, dict):
            return 0
        if case.op == "payload":
            return len(case.expected["latents"])
        return int(case.expected.get("latent_count", 0)) if case.op in ("latent", "feature") else 0

    def promises(self, op: str) -> bool:
        """Return whether refusing ``op`` breaks the declaration."""
        return OPERATIONS[op].is_base if self.operations is None else op in self.operations
