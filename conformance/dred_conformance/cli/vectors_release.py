"""``dred vectors export``, ``changelog`` and ``diff``: vectors as a release."""

import json
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from dred_conformance.cli.files import write_bytes_whole, write_text_whole
from dred_conformance.cli.vectors import VectorsOption, opened, stopped
from dred_conformance.data import DataNotFoundError, data_folder
from dred_conformance.release.changelog import read_changelog
from dred_conformance.release.checking import release_problems
from dred_conformance.release.difference import Difference, compare_contents
from dred_conformance.release.editing import begin_entry, date_entry, with_figures
from dred_conformance.release.errors import ReleaseError
from dred_conformance.release.meaning import Contents, read_contents
from dred_conformance.release.packing import packed, release_name
from dred_conformance.release.signature import SIGNATURE_SUFFIXES, signature_of
from dred_conformance.release.versions import Change
from dred_conformance.vectors.manifest import file_digest, read_manifest
from dred_conformance.vectors.store import VectorError

__all__ = ["changelog", "diff", "export"]

_Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
_MEANING = {
    Change.NONE: "nothing differs",
    Change.PATCH: "patch: only words changed, no verdict can",
    Change.MINOR: "minor: more is judged",
    Change.MAJOR: "major: something is judged differently",
}


def export(
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="File to write, or a folder for it; ./NAME-VERSION.zip if left out."
        ),
    ] = None,
    vectors: VectorsOption = None,
    sign: Annotated[
        Path | None,
        typer.Option(help="Secret key of minisign or SSH; the signature is written beside the file."),
    ] = None,
    as_json: _Json = False,
) -> None:
    """Write the vectors as one file: verified, with hashes of everything, the same bytes on every machine.

    Example: dred vectors export -o opus-dred-vectors-0.1.0.zip --sign release.key

    Exit code 0: written; 1: the vectors are not as published ('dred vectors verify'); 2: wrong usage, or the
    key or its tool cannot be used. Nothing is written then.
    """
    with opened(vectors) as folder:
        problems = list(release_problems(folder))
        if problems:
            for problem in problems[:20]:
                typer.echo(str(problem), err=True)
            raise stopped(ReleaseError("nothing is exported; 'dred vectors verify' shows all of this"), 1)
        version = read_manifest(folder).version
        is_released = read_changelog(folder).entries[0].date is not None
        content = packed(folder)
    name = f"{release_name(version)}.zip"
    path = Path(name) if output is None else output / name if output.is_dir() else output
    try:
        suffix, signature = _signed(path.name, content, sign, release_name(version))
        signed = path.with_name(path.name + suffix) if suffix else None
        write_bytes_whole(path, content)
        if signed is not None:
            _write_beside(path, signed, signature)
    except ReleaseError as error:
        raise stopped(error) from error
    except OSError as error:
        raise stopped(OSError(f"{path}: cannot be written ({error.strerror})")) from error
    if not is_released:
        typer.echo(f"note: the changelog says that {version} is not released yet", err=True)
    for other in SIGNATURE_SUFFIXES.values():
        stale = path.with_name(path.name + other)
        if stale != signed and stale.is_file():
            typer.echo(f"note: {stale} was there before and may be of another file", err=True)
    summary = {
        "file": str(path),
        "version": version,
        "bytes": len(content),
        "sha256": file_digest(path),
        "signature": None if signed is None else str(signed),
    }
    if as_json:
        typer.echo(json.dumps(summary))
        return
    typer.echo(f"{path}: {len(content)} bytes, SHA-256 {summary['sha256']}")
    if signed is not None:
        typer.echo(f"{signed}: its signature")


def _signed(name: str, content: bytes, key: Path | None, comment: str) -> tuple[str, bytes]:
    """Sign before anything is written where it belongs."""
    if key is None:
        return "", b""
    with tempfile.TemporaryDirectory(prefix="dred-export-") as temporary:
        draft = Path(temporary) / name
        draft.write_bytes(content)
        return signature_of(draft, key, comment)


