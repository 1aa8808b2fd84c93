"""A check as JSON."""

from typing import Any

from dred_conformance.drafts.alignment import (
    SAME_PLACE,
    SENTENCE_THRESHOLD,
    SUGGESTION_THRESHOLD,
    SUMMARY_THRESHOLD,
    Pair,
)
from dred_conformance.drafts.check import KINDS, Check
from dred_conformance.drafts.records import Draft
from dred_conformance.drafts.statements import Statement

__all__ = ["check_document", "draft_document", "statement_document"]


def statement_document(statement: Statement) -> dict[str, Any]:
    """Return a statement."""
    return {
        "section": statement.section,
        "index": statement.index,
        "keywords": list(statement.keywords),
        "text": statement.text,
        "sha256": statement.sha256,
    }


def draft_document(draft: Draft) -> dict[str, Any]:
    """Return what is known of a draft file, with what was left out of it."""
    return {
        "name": draft.name,
        "revision": draft.revision,
        "form": draft.form,
        "sections": len(draft.sections),
        "left_out": [{"section": item.section, "text": item.text} for item in draft.left_out],
    }


def _pair(pair: Pair) -> dict[str, Any]:
    data: dict[str, Any] = {"kind": pair.kind}
    if pair.entry is not None:
        data["entry"] = {"id": pair.entry.id, "section": pair.entry.section, "sha256": pair.entry.sha256}
        data["entry"]["summary" if pair.entry.is_summary else "text"] = pair.entry.wording
    if pair.statement is not None:
        data["statement"] = statement_document(pair.statement)
    if pair.similarity is not None:
        data["similarity"] = pair.similarity
    return data


def check_document(found: Check) -> dict[str, Any]:
    """Return the whole check."""
    data: dict[str, Any] = {
        "format": "dred-cite-check/1",
        "draft": draft_document(found.draft),
        "document": found.document.name,
        "holds_sentences": found.holds_sentences,
        "thresholds": {
            "sentence": SENTENCE_THRESHOLD,
            "summary": SUMMARY_THRESHOLD,
            "suggestion": SUGGESTION_THRESHOLD,
            "same_section_adds": SAME_PLACE,
        },
        "statements": len(found.statements),
        "counts": found.counts,
        "pairs": [_pair(pair) for kind in KINDS for pair in found.pairs if pair.kind == kind],
        "unlinked": [
            {
                "id": item.clause.id,
                "keyword": item.clause.keyword,
                "seen": item.clause.seen,
                "section": item.clause.section,
                "section_is_gone": item.section_is_gone,
                "summary": item.clause.summary,
                "candidates": [
                    {"similarity": near.similarity, "statement": statement_document(near.statement)}
                    for near in item.candidates
                ],
            }
            for item in found.unlinked
        ],
        "has_differences": found.has_differences,
    }
    if found.base is not None:
        data["base"] = draft_document(found.base)
        data["revisions"] = [_pair(pair) for pair in found.revision_pairs]
    return data
