"""How alike two wordings are."""

import itertools
import re
from collections import Counter

__all__ = ["Wording", "sentence_similarity", "summary_similarity"]

_STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "can",
        "for",
        "from",
        "has",
        "have",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "may",
        "must",
        "no",
        "not",
        "of",
        "on",
        "or",
        "shall",
        "should",
        "such",
        "than",
        "that",
        "the",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "to",
        "was",
        "were",
        "when",
        "where",
        "which",
        "will",
        "with",
    ]
)


class Wording:
    """A text prepared for comparison.

    Attributes
    ----------
    words
        Its words in lower case, with the pairs of neighbours.
    terms
        Its words without stop words and endings.
    """

    def __init__(self, text: str) -> None:
        words = re.findall(r"[^\W_]+", text.lower())
        self.words = Counter[str](words)
        self.words.update(f"{one} {two}" for one, two in itertools.pairwise(words))
        self.terms = frozenset(_stem(word) for word in words if word not in _STOP_WORDS)


def _stem(word: str) -> str:
    """Return a word without the commonest endings of English."""
    for ending in ("ations", "ation", "ings", "ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) > 2:
            return word.removesuffix(ending)
    return word


def sentence_similarity(one: Wording, two: Wording) -> float:
    """Compare two sentences: Dice coefficient of their words and pairs of neighbouring words, 0 to 1."""
    small, large = sorted((one.words, two.words), key=len)
    shared = sum(min(count, large[word]) for word, count in small.items())
    total = sum(small.values()) + sum(large.values())
    return 2 * shared / total if total else 0.0


def summary_similarity(summary: Wording, sentence: Wording) -> float:
    """Compare a summary in our words with a sentence: Dice coefficient of their terms, 0 to 1."""
    total = len(summary.terms) + len(sentence.terms)
    return 2 * len(summary.terms & sentence.terms) / total if total else 0.0
