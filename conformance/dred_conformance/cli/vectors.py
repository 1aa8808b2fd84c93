"""``dred vectors``: list, verify, format and generate the test vectors."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dred_conformance.cli.files import write_text_whole
from dred_conformance.data import DataNotFoundError, data_folder
from dred_conformance.release.checking import release_problems
from dred_conformance.release.errors import ReleaseError
from dred_conformance.release.opening import opened_vectors
from dred_conformance.release.signature import SIGNATURE_SUFFIXES, BadSignatureError, check_signature
from dred_conformance.release.texts import add_missing_texts
from dred_conformance.runner.selection import Selection, SelectionError
from dred_conformance.vectors.case import Case, Group
from dred_conformance.vectors.formatting import formatted, formatted_folder
from dred_conformance.vectors.generate.command import GenerationError, generate_all
from dred_conformance.vectors.store import VectorError, VectorStore

__all__ = ["VectorsOption", "app", "opened", "stopped"]

app = typer.Typer(help="List, verify, format, generate and release the test vectors.", no_args_is_help=True)
VectorsOption = Annotated[
    Path | None,
    typer.Option("--vectors", help="Folder or release file of vectors; the published ones if left out."),
]
_Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
_WIDTH_OF_FILES = 160  # of tables that no terminal bounds
_UNUSABLE = (VectorError, ReleaseError, DataNotFoundError)


def stopped(error: Exception, code: int = 2) -> typer.Exit:
    """Say why a command stops, and return what ends it."""
    typer.echo(str(error), err=True)
    return typer.Exit(code)


@contextmanager
def opened(vectors: Path | None) -> Iterator[Path]:
    """Give the folder of the vectors that a command is about; exit code 2 where there is none."""
    try:
        with opened_vectors(vectors if vectors is not None else data_folder("vectors")) as folder:
            yield folder
    except _UNUSABLE as error:
        raise stopped(error) from error


@app.command("list")
def list_groups(
    vectors: VectorsOption = None,
    stage: Annotated[list[str] | None, typer.Option(help="Only cases of this stage (repeatable).")] = None,
    clause: Annotated[
        list[str] | None, typer.Option(help="Only cases citing this clause; * and ? work.")
    ] = None,
    case_id: Annotated[list[str] | None, typer.Option("--id", help="Only this case; * and ? work.")] = None,
    flag: Annotated[list[str] | None, typer.Option(help="Only cases with this flag; * and ? work.")] = None,
    cases: Annotated[bool, typer.Option("--cases", help="List every case, not only the groups.")] = False,
    as_json: _Json = False,
) -> None:
    """List the groups of vectors, or the cases.

    Example: dred vectors list --stage packet --flag boundary --cases

    Exit code 0: listed; 1: a file is damaged; 2: no vectors there, or none is chosen.
    """
    selection = Selection(
        stages=tuple(stage or ()),
        clauses=tuple(clause or ()),
        ids=tuple(case_id or ()),
        flags=tuple(flag or ()),
    )
    with opened(vectors) as folder:
        store = VectorStore(folder)
        try:
            groups = list(store.groups())
            selection.among([case for group in groups for case in group.cases])
        except VectorError as error:
            raise stopped(error, 1) from error
        except SelectionError as error:
            raise stopped(error) from error
    chosen = [(group, some) for group in groups if (some := selection.of([group]))]
    if as_json:
        rows = [_group_row(group, some, with_cases=cases) for group, some in chosen]
        typer.echo(json.dumps({"version": store.manifest.version, "groups": rows}))
    elif cases:
        _print_cases([case for _, some in chosen for case in some])
    else:
        _print_groups(f"vectors {store.manifest.version}", chosen)


def _group_row(group: Group, cases: list[Case], *, with_cases: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "group": group.name,
        "stage": group.stage,
        "cases": len(cases),
        "results": dict(Counter(case.result for case in cases)),
        "description": group.description,
    }
    if with_cases:
        row["members"] = [
            {
                "id": case.id,
                "op": case.op,
                "result": case.result,
                "strength": case.strength,
                "flags": list(case.flags),
                "clauses": list(case.clauses),
                "comment": case.comment,
            }
            for case in cases
        ]
    return row


def _printable(text: str) -> Text:
    """Return text of a file that nobody vouches for: no markup, no control characters."""
    return Text("".join(character if character.isprintable() else "?" for character in text))


def _print_table(title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDTH_OF_FILES)
    table = Table(title=_printable(title), title_justify="left")
    for number, name in enumerate(columns):
        table.add_column(name, no_wrap=number == 0, overflow="fold")
    for row in rows:
        table.add_row(*map(_printable, row))
    console.print(table)


def _print_groups(title: str, chosen: list[tuple[Group, list[Case]]]) -> None:
    rows = [(group.name, group.stage, str(len(cases)), group.description) for group, cases in chosen]
    total = sum(len(cases) for _, cases in chosen)
    _print_table(
        f"{title}: {total} cases in {len(rows)} groups", ("group", "stage", "cases", "description"), rows
    )


def _print_cases(cases: list[Case]) -> None:
    rows = [(case.id, case.op, case.result, " ".join(case.flags), case.comment) for case in cases]
    _print_table(f"{len(cases)} cases", ("id", "op", "result", "flags", "comment"), rows)


@app.command()
def verify(
    release: Annotated[
        Path | None,
        typer.Argument(metavar="[PATH]", help="Folder or release file; the published vectors if left out."),
    ] = None,
    vectors: VectorsOption = None,
    signature: Annotated[
        Path | None, typer.Option(help="Detached signature of the file (minisign or ssh-keygen).")
    ] = None,
    public_key: Annotated[
        str | None, typer.Option(help="Public key of the signature, or a file with it.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Check vectors: signature, hashes, schema, ids, clauses, flags, arrays, models, form, changelog.

    Example: dred vectors verify opus-dred-vectors-0.1.0.zip --signature opus-dred-vectors-0.1.0.zip.minisig
    --public-key release.pub

    Exit code 0: all is as published; 1: something differs, or the signature is not good; 2: no vectors there,
    or wrong usage.
    """
    if release is not None and vectors is not None:
        raise stopped(ValueError("give either PATH or --vectors"))
    path = release or vectors
    signed_by = None
    if signature is not None or public_key is not None:
        if signature is None or public_key is None or path is None:
            raise stopped(
                ValueError("a signature is checked with PATH, --signature and --public-key together")
            )
        try:
            signed_by = check_signature(path, signature, public_key)
        except BadSignatureError as error:
            raise stopped(error, 1) from error
        except ReleaseError as error:
            raise stopped(error) from error
    is_file = path is not None and path.is_file()
    with opened(path) as folder:
        problems = list(release_problems(folder, must_have_sums=is_file))
        version = VectorStore(folder).manifest.version
    if as_json:
        shown = [problem.to_json() for problem in problems]
        typer.echo(json.dumps({"version": version, "signed_by": signed_by, "problems": shown}))
    else:
        for problem in problems:
            typer.echo(str(problem))
        if signed_by is not None:
            typer.echo(f"the signature is good ({signed_by})")
        elif is_file and path is not None:
            _mention_signatures(path)
        if not problems:
            typer.echo(f"all vector files are as published (version {version})")
    raise typer.Exit(1 if problems else 0)


