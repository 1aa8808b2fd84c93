"""Runs the vectors against a core with a seeded bug."""

from collections.abc import Sequence
from pathlib import Path

from dred_conformance.mutants.build import CoreCopy
from dred_conformance.mutants.catalogue import Mutant, MutantError
from dred_conformance.runner.campaign import BAD, run_campaign
from dred_conformance.vectors.case import Case

__all__ = ["check_sound", "killers"]

TIMEOUT_S = 10.0


def _command(program: Path, models: Sequence[Path]) -> list[str]:
    return [str(program), *(part for folder in models for part in ("--model", str(folder)))]


def check_sound(copy: CoreCopy, path: str, cases: Sequence[Case], models: Sequence[Path]) -> None:
    """Build the unchanged copy for a path and insist that it passes.

    Raises
    ------
    MutantError
        It does not build, fails a case, or none was judged: then no bug could be told from none.
    """
    campaign = run_campaign(_command(copy.build(path=path), models), cases, timeout_s=TIMEOUT_S)
    bad = [result for result in campaign.results if result.outcome.verdict in BAD]
    if bad or not campaign.executed:
        first = f"{bad[0].case.id}: {bad[0].outcome.reason}" if bad else "no case was judged"
        raise MutantError(f"the unchanged core ({path}) fails {len(bad)} of {len(cases)} cases: {first}")


def killers(
    copy: CoreCopy, mutant: Mutant, cases: Sequence[Case], models: Sequence[Path], *, only_first: bool = True
) -> list[str]:
    """Return the ids of the cases that catch a seeded bug.

    Parameters
    ----------
    copy
        The copy, built for the path of the bug.
    mutant
        The bug.
    cases
        The vectors; those of other stages than the bug's are left out.
    models
        Folders of the models the vectors need.
    only_first
        Stop at the first case that catches it.
    """
    program = copy.build_mutant(mutant)
    chosen = [case for case in cases if case.stage == mutant.stage]
    campaign = run_campaign(_command(program, models), chosen, timeout_s=TIMEOUT_S, fail_fast=only_first)
    program.unlink()
    return [
        result.case.id
        for result in campaign.results
        if result.outcome.verdict in BAD and result.outcome.reason != "stopped before this case"
    ]
