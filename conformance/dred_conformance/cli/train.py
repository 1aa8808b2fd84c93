"""``dred train``: from a corpus of speech to a model of one's own."""

import json
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from dred_conformance.cli.progress import shown_cases
from dred_conformance.comparison.errors import MissingPackageError
from dred_model import ModelError, save_model
from dred_reference.errors import DredError
from dred_training import Configuration, TrainingError, read_configuration
from dred_training.extraction import extract_corpus
from dred_training.feature_store import read_store
from dred_training.run_folder import begin_run, locked, read_run
from dred_training.speech_files import corpus_files

__all__ = ["app", "refusing"]

REFUSED, INCOMPLETE = 2, 3
FRAMES_PER_HOUR = 360_000
SHOWN_EVERY_S = 30.0
DEVICES = ("cpu", "cuda")

app = typer.Typer(help="Train a model: features of a corpus, the RDO-VAE, a bundle.", no_args_is_help=True)
_Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


@app.callback()
def train() -> None:
    """Train a model: features of a corpus, the RDO-VAE, a bundle."""


@contextmanager
def refusing() -> Iterator[None]:
    """Tell errors of training, of models and of the disk on standard error, with exit code 2."""
    try:
        yield
    except (TrainingError, ModelError, DredError, MissingPackageError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(REFUSED) from error
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        typer.echo(f"{place}{error.strerror or error}; what was there before is untouched", err=True)
        raise typer.Exit(REFUSED) from error


def _put(document: dict[str, Any], as_json: bool, text: str) -> None:
    typer.echo(json.dumps(document) if as_json else text)


@app.command()
def features(
    sources: Annotated[
        list[Path], typer.Argument(metavar="SOURCE...", help="Files or folders: FLAC, WAV, Ogg Opus.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the features.")],
    pitch: Annotated[
        str, typer.Option(help="'tracker' (signal processing), or a model with a pitch network.")
    ] = "tracker",
    variants: Annotated[
        int, typer.Option(min=1, max=100, help="The recording itself, and others of other level and sound.")
    ] = 1,
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, help="Processes.")] = 1,
    as_json: _Json = False,
) -> None:
    """Extract the features of a corpus: 20 numbers per 10 ms of speech.

    What is done is kept: after an interruption, or with more files, the same command makes what is missing.

    For example:

    dred train features ../shared/speech/train ../shared/speech/train_opus -o features --variants 3 -j 2

    Exit code 0: done; 2: something cannot be read or written.
    """
    with refusing():
        files = corpus_files(sources)
        with shown_cases("extracting", len(files) * variants) as advance:
            store = extract_corpus(files, output, pitch=pitch, variants=variants, jobs=jobs, advance=advance)
    frames = len(store.features)
    document = {
        "features": str(output),
        "clips": len(store.clips),
        "frames": frames,
        "pitch": store.pitch,
        "sha256": store.sha256,
    }
    _put(
        document,
        as_json,
        f"{output}: {len(store.clips)} clips, {frames / FRAMES_PER_HOUR:.2f} h, {store.sha256[:12]}",
    )


