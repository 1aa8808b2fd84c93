"""Puts mechanical changes of the core to the vectors, and counts which are caught."""

import concurrent.futures
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from dred_conformance.mutants.build import CoreCopy
from dred_conformance.mutants.catalogue import MutantError
from dred_conformance.mutants.finished import Finished, cases_digest
from dred_conformance.mutants.killing import killers
from dred_conformance.mutants.mechanical import Mutation, mutations, without_comments
from dred_conformance.mutants.sampling import drawing_order, quotas
from dred_conformance.vectors.case import Case

__all__ = ["Explanation", "Fate", "Survey", "explanations", "offered", "sources"]

SILENCE_S = 4.0

# No request of the adapter protocol leads there: an encoder is judged by what it sends, not by vectors.
_ENCODER_ONLY = {"redundancy_selection", "redundancy_writer", "symbol_costs"}
# The vectors of the vocoder have a tolerance, as no two make the same samples: small changes pass.
_VOCODER_ONLY = {
    *("vocoder", "vocoder_file", "vocoder_network"),
    *("vocoder_kernels", "vocoder_kernels_avx2", "vocoder_kernels_scalar"),
}


@dataclass(frozen=True)
class Explanation:
    """Why a change survives.

    Attributes
    ----------
    verdict
        ``equivalent``: no request can tell it, as all answers stay the same; ``unkilled``: something could.
    why
        The reason.
    """

    verdict: str
    why: str


@dataclass(frozen=True)
class Fate:
    """What a change came to: ``killed`` (by a case), ``survived`` or ``uncompiled``."""

    mutation: Mutation
    outcome: str
    case: str | None = None


def explanations() -> dict[str, Explanation]:
    """Return the explained survivors by `Mutation.key`.

    Raises
    ------
    MutantError
        An entry lacks something.
    """
    text = (resources.files("dred_conformance.mutants") / "survivors.toml").read_text(encoding="utf-8")
    found = {}
    for entry in tomllib.loads(text).get("survivor", []):
        try:
            key = f"{entry['file']}: {entry['sound']} => {entry['changed']}"
            found[key] = Explanation(entry["verdict"], entry["why"])
        except KeyError as error:
            raise MutantError(f"survivors.toml: an entry lacks {error}: {entry}") from error
        if found[key].verdict not in ("equivalent", "unkilled"):
            raise MutantError(f"survivors.toml: {key}: unknown verdict {found[key].verdict!r}")
    return found


def sources(native: Path) -> list[str]:
    """Return the sources of the core that vectors can reach, without operations and adapter around it."""
    paths = [*(native / "include" / "dred").glob("*.hpp"), *(native / "src").glob("*.[ch]pp")]
    reached = [path for path in paths if path.stem not in _ENCODER_ONLY | _VOCODER_ONLY]
    return sorted(path.relative_to(native).as_posix() for path in reached)


class Survey:
    """A sample of changes, each built and put to the cases until one catches it.

    Parameters
    ----------
    copy
        The copy.
    cases
        The vectors, in the order in which they are asked.
    models
        Folders of the models that the cases need.
    finished
        Results that are known already.
    paths
        The paths of the core for which the copy was built.
    """

    def __init__(
        self,
        copy: CoreCopy,
        cases: Sequence[Case],
        models: Sequence[Path],
        finished: Finished,
        paths: Sequence[str],
    ) -> None:
        self._copy = copy
        self._paths = tuple(paths)
        self._cases = cases
        self._models = models
        self._finished = finished
        self._core = copy.digest()
        self._all_cases = f"{cases_digest(cases)} {self._paths}"
        self._by_id = {case.id: case for case in cases}

    def run(
        self,
        offered: Mapping[str, Sequence[Mutation]],
        count: int,
        seed: int,
        jobs: int,
        progress: Callable[[Fate], Any] = lambda _: None,
    ) -> list[Fate]:
        """Draw `count` changes that compile and return what each came to, those that do not compile, too."""
        wanted = quotas({file: len(each) for file, each in offered.items()}, count)
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            futures = [
                pool.submit(self._file, drawing_order(offered[file], seed), number, progress)
                for file, number in sorted(wanted.items())
            ]
            return [fate for future in futures for fate in future.result()]

    def _file(self, drawn: Sequence[Mutation], number: int, progress: Callable[[Fate], Any]) -> list[Fate]:
        fates: list[Fate] = []
        for mutation in drawn:
            if sum(fate.outcome != "uncompiled" for fate in fates) == number:
                break
            fates.append(self.fate(mutation))
            progress(fates[-1])
        return fates

    def fate(self, mutation: Mutation) -> Fate:
        """Build one change and put it to the cases.

        A known death holds as long as the case that caught it is the same, a survival only for these cases.
        """
        changed = mutation.apply(self._copy.text(mutation.file))
        key = self._finished.key(self._core, mutation.file, without_comments(changed))
        known = self._finished.get(key)
        if known is None or known["judged"] != self._judged(known["outcome"], known["case"]):
            outcome, case = self._try(mutation, changed, key[:16])
            known = {"outcome": outcome, "case": case, "judged": self._judged(outcome, case)}
            self._finished.put(key, known)
        return Fate(mutation, known["outcome"], known["case"])

    def _judged(self, outcome: str, case: str | None) -> str:
        if outcome == "killed":
            return cases_digest([self._by_id[case]]) if case in self._by_id else "a case that is gone"
        return self._all_cases if outcome == "survived" else ""

    def _try(self, mutation: Mutation, changed: str, name: str) -> tuple[str, str | None]:
        """Put a change to the cases on the portable path, and where it survives on the others, too."""
        paths = [path for path in self._paths if path in mutation.file] or self._paths
        for path in paths:
            try:
                program = self._copy.build_changed(mutation.file, changed, path=path, name=name)
            except MutantError:
                return "uncompiled", None
            try:
                found = killers(program, self._cases, self._models, only_first=True, timeout_s=SILENCE_S)
            finally:
                program.unlink()
            if found:
                return "killed", found[0]
        return "survived", None


def offered(native: Path, paths: Sequence[str]) -> dict[str, list[Mutation]]:
    """Return every change that the rules make of the sources whose path the processor has."""
    return {
        file: mutations(file, (native / file).read_text(encoding="utf-8"))
        for file in sources(native)
        if "avx2" not in file or "avx2" in paths
    }
