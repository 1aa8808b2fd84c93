"""``dred vectors regenerate`` and ``speech-symbols``: what follows from another bundled model."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from dred_conformance.cli.vectors import stopped
from dred_conformance.data import DataNotFoundError, data_folder
from dred_conformance.mutants.catalogue import MutantError
from dred_conformance.release.errors import ReleaseError
from dred_conformance.release.regeneration import DEFAULT_SEED, renew_speech_symbols
from dred_conformance.release.regeneration import regenerate as regenerate_all
from dred_conformance.vectors.errors import VectorError
from dred_conformance.vectors.generate.errors import GenerationError
from dred_conformance.vectors.generate.speech_symbols import bundled_symbols_path
from dred_model import ModelError

__all__ = ["regenerate", "speech_symbols"]

_Speech = Annotated[
    Path,
    typer.Argument(
        metavar="SPEECH_FOLDER", help="Folder of clips, with a manifest.tsv where licences differ."
    ),
]
_Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
_FAILED = (GenerationError, MutantError, ReleaseError, VectorError, ModelError)


def speech_symbols(
    speech: _Speech,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; that of the generator if left out.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Encode three clips of speech with the bundled model, for the vectors of its payloads.

    Example: dred vectors speech-symbols ../shared/speech/eval

    Clips and instants are chosen by rule: the first, the middle and the last of the CC0 clips by name, each
    where it is loudest.

    Exit code 0: written; 1: a clip or the model cannot be used; 2: the file cannot be written.
    """
    path = output if output is not None else bundled_symbols_path()
    try:
        renew_speech_symbols(speech, path, Console(stderr=True))
    except _FAILED as error:
        raise stopped(error, 1) from error
    except OSError as error:
        raise stopped(OSError(f"{path}: cannot be written ({error.strerror})")) from error
    typer.echo(json.dumps({"output": str(path)}) if as_json else f"written: {path}")


def regenerate(
    speech: _Speech,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder to write; the published vectors if left out."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of everything random in the vectors.")] = DEFAULT_SEED,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=1, max=256, help="Compilers and adapters at once.")
    ] = 1,
    cache: Annotated[
        Path | None, typer.Option(help="File of finished bugs; one in the user's cache folder if left out.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Make the vectors anew after the bundled model was replaced: all that depends on it, verified.

    Example: dred vectors regenerate ../shared/speech/eval -j 2

    Symbols of speech, all vectors, the seeded bugs that cases of the bundled model catch, the changelog. The
    folder is replaced in the end or not at all.

    Exit code 0: written; 1: something is not as it must be; 2: no vectors there, or a file cannot be written.
    """
    try:
        folder = output if output is not None else data_folder("vectors")
        made = regenerate_all(speech, folder, Console(stderr=True), seed=seed, jobs=jobs, cache=cache)
    except _FAILED as error:
        raise stopped(error, 1) from error
    except (OSError, DataNotFoundError) as error:
        raise stopped(error) from error
    if as_json:
        typer.echo(json.dumps({"output": str(folder), **made.to_json()}))
        return
    typer.echo(f"{folder}: version {made.version}, {made.cases} cases")
    typer.echo(
        f"{made.bundled_cases} of them need the bundled model {made.model_sha256[:12]}, "
        f"{made.killing_cases} of which catch a seeded bug"
    )
