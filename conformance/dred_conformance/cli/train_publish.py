"""``dred train publish``: a new bundled model, and everything that depends on it, in one command."""

import json
import signal
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

import dred_conformance
from dred_conformance.bundling.publishing import BUNDLED, CARD, Published, Request, publish_model
from dred_conformance.cli.train import refusing
from dred_training import TrainingError

__all__ = ["publish"]

VECTORS = Path("vectors")


def publish(
    source: Annotated[Path, typer.Argument(metavar="RUN_OR_MODEL", help="Folder of a run or of a model.")],
    speech: Annotated[
        Path, typer.Option(help="Folder of speech with SOURCES.md, and eval/ for the vectors.")
    ],
    features: Annotated[
        list[Path],
        typer.Option(help="Features of held-back clips (repeatable, for other pitch estimators)."),
    ],
    trained_on: Annotated[
        Path | None, typer.Option(help="Features it was trained on; unless given, 'features' beside the run.")
    ] = None,
    every: Annotated[int, typer.Option(min=1, help="A chunk ends every so many 20 ms.")] = 25,
    vectors: Annotated[
        bool, typer.Option("--vectors/--no-vectors", help="Make the vectors that need the model anew.")
    ] = True,
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, help="Processes, for the vectors.")] = 1,
    checkout: Annotated[
        Path | None, typer.Option(help="The checkout; unless given, the one that this command is from.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Replace the bundled model of a checkout: model, card, pictures and vectors.

    For developers. All is made before anything is replaced; if something fails, the old state comes back.
    Look at the result with 'git status', then commit reference/dred_model/bundled and vectors.

    For example:

    dred train publish run --speech ../shared/speech --features features-eval

    Exit code 0: replaced; 2: nothing was changed, and why.
    """
    console = Console(stderr=True)
    root = checkout or Path(dred_conformance.__file__).resolve().parents[2]
    _end_orderly()

    def renew(place: Path) -> dict[str, Any]:
        return _renewed(place, speech, jobs, console)

    with refusing():
        if vectors and checkout is not None:
            raise TrainingError("T8", "vectors are made in the checkout of this command only (--no-vectors)")
        done = publish_model(
            Request(source, root, speech, features, trained_on, every),
            renew if vectors else None,
            _depending(root) if vectors else [],
            lambda what: console.print(f"{what} ...") if console.is_terminal else None,
        )
    document = _document(done)
    typer.echo(json.dumps(document) if as_json else _text(document))


def _end_orderly() -> None:
    """Let SIGTERM end the command as Ctrl-C does, so that the old state comes back."""

    def end(number: int, _: object) -> NoReturn:
        sys.exit(128 + number)

    signal.signal(signal.SIGTERM, end)


def _depending(root: Path) -> list[Path]:
    from dred_conformance.vectors.generate.speech_symbols import bundled_symbols_path  # noqa: PLC0415

    return [root / VECTORS, Path(bundled_symbols_path())]


def _renewed(root: Path, speech: Path, jobs: int, console: Console) -> dict[str, Any]:
    from dred_conformance.mutants.catalogue import MutantError  # noqa: PLC0415  only in a checkout
    from dred_conformance.release.errors import ReleaseError  # noqa: PLC0415
    from dred_conformance.release.regeneration import regenerate  # noqa: PLC0415
    from dred_conformance.vectors.errors import VectorError  # noqa: PLC0415
    from dred_conformance.vectors.generate.errors import GenerationError  # noqa: PLC0415

    try:
        made = regenerate(speech / "eval", root / VECTORS, console, jobs=jobs)
    except (GenerationError, MutantError, ReleaseError, VectorError) as error:
        raise TrainingError(
            "T8",
            f"the vectors cannot be made anew ({error})",
            advice="The old model and vectors are back; --no-vectors leaves the vectors out.",
        ) from error
    found: dict[str, Any] = made.to_json()
    return found


def _document(done: Published) -> dict[str, Any]:
    bundle = done.candidate.bundle
    return {
        "bundled": str(BUNDLED),
        "card": str(BUNDLED / CARD),
        "bytes": done.size,
        "latent_dim": bundle.latent_dim,
        "state_dim": bundle.state_dim,
        "model_sha256": bundle.model_sha256,
        "vectors": done.vectors,
        "evaluation": [result.to_json()["models"] for result in done.results],
    }


def _text(document: dict[str, Any]) -> str:
    vectors = document["vectors"]
    made = "left out" if vectors is None else ", ".join(f"{name} {value}" for name, value in vectors.items())
    return (
        f"{document['bundled']}: {document['latent_dim']} latent and {document['state_dim']} state values, "
        f"{document['bytes']} bytes, {document['model_sha256']}\nvectors: {made}\n"
        "to be committed: reference/dred_model/bundled, vectors, and what 'git status' shows besides"
    )
