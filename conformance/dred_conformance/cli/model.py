"""``dred model``: import, fetch, list, verify, show, make and remove models."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from dred_conformance.cli import model_view
from dred_model import (
    ModelBundle,
    ModelError,
    cache,
    fetch_model,
    find_model,
    finding,
    import_model,
    list_models,
    official,
    save_model,
    synthetic,
    synthetic_model,
)
from dred_model.bundle import NAME
from dred_model.synthetic_network import DecoderShape

__all__ = ["app"]

app = typer.Typer(
    help="Models: the tables and networks that decoding DRED needs. Import, fetch, verify, make.",
    no_args_is_help=True,
)
_Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


def _model_name(text: str | None) -> str | None:
    if text is not None and not NAME.fullmatch(text):
        raise typer.BadParameter("use 1 to 64 of a-z 0-9 . _ -, a letter or digit first and last")
    return text


def _sha256(text: str) -> str:
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise typer.BadParameter("a SHA-256 is 64 hexadecimal digits")
    return text


_Name = Annotated[
    str | None,
    typer.Option(
        "--name", callback=_model_name, help="What to call the model; the official one is recognised."
    ),
]


def _shape(text: str) -> DecoderShape:
    match = re.fullmatch(r"(\d{1,3})x(\d{1,3})x(\d{1,3})x(\d{1,3})", text)
    if match is None:
        raise typer.BadParameter(f"{text!r} are no four widths; write 128x96x64x32")
    return DecoderShape(*map(int, match.groups()))


@contextmanager
def _reporting(as_json: bool) -> Iterator[None]:
    """Turn a model error into a message, with what to do next, and exit code 1."""
    try:
        yield
    except ModelError as error:
        if as_json:
            typer.echo(json.dumps({"error": error.as_dict()}))
        Console(stderr=True).print(str(error), markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error


def _put(data: Any, as_json: bool, lines: list[str]) -> None:
    typer.echo(json.dumps(data) if as_json else "\n".join(lines))


def _stored(bundle: ModelBundle, as_json: bool) -> None:
    folder = cache.store(bundle)
    summary = model_view.summary(bundle) | {"path": str(folder)}
    _put(summary, as_json, [f"{bundle.name}: stored in {folder}", *model_view.facts(bundle)])


@app.command("import")
def import_(
    path: Annotated[
        Path,
        typer.Argument(help="Archive (.tar.gz), folder of C sources or .npz, DNNw blob, or model folder."),
    ],
    name: _Name = None,
    tables: Annotated[
        Path | None,
        typer.Option("--tables", help="Quantiser tables for a DNNw blob: dred_stats.json, .npz or .c."),
    ] = None,
    experimental_version: Annotated[
        int,
        typer.Option(
            "--experimental-version", min=0, max=255, help="Version byte of payloads of this model."
        ),
    ] = official.EXPERIMENTAL_VERSION,
    as_json: _Json = False,
) -> None:
    """Import a model into the cache of this user.

    Every size, index and hash is checked before anything is stored; a model that is refused leaves the cache
    as it was.

    Example: dred model import opus_data-a5177ec6fb7d.tar.gz

    Exit code 0: stored; 1: refused, and why.
    """
    with _reporting(as_json), Console(stderr=True).status(f"Reading {path.name}"):
        bundle = import_model(path, name=name, tables=tables, experimental_version=experimental_version)
        _stored(bundle, as_json)


@app.command()
def fetch(
    url: Annotated[
        str, typer.Option("--url", help="A mirror; the hash stays the same.")
    ] = official.ARCHIVE_URL,
    sha256: Annotated[
        str, typer.Option("--sha256", callback=_sha256, help="What the archive must hash to.")
    ] = official.ARCHIVE_SHA256,
    name: _Name = None,
    as_json: _Json = False,
) -> None:
    """Download the official model, check its hash, and store it in the cache of this user.

    Example: dred model fetch

    Exit code 0: stored; 1: failed, and the cache is as it was.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with _reporting(as_json), Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Fetching", total=None)
        bundle = fetch_model(
            url, sha256, name=name, progress=lambda got, total: bar.update(task, completed=got, total=total)
        )
        _stored(bundle, as_json)


