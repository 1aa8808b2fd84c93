"""Lining statements of a draft up with entries that were made from another text.

An entry has the hash of a sentence, its section, and wording to compare. Same hash: *unchanged*, or *moved*
if the section is another. Where the hash is gone, the most alike statement that no entry has is *changed*,
if it is alike enough; without one the entry is *missing*. Statements that remain are *new*.
"""

from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass

from dred_conformance.drafts.similarity import Wording, sentence_similarity, summary_similarity
from dred_conformance.drafts.statements import Statement

__all__ = [
    "SAME_PLACE",
    "SENTENCE_THRESHOLD",
    "SUGGESTION_THRESHOLD",
    "SUMMARY_THRESHOLD",
    "Entry",
    "Pair",
    "align",
    "family",
]

SENTENCE_THRESHOLD = 0.5
# A summary in our own words shares fewer words with its sentence; a suggestion to an editor may be wrong.
SUMMARY_THRESHOLD = 0.4
SUGGESTION_THRESHOLD = 0.25
SAME_PLACE = 0.1
_FAMILIES = {
    "REQUIRED": "MUST",
    "SHALL": "MUST",
    "SHALL NOT": "MUST NOT",
    "RECOMMENDED": "SHOULD",
    "NOT RECOMMENDED": "SHOULD NOT",
    "OPTIONAL": "MAY",
}


def family(keyword: str) -> str:
    """Return the requirement word that means the same and is used most."""
    return _FAMILIES.get(keyword, keyword)


@dataclass(frozen=True)
class Entry:
    """One thing to line up: a clause of the registry, or a statement of an earlier revision.

    Attributes
    ----------
    id
        The clause id, or what names the statement.
    section
        Section of the sentence, empty if not known.
    keyword
        Its first requirement word, empty if it has none.
    sha256
        Hash of the sentence.
    wording
        The sentence itself, or a summary of it.
    is_summary
        Whether the wording is a summary.
    """

    id: str
    section: str
    keyword: str
    sha256: str
    wording: str
    is_summary: bool


@dataclass(frozen=True)
class Pair:
    """An entry and a statement that belong together; one of them may be absent.

    Attributes
    ----------
    kind
        ``unchanged``, ``moved``, ``changed``, ``missing`` or ``new``.
    similarity
        For ``changed``: how alike they are.
    """

    kind: str
    entry: Entry | None
    statement: Statement | None
    similarity: float | None = None


def _score(entry: Entry, wording: Wording, statement: Statement, found: Wording) -> float:
    """Return how much speaks for a pair, 0 where the threshold is not reached."""
    if entry.is_summary:
        same_word = not entry.keyword or family(entry.keyword) in map(family, statement.keywords)
        alike, least = summary_similarity(wording, found) if same_word else 0.0, SUMMARY_THRESHOLD
    else:
        alike, least = sentence_similarity(wording, found), SENTENCE_THRESHOLD
    return alike + SAME_PLACE * (entry.section == statement.section) if alike >= least else 0.0


def align(entries: Sequence[Entry], statements: Sequence[Statement]) -> tuple[Pair, ...]:
    """Line entries up with statements.

    Parameters
    ----------
    entries
        Those with a hash. Several may have the same.
    statements
        Those of the draft.

    Returns
    -------
    tuple of Pair
        The pairs of all entries in their order, then the new statements in theirs.
    """
    same_hash: defaultdict[str, list[int]] = defaultdict(list)
    for index, statement in enumerate(statements):
        same_hash[statement.sha256].append(index)
    places: dict[int, tuple[str, int, float | None]] = {}
    known: set[int] = set()
    for is_here in (True, False):
        for number, entry in enumerate(entries):
            # Several clauses may stand for one sentence; a sentence of an earlier revision stands for itself.
            same = [i for i in same_hash.get(entry.sha256, []) if entry.is_summary or i not in known]
            here = [i for i in same if not entry.section or statements[i].section == entry.section]
            found = here if is_here else same
            if found and number not in places:
                places[number] = ("unchanged" if is_here else "moved", found[0], None)
                known.update(same if entry.is_summary else found[:1])
    lost = [number for number in range(len(entries)) if number not in places]
    for number, index, score in _changed(entries, statements, lost, known):
        places[number] = ("changed", index, score)
        known.add(index)
    pairs = []
    for number, entry in enumerate(entries):
        kind, index, alike = places.get(number, ("missing", -1, None))
        pairs.append(Pair(kind, entry, statements[index] if index >= 0 else None, alike))
    new = [Pair("new", None, statement) for index, statement in enumerate(statements) if index not in known]
    return (*pairs, *new)


def _changed(
    entries: Sequence[Entry], statements: Sequence[Statement], lost: Sequence[int], known: Set[int]
) -> list[tuple[int, int, float]]:
    """Pair lost entries with statements that no entry has, the most alike first."""
    free = {index: Wording(found.text) for index, found in enumerate(statements) if index not in known}
    scores = []
    for number in lost:
        wording = Wording(entries[number].wording)
        for index, found in free.items():
            if score := _score(entries[number], wording, statements[index], found):
                scores.append((-score, number, index))
    chosen: list[tuple[int, int, float]] = []
    paired: set[int] = set()
    for negative, number, index in sorted(scores):
        if number not in paired and index in free:
            chosen.append((number, index, round(min(-negative, 1.0), 3)))
            paired.add(number)
            del free[index]
    return chosen
