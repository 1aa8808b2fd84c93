"""The seeded bugs: what is changed where, and what kind of mistake it stands for."""

import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

__all__ = ["KINDS", "Mutant", "MutantError", "load_mutants"]

KINDS = (
    *("rounding", "shift", "order", "concatenation", "table", "clamp", "arithmetic", "state", "conversion"),
)


class MutantError(Exception):
    """A seeded bug does not fit the sources, or a copy of the core cannot be built."""


@dataclass(frozen=True)
class Mutant:
    """One seeded bug.

    Attributes
    ----------
    id
        Its name.
    kind
        The kind of mistake, one of `KINDS`.
    stage
        Stage of the ladder whose vectors must catch it.
    file
        The source below ``native/`` that is changed.
    old, new
        The text that is replaced, which occurs once in the file, and what replaces it.
    path
        ``avx2`` for a bug of the vector kernels; they are built for the other bugs, too, only not used.
    """

    id: str
    kind: str
    stage: str
    file: str
    old: str
    new: str
    path: str

    def apply(self, text: str) -> str:
        """Return the source with the bug.

        Raises
        ------
        MutantError
            The text to be replaced does not occur exactly once.
        """
        count = text.count(self.old)
        if count != 1:
            raise MutantError(f"{self.id}: {self.old!r} occurs {count} times in {self.file}, not once")
        return text.replace(self.old, self.new)


def _mutant(entry: dict[str, Any]) -> Mutant:
    try:
        mutant = Mutant(
            entry["id"],
            entry["kind"],
            entry["stage"],
            entry["file"],
            entry["old"],
            entry["new"],
            entry.get("path", "scalar"),
        )
    except KeyError as error:
        raise MutantError(f"{entry.get('id', 'a mutant')}: lacks {error}") from error
    if mutant.kind not in KINDS or mutant.path not in ("scalar", "avx2"):
        raise MutantError(f"{mutant.id}: unknown kind {mutant.kind!r} or path {mutant.path!r}")
    return mutant


def load_mutants(path: Path | None = None) -> list[Mutant]:
    """Read the seeded bugs of a TOML file, those of the feature stage unless another is given.

    Raises
    ------
    MutantError
        An entry is incomplete, or two have the same id.
    """
    source = path or resources.files("dred_conformance.mutants") / "feature.toml"
    mutants = [_mutant(entry) for entry in tomllib.loads(source.read_text(encoding="utf-8"))["mutant"]]
    ids = [mutant.id for mutant in mutants]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise MutantError(f"two mutants are called {', '.join(twice)}")
    return mutants
