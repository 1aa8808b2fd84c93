"""``dred vectors``: list, verify, format and generate the test vectors."""

import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from dred_conformance.cli.files import write_text_whole
from dred_conformance.data import DataNotFoundError, data_folder
from dred_conformance.vectors.canonical import canonical_json
from dred_conformance.vectors.generate.command import GenerationError, generate_all
from dred_conformance.vectors.identify import identified
from dred_conformance.vectors.store import VectorError, VectorStore

__all__ = ["app"]

app = typer.Typer(help="List, verify, format and generate the test vectors.", no_args_is_help=True)
_Folder = Annotated[
    Path | None, typer.Option("--vectors", help="Folder of vectors; the published ones if left out.")
]
_Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


def _fail(error: Exception, code: int = 2) -> typer.Exit:
    typer.echo(str(error), err=True)
    return typer.Exit(code)


def _store(folder: Path | None) -> VectorStore:
    try:
        return VectorStore(folder if folder is not None else data_folder("vectors"))
    except (VectorError, DataNotFoundError) as error:
        raise _fail(error) from error


@app.command("list")
def list_groups(vectors: _Folder = None, as_json: _Json = False) -> None:
    """List the groups of vectors.

    Example: dred vectors list
    """
    store = _store(vectors)
    try:
        groups = list(store.groups())
    except VectorError as error:
        raise _fail(error, 1) from error
    rows = [
        {
            "group": group.name,
            "stage": group.stage,
            "cases": len(group.cases),
            "results": dict(Counter(case.result for case in group.cases)),
            "description": group.description,
        }
        for group in groups
    ]
    if as_json:
        typer.echo(json.dumps({"version": store.manifest.version, "groups": rows}))
        return
    table = Table(title=f"vectors {store.manifest.version}: {sum(len(g.cases) for g in groups)} cases")
    for name in ("group", "stage", "cases", "description"):
        table.add_column(name)
    for row in rows:
        table.add_row(str(row["group"]), str(row["stage"]), str(row["cases"]), str(row["description"]))
    Console().print(table)


@app.command()
def verify(vectors: _Folder = None, as_json: _Json = False) -> None:
    """Check every file of a vector folder: hashes, schema, ids, canonical form.

    Example: dred vectors verify --vectors ./vectors

    Exit code 0: all is as published; 1: something differs; 2: no vectors there.
    """
    problems = _store(vectors).verify()
    if as_json:
        typer.echo(json.dumps({"problems": problems}))
    else:
        for problem in problems:
            typer.echo(problem)
        if not problems:
            typer.echo("all vector files are as published")
    raise typer.Exit(1 if problems else 0)


@app.command("fmt")
def format_files(
    files: Annotated[list[Path], typer.Argument(help="Group files.")],
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail if something would change.")
    ] = False,
) -> None:
    """Bring group files into canonical form and give the cases their ids.

    Example: dred vectors fmt --check vectors/packet/*.json

    Exit code 0: in form; 1: not in form (with --check); 2: a file cannot be read.
    """
    changed = []
    for path in files:
        try:
            before = path.read_text(encoding="utf-8")
            after = canonical_json(identified(json.loads(before)))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _fail(VectorError(f"{path}: {error}")) from error
        if after != before:
            changed.append(path)
            if not check:
                write_text_whole(path, after)
    for path in changed:
        typer.echo(f"{'not in canonical form' if check else 'formatted'}: {path}")
    raise typer.Exit(1 if changed and check else 0)


@app.command()
def generate(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write; made if missing.")],
    seed: Annotated[int, typer.Option(help="Seed of everything random in the vectors.")] = 20261122,
    as_json: _Json = False,
) -> None:
    """Generate all vectors anew from the seed; both implementations must agree on every case.

    Example: dred vectors generate -o vectors

    Exit code 0: written; 1: the implementations disagree or a case is not what it claims; nothing is written.
    """
    try:
        summary = generate_all(output, seed, Console(stderr=True))
    except GenerationError as error:
        raise _fail(error, 1) from error
    typer.echo(
        json.dumps(summary) if as_json else "\n".join(f"{name}: {count}" for name, count in summary.items())
    )
