"""The BCP 14 statements of a draft: its sentences with a requirement word in capitals."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dred_conformance.drafts.errors import DraftSizeError
from dred_conformance.drafts.normal_form import sentence_digest
from dred_conformance.drafts.records import Draft, Section
from dred_conformance.drafts.sentences import sentences

__all__ = ["BCP14", "Statement", "keywords_of", "statements"]

BCP14 = (
    *("MUST NOT", "MUST", "REQUIRED", "SHALL NOT", "SHALL", "SHOULD NOT", "SHOULD"),
    *("NOT RECOMMENDED", "RECOMMENDED", "MAY", "OPTIONAL"),
)
_KEYWORD = re.compile(r"\b(?:" + "|".join(word.replace(" ", r"\s+") for word in BCP14) + r")\b")
_KEY_WORDS = re.compile(r"\bkey ?words\b")
_INTERPRETED = re.compile(r"\bare to be interpreted as\b")
_MOST_STATEMENTS = 5000


@dataclass(frozen=True)
class Statement:
    """One sentence with requirement words.

    Attributes
    ----------
    section
        Number of its section, or the title of a section without one.
    index
        Its place among the statements of the section, from 1.
    keywords
        The requirement words, in their order.
    text
        The sentence; with the list items that complete it where it ends in a colon.
    sha256
        Hash of its normal form.
    """

    section: str
    index: int
    keywords: tuple[str, ...]
    text: str
    sha256: str


def keywords_of(sentence: str) -> tuple[str, ...]:
    """Return the requirement words of a sentence, in their order."""
    return tuple(" ".join(match[0].split()) for match in _KEYWORD.finditer(sentence))


def _is_boilerplate(text: str) -> bool:
    """Tell whether a paragraph is the one of BCP 14 that explains the requirement words."""
    found = _KEY_WORDS.search(text)
    return found is not None and _INTERPRETED.search(text, found.end()) is not None


def _sentences(section: Section) -> Iterator[str]:
    """Yield the sentences of a section that have requirement words."""
    for position, block in enumerate(section.blocks):
        if not _KEYWORD.search(block.text) or _is_boilerplate(block.text):
            continue
        for sentence in sentences(block.text):
            if not _KEYWORD.search(sentence):
                continue
            if block.is_item or not sentence.endswith(":") or not block.text.endswith(sentence):
                yield sentence
                continue
            items = []
            for item in section.blocks[position + 1 :]:
                if not item.is_item:
                    break
                items.append(item.text)
            yield " ".join([sentence, *items])


def statements(draft: Draft) -> tuple[Statement, ...]:
    """Return the statements of a draft in their order.

    Raises
    ------
    DraftSizeError
        If there are more than any draft has.
    """
    found: list[Statement] = []
    for section in draft.sections:
        for index, sentence in enumerate(_sentences(section), start=1):
            if len(found) >= _MOST_STATEMENTS:
                raise DraftSizeError(f"more than {_MOST_STATEMENTS} statements: this is no draft")
            found.append(
                Statement(section.label, index, keywords_of(sentence), sentence, sentence_digest(sentence))
            )
    return tuple(found)
