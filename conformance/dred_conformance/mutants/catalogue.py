"""The seeded bugs: what is changed where, and which mistake of an implementer it stands for."""

import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from dred_conformance.protocol.operations import STAGES

__all__ = ["KINDS", "PATHS", "Mutant", "MutantError", "load_mutants"]

KINDS = (
    *("arithmetic", "boundary", "check", "clamp", "concatenation", "conversion", "counting"),
    *("order", "overrun", "rounding", "shift", "state", "table"),
)
PATHS = ("scalar", "avx2")
_REQUIRED = ("id", "kind", "stage", "file", "mistake", "old", "new")


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
    mistake
        What an implementer did wrong, in a sentence.
    path
        ``avx2`` for a bug of the vector kernels; the other bugs are built without these kernels.
    equivalent
        Why no input can tell the bug from the sound core; empty for those that a vector must catch.
    """

    id: str
    kind: str
    stage: str
    file: str
    old: str
    new: str
    mistake: str
    path: str = "scalar"
    equivalent: str = ""

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
    name = entry.get("id", "a mutant")
    for member in _REQUIRED:
        if not isinstance(entry.get(member), str):
            raise MutantError(f"{name}: lacks '{member}'")
    unknown = sorted(set(entry) - {*_REQUIRED, "path", "equivalent"})
    if unknown:
        raise MutantError(f"{name}: unknown member {unknown[0]!r}")
    mutant = Mutant(**entry)
    for value, allowed, what in (
        (mutant.kind, KINDS, "kind"),
        (mutant.path, PATHS, "path"),
        (mutant.stage, STAGES, "stage"),
    ):
        if value not in allowed:
            raise MutantError(f"{name}: unknown {what} {value!r}")
    return mutant


def _read(path: Path) -> list[Mutant]:
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["mutant"]
    except (OSError, ValueError, KeyError) as error:
        raise MutantError(f"{path}: no catalogue of seeded bugs ({error})") from error
    return [_mutant(entry) for entry in entries]


def load_mutants(path: Path | None = None) -> list[Mutant]:
    """Read the seeded bugs of a TOML file, or of all stages in the ladder's order.

    Raises
    ------
    MutantError
        An entry is incomplete, or two have the same id.
    """
    folder = Path(str(resources.files("dred_conformance.mutants")))
    catalogues = [folder / f"{stage}.toml" for stage in STAGES]
    paths = [path] if path is not None else [each for each in catalogues if each.is_file()]
    mutants = [mutant for each in paths for mutant in _read(each)]
    ids = [mutant.id for mutant in mutants]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise MutantError(f"two mutants are called {', '.join(twice)}")
    return mutants
