"""Everything that belongs to one clause, for ``dred cite ID``."""

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from dred_conformance.clauses.coverage import ClauseCoverage
from dred_conformance.clauses.divergences import Divergence
from dred_conformance.clauses.records import Annotation
from dred_conformance.clauses.registry import Document, Registry
from dred_conformance.clauses.rules import Rule
from dred_conformance.clauses.verdicts import AdapterVerdicts, verdict_text

__all__ = ["Citation", "UnknownClauseError", "chosen_ids", "cite"]

_SHOWN_VECTORS = 5


class UnknownClauseError(Exception):
    """No clause has this id. The message names the ones that look like it."""


@dataclass(frozen=True)
class Citation:
    """A clause with all that is joined to it.

    Attributes
    ----------
    row
        The clause with its code, tests and vectors.
    document
        Its document.
    rules
        The rules that enforce it.
    divergences
        The divergences that mention it, or that its notes name.
    verdicts
        For each adapter the cases that cite it, by verdict.
    """

    row: ClauseCoverage
    document: Document
    rules: tuple[Rule, ...]
    divergences: tuple[Divergence, ...]
    verdicts: dict[str, Counter[str]]

    def lines(self, *, everything: bool, has_sources: bool) -> Iterator[str]:
        """Yield the citation as text.

        Parameters
        ----------
        everything
            List every vector.
        has_sources
            Whether code and tests could be searched.
        """
        clause = self.row.clause
        newest = f"newest revision {self.document.newest_revision}"
        revision = f"revision {clause.revision}" if clause.revision else newest
        section = f"section {clause.section}" if clause.section else "section not seen"
        yield f"{clause.id}: {clause.keyword or 'no requirement word'}"
        yield f"  {clause.summary}"
        yield f"  document: {clause.document}, {revision}, {section}"
        digest = clause.text_sha256 or "none, the sentence is not held"
        yield f"  seen: {clause.seen}; stage: {clause.stage}; sha256: {digest}"
        if clause.notes:
            yield f"  notes: {clause.notes}"
        for rule in self.rules:
            yield f"  rule {rule.id}: {rule.meaning}"
        for divergence in self.divergences:
            yield f"  divergence {divergence.id}: {divergence.title}"
        if has_sources:
            yield from _places("code in Python", self.row.python)
            yield from _places("code in C++", self.row.native)
            yield from _places("tests", self.row.tests)
        else:
            yield "  code and tests: need a checkout of the sources; this is an installed package"
        names = list(dict.fromkeys(found.target for found in self.row.vectors))
        shown = names if everything else names[:_SHOWN_VECTORS]
        more = f" ... and {len(names) - len(shown)} more (--all)" if len(shown) < len(names) else ""
        yield f"  vectors: {len(names)}{': ' if names else ''}{', '.join(shown)}{more}"
        for adapter, counts in self.verdicts.items():
            yield f"  verdicts of {adapter}: {verdict_text(counts)}"
        if self.row.exception is not None:
            yield f"  not covered: {', '.join(self.row.exception.columns)}: {self.row.exception.reason}"

    def as_json(self) -> dict[str, Any]:
        """Return the citation as JSON."""
        clause = self.row.clause
        return {
            "id": clause.id,
            "document": clause.document,
            "newest_revision": self.document.newest_revision,
            "revision": clause.revision,
            "section": clause.section,
            "keyword": clause.keyword,
            "seen": clause.seen,
            "summary": clause.summary,
            "text_sha256": clause.text_sha256,
            "stage": clause.stage,
            "notes": clause.notes,
            "rules": [{"id": rule.id, "meaning": rule.meaning} for rule in self.rules],
            "divergences": [{"id": item.id, "title": item.title} for item in self.divergences],
            "python": [_place(found) for found in self.row.python],
            "native": [_place(found) for found in self.row.native],
            "tests": [_place(found) for found in self.row.tests],
            "vectors": list(dict.fromkeys(found.target for found in self.row.vectors)),
            "verdicts": {name: dict(counts) for name, counts in self.verdicts.items()},
            "exception": None
            if self.row.exception is None
            else {"columns": list(self.row.exception.columns), "reason": self.row.exception.reason},
        }


def _place(found: Annotation) -> dict[str, Any]:
    return {"path": found.path.as_posix(), "line": found.line, "name": found.target}


def _places(title: str, found: Sequence[Annotation]) -> Iterator[str]:
    yield f"  {title}: {len(found) or 'none'}"
    for place in found:
        yield f"    {place.path.as_posix()}:{place.line} {place.target}".rstrip()


def chosen_ids(registry: Registry, patterns: Sequence[str]) -> list[str]:
    """Return the ids that patterns choose, in the order of the registry.

    Raises
    ------
    UnknownClauseError
        If a pattern chooses none.
    """
    for pattern in patterns:
        if not any(fnmatchcase(clause.id, pattern) for clause in registry):
            near = difflib.get_close_matches(pattern, registry.clauses, n=3, cutoff=0.5)
            hint = f"; did you mean {', '.join(near)}?" if near else "; 'dred cite \"*\"' shows all"
            raise UnknownClauseError(f"no clause '{pattern}'{hint}")
    return [clause.id for clause in registry if any(fnmatchcase(clause.id, pattern) for pattern in patterns)]


def cite(
    registry: Registry,
    row: ClauseCoverage,
    divergences: Sequence[Divergence],
    verdicts: Sequence[AdapterVerdicts],
) -> Citation:
    """Join everything that belongs to a clause."""
    clause = row.clause
    return Citation(
        row,
        registry.documents[clause.document],
        tuple(registry.rules[rule] for rule in clause.rules),
        tuple(
            item
            for item in divergences
            if clause.id in item.clauses
            or item.id in clause.notes.replace(".", " ").replace(",", " ").split()
        ),
        {item.adapter: Counter(item.by_clause.get(clause.id, {})) for item in verdicts},
    )
