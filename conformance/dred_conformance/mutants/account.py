"""What a survey of mechanical changes comes to: how many were caught, and why the others were not."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dred_conformance.mutants.survey import Explanation, Fate

__all__ = ["Account"]


@dataclass(frozen=True)
class Account:
    """The changes by outcome.

    Attributes
    ----------
    killed
        Caught by a case.
    equivalent
        Not caught, and explained as being no change at all: they do not count for the rate.
    unkilled
        Not caught, though they could be, with the reason.
    unexplained
        Not caught, and nobody has said why.
    uncompiled
        How many did not compile; others were drawn for them.
    """

    killed: tuple[Fate, ...]
    equivalent: tuple[tuple[Fate, Explanation], ...]
    unkilled: tuple[tuple[Fate, Explanation], ...]
    unexplained: tuple[Fate, ...]
    uncompiled: int

    @classmethod
    def of(cls, fates: Sequence[Fate], known: Mapping[str, Explanation]) -> "Account":
        """Sort the outcomes of a survey by the explained survivors."""
        survivors = [fate for fate in fates if fate.outcome == "survived"]
        explained = [(fate, known[fate.mutation.key]) for fate in survivors if fate.mutation.key in known]
        return cls(
            tuple(fate for fate in fates if fate.outcome == "killed"),
            tuple(pair for pair in explained if pair[1].verdict == "equivalent"),
            tuple(pair for pair in explained if pair[1].verdict == "unkilled"),
            tuple(fate for fate in survivors if fate.mutation.key not in known),
            sum(1 for fate in fates if fate.outcome == "uncompiled"),
        )

    @property
    def compiled(self) -> int:
        """Changes that compiled."""
        return len(self.killed) + len(self.equivalent) + len(self.unkilled) + len(self.unexplained)

    @property
    def rate(self) -> float:
        """Share of the caught ones among those that are changes."""
        changes = self.compiled - len(self.equivalent)
        return len(self.killed) / changes if changes else 0.0

    def by(self, member: str) -> dict[str, tuple[int, int]]:
        """Return how many were caught of how many changes, by ``operator`` or ``file``."""
        killed = Counter(getattr(fate.mutation, member) for fate in self.killed)
        lost = [*(fate for fate, _ in self.unkilled), *self.unexplained]
        total = killed + Counter(getattr(fate.mutation, member) for fate in lost)
        return {name: (killed[name], total[name]) for name in sorted(total)}

    def to_json(self) -> dict[str, Any]:
        """Return the account as JSON can hold it."""

        def entry(fate: Fate, said: Explanation | None) -> dict[str, Any]:
            mutation = fate.mutation
            return {
                "file": mutation.file,
                "line": mutation.line,
                "operator": mutation.operator,
                "sound": mutation.sound,
                "changed": mutation.changed,
                "verdict": said.verdict if said is not None else "unexplained",
                "why": said.why if said is not None else "",
            }

        return {
            "compiled": self.compiled,
            "uncompiled": self.uncompiled,
            "killed": len(self.killed),
            "equivalent": len(self.equivalent),
            "rate": self.rate,
            "by_operator": self.by("operator"),
            "by_file": self.by("file"),
            "survivors": [
                *(entry(fate, said) for fate, said in (*self.equivalent, *self.unkilled)),
                *(entry(fate, None) for fate in self.unexplained),
            ],
        }
