"""``dred vectors kills`` and ``dred vectors mutate``: how many bugs of the core the vectors catch."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from dred_conformance.cli.files import write_text_whole
from dred_conformance.cli.kills_view import print_matrix, print_survey
from dred_conformance.data import DataNotFoundError, data_folder
from dred_conformance.mutants.account import Account
from dred_conformance.mutants.catalogue import MutantError, load_mutants
from dred_conformance.mutants.finished import Finished, default_place
from dred_conformance.mutants.laboratory import available_paths, laboratory, native_folder
from dred_conformance.mutants.matrix import kill_matrix, summary
from dred_conformance.mutants.survey import Fate, Survey, explanations, offered
from dred_conformance.vectors.errors import VectorError
from dred_conformance.vectors.kills import differing_kills, kills_by_case, rewrite_kills
from dred_conformance.vectors.store import VectorStore
from dred_model import ModelError

__all__ = ["kills", "mutate"]

_Vectors = Annotated[Path | None, typer.Option(help="Folder of vectors; the published ones if left out.")]
_Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, max=256, help="Compilers and adapters at once.")]
_Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
_Cache = Annotated[
    Path | None, typer.Option(help="File of finished bugs; one in the user's cache folder if left out.")
]
_NoCache = Annotated[bool, typer.Option("--no-cache", help="Know and keep nothing.")]
_ERRORS = (MutantError, VectorError, DataNotFoundError, ModelError, OSError)
FAILED, USAGE_ERROR = 1, 2


def _fail(error: Exception | str) -> typer.Exit:
    typer.echo(str(error), err=True)
    return typer.Exit(USAGE_ERROR)


def _store(folder: Path | None) -> VectorStore:
    return VectorStore(folder if folder is not None else data_folder("vectors"))


def _finished(cache: Path | None, no_cache: bool, name: str) -> Finished:
    return Finished(None if no_cache else cache or default_place(name))


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), TextColumn("{task.completed}/{task.total}"))
    return Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True))


def kills(
    vectors: _Vectors = None,
    stage: Annotated[list[str] | None, typer.Option(help="Only bugs of this stage (repeatable).")] = None,
    jobs: _Jobs = 1,
    write: Annotated[bool, typer.Option("--write", help="Write the kills into the vectors.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Fail where written kills are not true.")] = False,
    cache: _Cache = None,
    no_cache: _NoCache = False,
    as_json: _Json = False,
) -> None:
    """Compute which case catches which seeded bug of its own stage.

    Example: dred vectors kills -j 2 --check

    With --stage only the cases of that stage are judged and written. Cases of the official model are judged
    where it is at hand; elsewhere what is written of them is kept.
    Exit code 0: every bug is caught without the official model; 1: one is not, or (--check) other kills are
    written; 2: wrong usage, no checkout, or the core does not build.
    """
    try:
        store = _store(vectors)
        paths = available_paths()
        mutants = [mutant for mutant in load_mutants() if stage is None or mutant.stage in stage]
        absent = [mutant.id for mutant in mutants if mutant.path not in paths]
        if not mutants:
            raise _fail(f"there are no bugs of {', '.join(stage or [])}")
        if write and absent:
            raise _fail("--write needs a processor with AVX2 for the bugs of those kernels")
        finished = _finished(cache, no_cache, "kills")
        tried = [mutant for mutant in mutants if mutant.path in paths]
        with _progress() as progress:
            task = progress.add_task("building the core", total=len(tried))
            with laboratory(store, jobs) as room:
                progress.update(task, description="seeded bugs")
                matrices = kill_matrix(
                    room.copy,
                    tried,
                    room.parts,
                    room.models,
                    finished,
                    jobs=jobs,
                    progress=lambda _: progress.advance(task),
                )
    except _ERRORS as error:
        raise _fail(error) from error
    judged = [case.id for part in room.parts for case in part if stage is None or case.stage in stage]
    by_case = kills_by_case(judged, matrices)
    wrong = differing_kills(store.folder, by_case, set(absent))
    stages = summary(tried, matrices[:-1], matrices[-1])
    if write:
        for path, text in rewrite_kills(store.folder, by_case):
            write_text_whole(path, text)
    document = {
        "stages": {name: asdict(entry) for name, entry in stages.items()},
        "official_cases": len(room.official),
        "not_tried": absent,
        "cases": len(judged),
        "cases_that_kill": sum(1 for found in by_case.values() if found),
        "written": write,
        "differing": [] if write else wrong,
    }
    if as_json:
        typer.echo(json.dumps(document))
    else:
        print_matrix(document, Console())
    lost = any(entry.survivors or entry.unmasked for entry in stages.values())
    raise typer.Exit(FAILED if lost or (check and document["differing"]) else 0)


def mutate(
    vectors: _Vectors = None,
    count: Annotated[int, typer.Option(min=1, max=100000, help="Changes that compile.")] = 320,
    seed: Annotated[int, typer.Option(help="Seed of the drawing.")] = 20261122,
    least: Annotated[float, typer.Option(min=0, max=1, help="Least rate of changes that are caught.")] = 0.95,
    jobs: _Jobs = 1,
    cache: _Cache = None,
    no_cache: _NoCache = False,
    as_json: _Json = False,
) -> None:
    """Change operators, constants, conditions and statements of the core, and see which the vectors catch.

    Example: dred vectors mutate --count 320 --seed 20261122 -j 2

    No official model is used. Exit code 0: the rate is reached and every survivor is explained; 1: it is not;
    2: wrong usage, no checkout, or the core does not build.
    """
    try:
        store = _store(vectors)
        known = explanations()
        finished = _finished(cache, no_cache, "mutations")
        with _progress() as progress:
            task = progress.add_task("building the core", total=count)
            with laboratory(store, jobs, only_published=True) as room:
                progress.update(task, description="mechanical changes")
                survey = Survey(room.copy, room.published, room.models, finished, room.paths)

                def advance(fate: Fate) -> None:
                    progress.advance(task, 0 if fate.outcome == "uncompiled" else 1)

                fates = survey.run(offered(native_folder(), room.paths), count, seed, jobs, advance)
    except _ERRORS as error:
        raise _fail(error) from error
    account = Account.of(fates, known)
    if as_json:
        typer.echo(json.dumps({"count": count, "seed": seed, **account.to_json()}))
    else:
        print_survey(account, Console())
    raise typer.Exit(0 if account.rate >= least and not account.unexplained else FAILED)
