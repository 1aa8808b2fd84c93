"""Statements of a draft as entries for ``spec-notes/clauses``, to be filled in and pasted."""

import json
from collections.abc import Sequence

from dred_conformance.drafts.records import Draft
from dred_conformance.drafts.statements import Statement

__all__ = ["stub", "stubs"]


def _comment(text: str) -> str:
    # A control character is not allowed even in a comment of TOML.
    return "# " + "".join(character if character.isprintable() else " " for character in text)


def stub(statement: Statement, document: str, revision: str) -> str:
    """Return one entry; id, summary and stage are empty, so that it has to be edited."""
    fields = {
        "id": "",
        "document": document,
        "revision": revision,
        "section": statement.section,
        "keyword": statement.keywords[0],
        "summary": "",
        "seen": "text",
        "text_sha256": statement.sha256,
        "stage": "",
        "rules": [],
        "notes": f"Words: {', '.join(statement.keywords)}." if len(statement.keywords) > 1 else "",
    }
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
    return "\n".join([_comment(f"{statement.section}: {statement.text}"), "[[clause]]", *lines])


def stubs(draft: Draft, found: Sequence[Statement], document: str) -> str:
    """Return the entries of all statements as one TOML text."""
    return "\n\n".join(stub(statement, document, draft.revision) for statement in found) + "\n"
