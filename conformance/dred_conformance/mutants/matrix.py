"""The kill matrix: which case of its own stage catches which seeded bug."""

import concurrent.futures
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dred_conformance.mutants.build import CoreCopy
from dred_conformance.mutants.catalogue import Mutant, MutantError
from dred_conformance.mutants.finished import Finished, cases_digest
from dred_conformance.mutants.killing import killers
from dred_conformance.mutants.mechanical import without_comments
from dred_conformance.vectors.case import Case

__all__ = ["KillMatrix", "StageSummary", "kill_matrix", "summary"]

KillMatrix = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class StageSummary:
    """The seeded bugs of a stage.

    Attributes
    ----------
    mutants, killed
        How many there are that a vector must catch, and how many are caught without the official model.
    by_cases
        Least, median and largest number of cases that catch one of them.
    survivors
        Those that no case catches without the official model.
    equivalent
        How many are argued to be no bugs at all.
    unmasked
        The argued ones that a case catches all the same: the argument is wrong.
    """

    mutants: int
    killed: int
    by_cases: tuple[int, float, int]
    survivors: tuple[str, ...]
    equivalent: int
    unmasked: tuple[str, ...]


def kill_matrix(
    copy: CoreCopy,
    mutants: Sequence[Mutant],
    subsets: Sequence[Sequence[Case]],
    models: Sequence[Path],
    finished: Finished,
    *,
    jobs: int = 1,
    progress: Callable[[str], Any] = lambda _: None,
) -> list[dict[str, list[str]]]:
    """Put every bug to the cases of its stage; return the ids of those that catch it, by subset and bug.

    Parameters
    ----------
    copy
        The copy, built for the paths of the bugs.
    mutants
        The bugs.
    subsets
        The vectors in parts. Each has a process of its own for each bug, so that what is found in one does
        not depend on whether another, of a model that is not always at hand, is asked.
    models
        Folders of the models that the cases need.
    finished
        Results that are known already; new ones are added.
    jobs
        Bugs at once.
    progress
        Called with the id of every bug that is done, from any thread.

    Raises
    ------
    MutantError
        A bug does not fit the sources or does not compile.
    """
    core = copy.digest()

    def one(mutant: Mutant) -> list[list[str]]:
        changed = mutant.apply(copy.text(mutant.file))
        code = without_comments(changed)
        found = []
        program: Path | None = None
        for cases in subsets:
            chosen = [case for case in cases if case.stage == mutant.stage]
            key = finished.key(core, mutant.path, mutant.file, code, cases_digest(chosen))
            known: list[str] | None = finished.get(key) if chosen else []
            if known is None:
                program = program or copy.build_mutant(mutant)
                known = killers(program, chosen, models)
                finished.put(key, known)
            found.append(known)
        if program is not None:
            program.unlink()
        progress(mutant.id)
        return found

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        futures = {mutant.id: pool.submit(one, mutant) for mutant in mutants}
        try:
            results = {name: future.result() for name, future in futures.items()}
        except MutantError:
            pool.shutdown(cancel_futures=True)
            raise
    return [{name: found[part] for name, found in results.items()} for part in range(len(subsets))]


def summary(
    mutants: Sequence[Mutant], own: Sequence[KillMatrix], official: KillMatrix
) -> dict[str, StageSummary]:
    """Return what the matrix says of every stage.

    Parameters
    ----------
    mutants
        The bugs.
    own
        What catches them without the official model, in parts.
    official
        What catches them with it.
    """
    found = {}
    caught = {each.id: sum(len(part[each.id]) for part in own) for each in mutants}
    for stage in dict.fromkeys(mutant.stage for mutant in mutants):
        real = [mutant.id for mutant in mutants if mutant.stage == stage and not mutant.equivalent]
        argued = [mutant.id for mutant in mutants if mutant.stage == stage and mutant.equivalent]
        counts = [caught[name] + len(official[name]) for name in real] or [0]
        found[stage] = StageSummary(
            mutants=len(real),
            killed=sum(1 for name in real if caught[name]),
            by_cases=(min(counts), statistics.median(counts), max(counts)),
            survivors=tuple(name for name in real if not caught[name]),
            equivalent=len(argued),
            unmasked=tuple(name for name in argued if caught[name] or official[name]),
        )
    return found