@app.command()
def rdovae(
    features_folder: Annotated[Path, typer.Argument(metavar="FEATURES", help="What 'features' made.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the run.")],
    config: Annotated[
        Path | None, typer.Option(help="TOML; without it, all defaults, or what the run was begun with.")
    ] = None,
    threads: Annotated[int, typer.Option(min=1, help="Cores; the result does not depend on it.")] = 1,
    device: Annotated[str, typer.Option(help=f"One of {', '.join(DEVICES)}.")] = "cpu",
    minutes: Annotated[float | None, typer.Option(min=0, help="Stop after so many minutes.")] = None,
    as_json: _Json = False,
) -> None:
    """Train encoder, decoder and statistics, or go on with a run.

    The folder of the run has its configuration (run.json), the newest checkpoint, and a log of JSON lines.
    The same command goes on with a run that was stopped or killed, and gives what it would have given. On
    SIGTERM or Ctrl-C the state is saved first.

    For example:

    dred train rdovae features -o run --threads 2 --minutes 60

    Exit code 0: the run is complete; 2: wrong usage, or a run that is damaged; 3: stopped before the end.
    """
    if device not in DEVICES:
        typer.echo(f"there is no device {device!r}; there are {', '.join(DEVICES)}", err=True)
        raise typer.Exit(REFUSED)
    with refusing():
        try:
            output.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TrainingError("T4", f"cannot be made ({error})", subject=str(output)) from error
        with locked(output):
            configuration = _configuration(config, output)
            store = read_store(features_folder, verify=True)
            from dred_training.rdovae.trainer import Trainer  # noqa: PLC0415  it loads PyTorch

            trainer = Trainer(configuration, store, output, threads=threads, device=device)
            begin_run(output, configuration, store.sha256)
            is_complete = trainer.train(_is_over(minutes), _shown(configuration.training.steps, trainer.step))
    document = {"run": str(output), "step": trainer.step, "complete": is_complete}
    state = "complete" if is_complete else "stopped; the same command goes on"
    _put(document, as_json, f"{output}: {trainer.step} of {configuration.training.steps} steps, {state}")
    if not is_complete:
        raise typer.Exit(INCOMPLETE)


def _configuration(config: Path | None, folder: Path) -> Configuration:
    if config is not None:
        return read_configuration(config)
    return read_run(folder)[0] if (folder / "run.json").exists() else Configuration()


def _is_over(minutes: float | None) -> Callable[[], bool]:
    """Return what says that time is up, or that somebody wants the process to end."""
    until = float("inf") if minutes is None else time.monotonic() + 60 * minutes
    wanted: list[int] = []

    def note(number: int, _: object) -> None:
        if wanted:
            sys.exit(128 + number)  # asked twice: what was saved last must do
        wanted.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, note)
    return lambda: bool(wanted) or time.monotonic() > until


def _shown(steps: int, done: int) -> Callable[[int, dict[str, float]], None]:
    """Return what tells now and then how far the run is, on a terminal's standard error."""
    started, shown_at = time.monotonic(), float("-inf")
    console = Console(stderr=True)

    def show(step: int, parts: dict[str, float]) -> None:
        nonlocal shown_at
        now = time.monotonic()
        if console.is_terminal and now - shown_at > SHOWN_EVERY_S:
            shown_at = now
            rate = (step - done) / max(now - started, 1e-9)
            console.print(
                f"step {step} of {steps}, {rate:.2f}/s, {(steps - step) / rate / 3600:.1f} h left: "
                f"{parts['latent_bits']:.1f} bits per latent, distortion {parts['distortion']:.3f}, "
                f"pitch {parts['pitch']:.3f}"
            )

    return show


@app.command()
def export(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the model.")],
    force: Annotated[bool, typer.Option(help="Replace a model that is there.")] = False,
    as_json: _Json = False,
) -> None:
    """Make a model of the newest checkpoint of a run; the run may go on meanwhile.

    Weights become int8 but for three layers, statistics become tables of bytes, and dimensions that are coded
    at no level are left out.

    For example:

    dred train export run -o model

    To use it: 'dred model import MODEL', then '--model NAME' in 'dred encode', 'dred decode' and the others.

    Exit code 0: done; 2: there is no run, or something is in the way.
    """
    with refusing():
        from dred_training.rdovae.export import export_run  # noqa: PLC0415  it loads PyTorch

        bundle, checkpoint, configuration = export_run(run)
        save_model(bundle, output, replace=force)
    steps = configuration.training.steps
    document = {
        "model": str(output),
        "name": bundle.name,
        "step": checkpoint.step,
        "steps": steps,
        "complete": checkpoint.step >= steps,
        "latent_dim": bundle.latent_dim,
        "state_dim": bundle.state_dim,
        "weights_bytes": len(bundle.weights_blob or b""),
        "model_sha256": bundle.model_sha256,
    }
    text = (
        f"{output}: {bundle.name} after {checkpoint.step} of {steps} steps, {bundle.latent_dim} latent and "
        f"{bundle.state_dim} state values, {document['weights_bytes']} bytes of weights, "
        f"{bundle.model_sha256}"
    )
    _put(document, as_json, text)
