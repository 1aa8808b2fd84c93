"""A check in words: one Markdown text, which is also what a terminal shows."""

from collections import Counter
from collections.abc import Iterator, Sequence

from dred_conformance.drafts.alignment import (
    SENTENCE_THRESHOLD,
    SUGGESTION_THRESHOLD,
    SUMMARY_THRESHOLD,
    Pair,
)
from dred_conformance.drafts.check import KINDS, Check, Unlinked
from dred_conformance.drafts.records import Draft
from dred_conformance.drafts.statements import Statement

__all__ = ["check_lines"]

_MEANINGS = {
    "new": "in the draft, not in the registry",
    "changed": "another wording",
    "moved": "the same sentence in another section",
    "missing": "not in the draft any more",
    "unchanged": "the same sentence in the same section",
}


def _place(statement: Statement) -> str:
    place = f"section {statement.section}" if statement.section[:1].isdigit() else statement.section
    return f"{place}, statement {statement.index}"


def _title(draft: Draft) -> str:
    return "-".join(part for part in (draft.name or "unnamed", draft.revision) if part)


def _pair_lines(pair: Pair) -> Iterator[str]:
    entry, statement = pair.entry, pair.statement
    what = f"**{entry.id}** " if entry is not None else ""
    if statement is None:
        where = f"(was in {entry.section})" if entry is not None and entry.section else ""
    else:
        where = f"{_place(statement)}: {', '.join(statement.keywords)}"
        if pair.kind == "moved" and entry is not None:
            where += f" (was in {entry.section})"
        if pair.similarity is not None:
            where += f" (similarity {pair.similarity})"
    yield f"- {what}{where}".rstrip()
    if entry is not None and pair.kind in {"changed", "missing"}:
        yield f"  - {'summary' if entry.is_summary else 'before'}: {entry.wording}"
    if statement is not None and pair.kind != "unchanged":
        yield f"  - {'now: ' if entry is not None else ''}{statement.text}"
        yield f"  - sha256 {statement.sha256}"


def _kinds(pairs: Sequence[Pair], meanings: dict[str, str]) -> Iterator[str]:
    for kind in KINDS:
        chosen = [pair for pair in pairs if pair.kind == kind]
        if chosen:
            yield ""
            yield f"### {kind}: {len(chosen)} ({meanings[kind]})"
            yield ""
            for pair in chosen:
                yield from _pair_lines(pair)


def _unlinked_lines(unlinked: Sequence[Unlinked]) -> Iterator[str]:
    yield ""
    yield f"## Clauses without the hash of a sentence: {len(unlinked)}"
    yield ""
    yield (
        f"The statements most like keyword and summary (similarity {SUGGESTION_THRESHOLD} or more), "
        "for an editor to link."
    )
    yield ""
    for item in unlinked:
        seen = f"seen: {item.clause.seen}"
        gone = f"; **section {item.clause.section} is not in this draft**" if item.section_is_gone else ""
        word = item.clause.keyword or "no keyword"
        yield f"- **{item.clause.id}** {word}, {seen}{gone}: {item.clause.summary}"
        for near in item.candidates:
            yield f"  - {near.similarity}: {_place(near.statement)}: {near.statement.text}"
        if not item.candidates:
            yield "  - no statement comes near"


def check_lines(found: Check) -> Iterator[str]:
    """Yield the lines of the report, the summary last, without escapes of Markdown."""
    yield f"# {_title(found.draft)} ({found.draft.form}) against the clauses of {found.document.name}"
    if not found.holds_sentences:
        yield ""
        yield "No clause of the document has the hash of a sentence: no sentence of any text is held here."
        yield f"What was seen of the text: {found.document.seen_of_text}"
        yield "So nothing can be called unchanged, moved, changed or missing; every statement counts as new"
        yield "until a clause has its hash, which 'dred cite extract' prints."
    yield from _kinds(found.pairs, _MEANINGS)
    if found.unlinked:
        yield from _unlinked_lines(found.unlinked)
    if found.base is not None:
        yield ""
        yield f"## Statements of {_title(found.base)} against those of {_title(found.draft)}"
        yield from _kinds(found.revision_pairs, _MEANINGS | {"new": "not in the earlier revision"})
    if found.draft.left_out:
        yield ""
        yield f"## Left out as code or artwork, with requirement words: {len(found.draft.left_out)}"
        yield ""
        for item in found.draft.left_out:
            yield f"- {item.section}: {item.text[:200]}"
    yield ""
    yield "## Summary"
    yield ""
    yield f"- {len(found.statements)} statements in {len(found.draft.sections)} sections"
    yield f"- registry: {', '.join(f'{count} {kind}' for kind, count in found.counts.items())}"
    linkable = sum(bool(item.candidates) for item in found.unlinked)
    yield f"- clauses without a hash: {len(found.unlinked)}, {linkable} of them with a candidate"
    if found.base is not None:
        counts = Counter(pair.kind for pair in found.revision_pairs)
        yield f"- since {_title(found.base)}: {', '.join(f'{counts[kind]} {kind}' for kind in KINDS)}"
    yield f"- changed: similarity {SENTENCE_THRESHOLD} to a sentence or {SUMMARY_THRESHOLD} to a summary"