def _write_beside(path: Path, signed: Path, signature: bytes) -> None:
    """Write a signature; without it the file that it belongs to goes too."""
    try:
        write_bytes_whole(signed, signature)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def changelog(
    vectors: Annotated[
        Path | None, typer.Option(help="Folder of vectors; the published ones if left out.")
    ] = None,
    start: Annotated[
        str | None, typer.Option(metavar="VERSION", help="Begin the entry of the next version.")
    ] = None,
    release: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Date the newest entry: from then on nothing may change."),
    ] = None,
    as_json: _Json = False,
) -> None:
    """Write the figures of the vectors into the newest entry of their changelog.

    Its version is written into the manifest.

    Example: dred vectors changelog --start 0.1.1

    Exit code 0: written, or nothing to do; 1: that entry is released, or cannot be; 2: no changelog there.
    """
    if start is not None and release is not None:
        raise stopped(ValueError("give either --start or --release"))
    try:
        folder = vectors if vectors is not None else data_folder("vectors")
        read_changelog(folder)
    except (ReleaseError, DataNotFoundError) as error:
        raise stopped(error) from error
    try:
        if start is not None:
            edited = begin_entry(folder, start)
        else:
            edited = with_figures(folder) if release is None else date_entry(folder, release)
        for name, text in edited.texts.items():
            write_text_whole(folder / name, text)
    except (ReleaseError, VectorError) as error:
        raise stopped(error, 1) from error
    except OSError as error:
        raise stopped(error) from error
    entry = edited.entry
    if as_json:
        summary = {"version": str(entry.version), "date": entry.date, "figures": entry.figures}
        typer.echo(json.dumps(summary | {"written": sorted(edited.texts)}))
        return
    for name in edited.texts:
        typer.echo(f"written: {folder / name}")
    figures = ", ".join(f"{name} {value[:12]}" for name, value in entry.figures.items())
    typer.echo(f"{entry.version}, {entry.date or 'not released'}: {figures}")
    if not entry.text:
        typer.echo("now say below its table what changed")


def diff(
    old: Annotated[Path, typer.Argument(help="Folder or release file of the older vectors.")],
    new: Annotated[Path, typer.Argument(help="Folder or release file of the newer vectors.")],
    cases: Annotated[bool, typer.Option("--cases", help="List every case that differs.")] = False,
    as_json: _Json = False,
) -> None:
    """Tell what differs between two sets of vectors, and which version that asks for.

    Example: dred vectors diff opus-dred-vectors-0.1.0.zip vectors

    Exit code 0: equal; 1: something differs; 2: one of them cannot be read.
    """
    difference = compare_contents(_contents(old), _contents(new))
    if as_json:
        typer.echo(json.dumps(difference.to_json()))
    else:
        _print_difference(difference, with_cases=cases)
    raise typer.Exit(0 if difference.is_empty else 1)


def _contents(path: Path) -> Contents:
    with opened(path) as folder:
        return read_contents(folder)


def _print_difference(difference: Difference, *, with_cases: bool) -> None:
    kinds = ("added", "removed", "judged", "words")
    groups = difference.by_group()
    if with_cases:
        for change in difference.cases:
            members = f" ({', '.join(change.members)})" if change.members else ""
            typer.echo(f"{change.kind}: {change.id}{members}")
    elif groups:
        console = Console()
        table = Table()
        for name in ("group", *kinds):
            table.add_column(name, no_wrap=name == "group")
        for group, counts in groups.items():
            table.add_row(group, *(str(counts[kind] or "") for kind in kinds))
        (console if console.is_terminal else Console(width=120)).print(table)
    for what, sides in (("model", difference.models), ("file", difference.files)):
        for name, kind in sides.items():
            typer.echo(f"{what} {kind}: {name}")
    for group in difference.groups:
        typer.echo(f"description or order changed: {group}")
    typer.echo(f"{difference.old} -> {difference.new}: {_MEANING[difference.weight]}")
    if not difference.is_empty and not difference.is_version_enough:
        typer.echo(
            f"needs version {difference.needed} at least: say what changed in CHANGELOG.md "
            f"('dred vectors changelog --start {difference.needed}' begins the entry)"
        )
