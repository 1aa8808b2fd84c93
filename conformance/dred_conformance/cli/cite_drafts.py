"""``dred cite check`` and ``dred cite extract``: drafts and the clauses made from them."""

import html
import json
from pathlib import Path
from typing import Annotated

import typer

from dred_conformance.cli.cite import FAILED, fail, registry_or_exit
from dred_conformance.drafts.check import check
from dred_conformance.drafts.errors import DraftError
from dred_conformance.drafts.json_form import check_document, draft_document, statement_document
from dred_conformance.drafts.reading import read_draft
from dred_conformance.drafts.records import Draft
from dred_conformance.drafts.report import check_lines
from dred_conformance.drafts.statements import statements
from dred_conformance.drafts.stubs import stubs

__all__ = ["check_draft", "extract"]

_Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
_Document = Annotated[
    str | None,
    typer.Option("--document", help="Name of the document in the registry; that in the file if left out."),
]


def _read(path: Path) -> Draft:
    try:
        return read_draft(path)
    except (DraftError, OSError) as error:
        raise fail(error) from error


def check_draft(
    draft: Annotated[Path, typer.Option("--draft", help="RFCXML or text of a draft or RFC.")],
    base: Annotated[
        Path | None, typer.Option("--base", help="An earlier revision, to compare sentence by sentence.")
    ] = None,
    document: _Document = None,
    registry: Annotated[
        Path | None, typer.Option("--registry", help="Folder with clauses and rules; spec-notes if left out.")
    ] = None,
    as_json: _Json = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print as Markdown.")] = False,
) -> None:
    """Line the MUST, SHOULD and MAY sentences of a draft up with the clause registry.

    Example: dred cite check --draft draft-ietf-mlcodec-opus-dred-07.xml --base
    draft-ietf-mlcodec-opus-dred-05.xml

    Tells which are new, changed, moved, missing and unchanged, and which sentences a clause without a hash
    may stand for. Nothing is fetched. Exit code 0: nothing to do; 1: differences; 2: a file cannot be read.
    """
    clauses = registry_or_exit(registry)
    try:
        found = check(clauses, _read(draft), document, None if base is None else _read(base))
    except DraftError as error:
        raise fail(error) from error
    if as_json:
        typer.echo(json.dumps(check_document(found)))
    else:
        for line in check_lines(found):
            typer.echo(html.escape(line, quote=False) if as_markdown else line)
    raise typer.Exit(FAILED if found.has_differences else 0)


def extract(
    draft: Annotated[Path, typer.Argument(help="RFCXML or text of a draft or RFC.")],
    document: _Document = None,
    as_json: _Json = False,
) -> None:
    """Print the MUST, SHOULD and MAY sentences of a draft as entries for spec-notes/clauses.

    Example: dred cite extract draft-ietf-mlcodec-opus-dred-07.txt > new-clauses.toml

    Section, keyword and hash are filled in; id, summary, stage and rules are the editor's. The comments
    with the sentences help to write the summaries and are not meant to stay. Exit code 0: printed; 2: the
    file cannot be read.
    """
    found = _read(draft)
    try:
        sentences = statements(found)
    except DraftError as error:
        raise fail(f"{draft}: {error}") from error
    if as_json:
        rows = [statement_document(statement) for statement in sentences]
        typer.echo(json.dumps({"draft": draft_document(found), "statements": rows}))
    else:
        typer.echo(stubs(found, sentences, document or found.name), nl=False)