def _mention_signatures(path: Path) -> None:
    for suffix in SIGNATURE_SUFFIXES.values():
        beside = path.with_name(path.name + suffix)
        if beside.is_file():
            typer.echo(f"not checked: {beside}; give --signature and --public-key", err=True)


@app.command("fmt")
def format_files(
    files: Annotated[list[Path] | None, typer.Argument(help="Group files; the whole folder if none.")] = None,
    vectors: Annotated[
        Path | None, typer.Option(help="Folder of vectors; the published ones if left out.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail if something would change.")
    ] = False,
    as_json: _Json = False,
) -> None:
    """Bring vectors into canonical form and give the cases their ids; of a whole folder, hashes too.

    Example: dred vectors fmt --check

    After a change by hand: 'dred vectors fmt', then 'dred vectors verify', which says what is still to do.

    Exit code 0: in form; 1: not in form (with --check); 2: a file cannot be read.
    """
    if files and vectors is not None:
        raise stopped(ValueError("give either FILES or --vectors"))
    try:
        if files:
            texts = {path: formatted(path) for path in files}
        else:
            texts = dict(formatted_folder(vectors if vectors is not None else data_folder("vectors")))
        changed = {path: text for path, text in texts.items() if path.read_text(encoding="utf-8") != text}
        for path, text in changed.items():
            if not check:
                write_text_whole(path, text)
    except (VectorError, DataNotFoundError, OSError) as error:
        raise stopped(error) from error
    if as_json:
        typer.echo(json.dumps({"checked": len(texts), "changed": [str(path) for path in changed]}))
    else:
        for path in changed:
            typer.echo(f"{'not in canonical form' if check else 'formatted'}: {path}")
        if not changed:
            typer.echo(f"{len(texts)} files are in canonical form")
    raise typer.Exit(1 if changed and check else 0)


@app.command()
def generate(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write; made if missing.")],
    seed: Annotated[int, typer.Option(help="Seed of everything random in the vectors.")] = 20261122,
    as_json: _Json = False,
) -> None:
    """Generate all vectors anew from the seed; both implementations must agree on every case.

    Example: dred vectors generate -o vectors

    The same seed gives the same bytes on every machine. Texts in the folder stay, missing ones are copied.

    Exit code 0: written; 1: the implementations disagree or a case is not what it claims; nothing is written.
    """
    try:
        summary = generate_all(output, seed, Console(stderr=True))
        add_missing_texts(data_folder("vectors"), output)
        for problem in release_problems(output):
            typer.echo(f"still to do: {problem}", err=True)
    except GenerationError as error:
        raise stopped(error, 1) from error
    typer.echo(
        json.dumps(summary) if as_json else "\n".join(f"{name}: {count}" for name, count in summary.items())
    )