@app.command("list")
def list_(as_json: _Json = False) -> None:
    """List the models at hand and where they lie. Synthetic models are made by name and not listed.

    Example: dred model list
    """
    found = list_models()
    if as_json:
        typer.echo(json.dumps([model_view.row(model) for model in found]))
        return
    Console().print(model_view.table(found))
    if all(model.name != official.NAME for model in found):
        typer.echo("'dred model fetch' brings the official one, 'dred model import' any other.")


@app.command()
def verify(
    names: Annotated[list[str] | None, typer.Argument(help="Models; all if left out.")] = None,
    as_json: _Json = False,
) -> None:
    """Load models from every place where they lie, and check all of their hashes, sizes and indices.

    Example: dred model verify libopus-1.6

    Exit code 0: all are intact; 1: one is not, or unknown.
    """
    with _reporting(as_json):
        found = list_models()
        if names:
            found = [model for name in names for model in finding.verify(name)]
    lines = []
    for model in found:
        verdict = "intact" if model.intact else f"BROKEN: {model.error}"
        lines.append(f"{model.name or model.path} ({model.place}): {verdict}")
    _put([model_view.row(model) for model in found], as_json, lines)
    if not all(model.intact for model in found):
        raise typer.Exit(1)


@app.command("synthetic")
def synthetic_(
    seed: Annotated[
        int, typer.Option("--seed", min=0, max=(1 << 64) - 1, help="Everything follows from it.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write; it must be new.")],
    latent_dim: Annotated[int, typer.Option(min=1, max=256)] = synthetic.DEFAULT_DIMS[0],
    state_dim: Annotated[int, typer.Option(min=1, max=256)] = synthetic.DEFAULT_DIMS[1],
    dead_level: Annotated[
        int | None, typer.Option(min=0, max=15, help="A level at which no latent dimension is coded.")
    ] = None,
    network: Annotated[bool, typer.Option("--network", help="Add a small RDO-VAE decoder.")] = False,
    widths: Annotated[
        str | None, typer.Option(help="Add a decoder of these widths: hidden x dense x GRU x convolution.")
    ] = None,
    encoder: Annotated[bool, typer.Option("--encoder", help="Add a small RDO-VAE encoder.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a model folder that is there.")] = False,
    as_json: _Json = False,
) -> None:
    """Make a synthetic model: tables with all edge cases, the same bytes on every machine.

    Example: dred model synthetic --seed 7 -o synthetic-7 --widths 24x40x16x32
    """
    with _reporting(as_json):
        bundle = synthetic_model(
            seed,
            latent_dim=latent_dim,
            state_dim=state_dim,
            dead_level=dead_level,
            network=network,
            shape=None if widths is None else _shape(widths),
            encoder=encoder,
        )
        folder = save_model(bundle, output, replace=force)
    summary = model_view.summary(bundle) | {"path": str(folder)}
    _put(summary, as_json, [f"{bundle.name}: written to {folder}", *model_view.facts(bundle)])


@app.command()
def show(
    name: Annotated[
        str, typer.Argument(help="Name of a model, or the path of anything that can be imported.")
    ],
    as_json: _Json = False,
) -> None:
    """Show dimensions, hashes and layers of a model.

    Example: dred model show libopus-1.6
    """
    with _reporting(as_json):
        bundle = find_model(name) if NAME.fullmatch(name) and not Path(name).exists() else None
        if bundle is None:
            bundle = import_model(Path(name)) if Path(name).exists() else finding.require_model(name)
    if as_json:
        typer.echo(json.dumps(model_view.summary(bundle) | {"layers": model_view.layers(bundle)}))
        return
    typer.echo("\n".join([bundle.name, *model_view.facts(bundle)]))
    if bundle.networks:
        Console().print(model_view.layer_table(bundle))


@app.command()
def remove(
    name: Annotated[str, typer.Argument(callback=_model_name, help="Name of a model in the cache.")],
    as_json: _Json = False,
) -> None:
    """Remove a model from the cache of this user; other places are never touched.

    Example: dred model remove libopus-1.6

    Exit code 0: removed; 1: the cache has no such model.
    """
    with _reporting(as_json):
        removed = cache.remove(name)
        if not removed:
            advice = "See `dred model list`."
            raise ModelError("M8", "the cache has no such model", subject=name, advice=advice)
    _put({"removed": [str(path) for path in removed]}, as_json, [f"removed {path}" for path in removed])
