"""A draft against the clause registry, and against an earlier revision."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dred_conformance.clauses.registry import Clause, Document, Registry
from dred_conformance.drafts.alignment import SUGGESTION_THRESHOLD, Entry, Pair, align, family
from dred_conformance.drafts.errors import DraftError
from dred_conformance.drafts.records import Draft
from dred_conformance.drafts.similarity import Wording, summary_similarity
from dred_conformance.drafts.statements import Statement, statements

__all__ = ["KINDS", "Candidate", "Check", "Unlinked", "check", "document_of", "entries_of_draft"]

KINDS = ("new", "changed", "moved", "missing", "unchanged")
_MOST_CANDIDATES = 3


@dataclass(frozen=True)
class Candidate:
    """A statement that a clause without a hash may stand for."""

    statement: Statement
    similarity: float


@dataclass(frozen=True)
class Unlinked:
    """A clause without a hash.

    Attributes
    ----------
    clause
        The clause.
    candidates
        The statements most like its keyword and summary, best first.
    section_is_gone
        Whether it names a section that the draft does not have.
    """

    clause: Clause
    candidates: tuple[Candidate, ...]
    section_is_gone: bool


@dataclass(frozen=True)
class Check:
    """What lining a draft up found.

    Attributes
    ----------
    draft
        The draft.
    document
        The document of the registry.
    statements
        All statements of the draft.
    pairs
        Clauses with a hash, and the statements that are new.
    unlinked
        Clauses without a hash.
    revision_pairs
        The statements of an earlier revision against those of this one; empty without one.
    base
        The earlier revision.
    """

    draft: Draft
    document: Document
    statements: tuple[Statement, ...]
    pairs: tuple[Pair, ...]
    unlinked: tuple[Unlinked, ...]
    revision_pairs: tuple[Pair, ...]
    base: Draft | None

    @property
    def counts(self) -> dict[str, int]:
        """How many pairs there are of each kind."""
        counts = Counter(pair.kind for pair in self.pairs)
        return {kind: counts[kind] for kind in KINDS}

    @property
    def holds_sentences(self) -> bool:
        """Whether any clause of the document has the hash of a sentence."""
        return any(pair.entry is not None for pair in self.pairs)

    @property
    def has_differences(self) -> bool:
        """Whether there is anything to do: registry and draft, or the two revisions, differ."""
        pairs = (*self.pairs, *self.revision_pairs)
        return any(pair.kind != "unchanged" for pair in pairs) or any(
            clause.section_is_gone for clause in self.unlinked
        )


def document_of(registry: Registry, draft: Draft, name: str | None) -> Document:
    """Return the document of the registry that a draft is a revision of.

    Raises
    ------
    DraftError
        If there is none.
    """
    wanted = draft.name if name is None else name
    if wanted in registry.documents:
        return registry.documents[wanted]
    known = ", ".join(f"'{document}'" for document in registry.documents)
    what = f"no document '{wanted}' in the registry" if wanted else "the draft does not say its name"
    raise DraftError(f"{what}; say with --document which of {known} it is")


def entries_of_draft(draft: Draft) -> tuple[Entry, ...]:
    """Return the statements of a draft as entries."""
    return tuple(
        Entry(
            f"{found.section}#{found.index}",
            found.section,
            found.keywords[0],
            found.sha256,
            found.text,
            False,
        )
        for found in statements(draft)
    )


def _unlinked(clause: Clause, found: Sequence[tuple[Statement, Wording]], sections: set[str]) -> Unlinked:
    summary = Wording(clause.summary)
    candidates = [
        Candidate(statement, round(summary_similarity(summary, wording), 3))
        for statement, wording in found
        if not clause.keyword or family(clause.keyword) in map(family, statement.keywords)
    ]
    near = [candidate for candidate in candidates if candidate.similarity >= SUGGESTION_THRESHOLD]
    near.sort(key=lambda candidate: -candidate.similarity)
    is_gone = bool(clause.section) and clause.section not in sections
    return Unlinked(clause, tuple(near[:_MOST_CANDIDATES]), is_gone)


def check(registry: Registry, draft: Draft, name: str | None = None, base: Draft | None = None) -> Check:
    """Line a draft up with the registry.

    Parameters
    ----------
    registry
        The clauses.
    draft
        The draft.
    name
        Name of the document in the registry; that of the draft if left out.
    base
        An earlier revision. Its sentences stand for the clauses that have their hashes, and are lined up
        themselves.

    Raises
    ------
    DraftError
        If the registry does not have the document, or the draft has too many statements.
    """
    document = document_of(registry, draft, name)
    found = statements(draft)
    old = {} if base is None else {entry.sha256: entry.wording for entry in entries_of_draft(base)}
    clauses = [clause for clause in registry if clause.document == document.name]
    entries = [
        Entry(
            clause.id,
            clause.section,
            clause.keyword,
            clause.text_sha256,
            old.get(clause.text_sha256, clause.summary),
            clause.text_sha256 not in old,
        )
        for clause in clauses
        if clause.text_sha256
    ]
    wordings = [(statement, Wording(statement.text)) for statement in found]
    sections = {section.label for section in draft.sections}
    return Check(
        draft,
        document,
        found,
        align(entries, found),
        tuple(_unlinked(clause, wordings, sections) for clause in clauses if not clause.text_sha256),
        () if base is None else align(entries_of_draft(base), found),
        base,
    )
