"""The vectors anew after the bundled model was replaced: everything that depends on it, in one go.

The kills of its cases are computed, those of all others are carried over: no bug meets them in another state.
"""

import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from dred_conformance.cli.files import write_text_whole
from dred_conformance.data import data_folder
from dred_conformance.mutants.catalogue import MutantError, load_mutants
from dred_conformance.mutants.finished import Finished, default_place
from dred_conformance.mutants.laboratory import available_paths, laboratory
from dred_conformance.mutants.matrix import kill_matrix
from dred_conformance.release.changelog import CHANGELOG_NAME, read_changelog
from dred_conformance.release.checking import release_problems
from dred_conformance.release.difference import compare_contents
from dred_conformance.release.editing import begin_entry, with_figures
from dred_conformance.release.errors import ReleaseError
from dred_conformance.release.meaning import read_contents
from dred_conformance.release.texts import add_missing_texts
from dred_conformance.vectors.generate.command import generate_all, publish
from dred_conformance.vectors.generate.speech_encoding import speech_symbols_text
from dred_conformance.vectors.generate.speech_symbols import bundled_symbols_path
from dred_conformance.vectors.kills import kills_by_case, rewrite_kills
from dred_conformance.vectors.manifest import MANIFEST_NAME
from dred_conformance.vectors.store import VectorStore
from dred_model import bundled, load_model

__all__ = [
    "DEFAULT_SEED",
    "Regenerated",
    "keep_changelog",
    "regenerate",
    "renew_speech_symbols",
    "write_kills",
]

DEFAULT_SEED = 20261122
_CHANGED = "The bundled model was trained anew: its cases, what they expect, and the model itself are others."


@dataclass(frozen=True)
class Regenerated:
    """What came of it.

    Attributes
    ----------
    version
        Of the vectors.
    cases, bundled_cases
        How many cases there are, and how many of them need the bundled model.
    model_sha256
        Of that model.
    killing_cases
        How many of its cases catch a seeded bug.
    """

    version: str
    cases: int
    bundled_cases: int
    model_sha256: str
    killing_cases: int

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)


def regenerate(
    speech: Path,
    output: Path,
    console: Console,
    *,
    seed: int = DEFAULT_SEED,
    jobs: int = 1,
    cache: Path | None = None,
) -> Regenerated:
    """Make all vectors anew with the bundled model as it lies in the package.

    In this order: symbols of speech by its encoder, all vectors, kills of its cases, changelog, verification.
    ``output`` changes at the very end, or not at all; the symbols of speech are kept in any case.

    Parameters
    ----------
    speech
        Folder of clips, see `speech_encoding.chosen_clips`.
    output
        Folder of vectors to replace; texts that people wrote there stay.
    console
        Where the steps are told.
    seed
        Of everything random in the vectors.
    jobs
        Compilers and adapters at once.
    cache
        File of finished bugs; one in the user's cache folder if left out.

    Raises
    ------
    GenerationError
        A clip cannot be used, the official model is missing, or the implementations disagree.
    MutantError
        This is no checkout, the core does not build, or the processor lacks AVX2.
    ReleaseError, VectorError, ModelError
        The changelog cannot be kept, the vectors are not whole, the bundled model is not.
    """
    renew_speech_symbols(speech, bundled_symbols_path(), console)
    before = output if (output / MANIFEST_NAME).is_file() else data_folder("vectors")
    with tempfile.TemporaryDirectory(prefix="dred-vectors-") as temporary:
        draft = Path(temporary) / "vectors"
        generate_all(draft, seed, console)
        for texts in (output, data_folder("vectors")):
            if texts.is_dir():
                add_missing_texts(texts, draft)
        killing = write_kills(draft, Finished(cache or default_place("kills")), console, jobs=jobs)
        version = keep_changelog(before, draft)
        problems = [str(problem) for problem in release_problems(draft)]
        if problems:
            raise ReleaseError("\n".join(["the new vectors are not whole", *problems[:20]]))
        store = VectorStore(draft)
        cases = [case for group in store.groups() for case in group.cases]
        publish(draft, output)
    mine = sum(1 for case in cases if case.model == bundled.NAME)
    return Regenerated(version, len(cases), mine, load_model(bundled.FOLDER).model_sha256, killing)


def renew_speech_symbols(speech: Path, path: Path, console: Console) -> None:
    """Write the symbols of speech of the bundled model.

    Raises
    ------
    GenerationError, ModelError
        See `regenerate`.
    """

    def said(clip: str) -> None:
        console.print(f"encoding {clip}", highlight=False)

    write_text_whole(path, speech_symbols_text(speech, load_model(bundled.FOLDER), said))


def write_kills(
    folder: Path,
    finished: Finished,
    console: Console,
    *,
    jobs: int = 1,
    chosen: Callable[[str], bool] = lambda _: True,
) -> int:
    """Compute and write the kills of the cases of the bundled model; return how many cases catch a bug.

    Parameters
    ----------
    folder
        The vectors.
    finished
        Results that are known already.
    console
        Told after every twenty bugs.
    jobs
        Bugs at once.
    chosen
        Which bugs are tried, by their ids; all if left out.

    Raises
    ------
    MutantError
        See `regenerate`.
    """
    mutants = [mutant for mutant in load_mutants() if chosen(mutant.id)]
    if {mutant.path for mutant in mutants} - set(available_paths()):
        raise MutantError("kills are written with a processor that has AVX2, for the bugs of those kernels")
    console.print("building the core for seeded bugs", highlight=False)
    with laboratory(VectorStore(folder), jobs, only_bundled=True) as room:
        tried = [each for each in mutants if each.stage in {case.stage for case in room.bundled}]
        done: list[str] = []

        def advance(mutant: str) -> None:
            done.append(mutant)
            if len(done) % 20 == 0 or len(done) == len(tried):
                console.print(f"seeded bugs {len(done)}/{len(tried)}", highlight=False)

        matrices = kill_matrix(
            room.copy, tried, [room.bundled], room.models, finished, jobs=jobs, progress=advance
        )
        kills = kills_by_case([case.id for case in room.bundled], matrices)
    for path, text in rewrite_kills(folder, kills):
        write_text_whole(path, text)
    return sum(1 for found in kills.values() if found)


def keep_changelog(before: Path, folder: Path) -> str:
    """Bring the changelog of vectors in line with them and return their version.

    An entry that is not released gets their figures. Behind a released one the next begins, of the version
    that the rule asks for, unless nothing differs.

    Parameters
    ----------
    before
        The vectors as they were.
    folder
        As they are, with the changelog as it was.

    Raises
    ------
    ReleaseError, VectorError
        The changelog, or one of the two, is not in order.
    """
    newest = read_changelog(folder).entries[0]
    difference = compare_contents(read_contents(before), read_contents(folder))
    if newest.date is None or difference.is_empty:
        edited = with_figures(folder)
        texts = dict(edited.texts)
    else:
        edited = begin_entry(folder, str(difference.needed or newest.version))
        _write(folder, dict(edited.texts))
        log = read_changelog(folder)
        texts = {CHANGELOG_NAME: log.with_newest(replace(log.entries[0], text=_CHANGED)).render()}
    _write(folder, texts)
    return str(edited.entry.version)


def _write(folder: Path, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        write_text_whole(folder / name, text)
