"""Splitting running text into sentences."""

import re
from collections.abc import Iterator

__all__ = ["ends_sentence", "sentences"]

# What ends in a full stop without ending a sentence: whatever follows, or only before a number.
_NEVER_LAST = frozenset({"e.g.", "i.e.", "cf.", "vs.", "resp.", "approx."})
_BEFORE_NUMBER = frozenset(
    f"{word}." for word in ("sec", "sect", "fig", "figs", "eq", "eqs", "no", "vol", "pp")
)
_END = re.compile(r"[.!?][\"'\u201d\u2019)\]]*(?=\s|$)")
_START = re.compile(r"\s+[\"'\u201c\u2018(\[<_*]*[^\W_a-z]")
_NUMBER = re.compile(r"\s+\d")


def _last_word(text: str, end: int) -> str:
    """Return the word that ends at ``end``, without what opens before it."""
    start = end
    while start > 0 and not text[start - 1].isspace() and end - start < 40:
        start -= 1
    # A line may have ended behind a hyphen or slash, so what stands before one is another word.
    return re.split(r"[-/(\"'\[\u201c\u2018]", text[start:end])[-1].lower()


def _is_end(text: str, stop: re.Match[str]) -> bool:
    if stop.end() == len(text):
        return True
    word = _last_word(text, stop.start() + 1)
    is_initial = re.fullmatch(r"[a-z]\.", word) is not None and text[stop.start() - 1].isupper()
    before_number = word in _BEFORE_NUMBER and _NUMBER.match(text, stop.end()) is not None
    if word in _NEVER_LAST or is_initial or before_number:
        return False
    return _START.match(text, stop.end()) is not None


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text on one line.

    A sentence ends at a full stop, question or exclamation mark, with what closes behind it, if white space
    and a capital letter or digit follow and the word is no abbreviation (``e.g.``, ``i.e.``, ``Fig.``,
    initials). So the stops in ``2.5 ms`` and ``Section 3.2 of`` end nothing, and the one in ``see Section
    3.2. The`` does.
    """
    start = 0
    for stop in _END.finditer(text):
        if _is_end(text, stop):
            yield text[start : stop.end()].strip()
            start = stop.end()
    rest = text[start:].strip()
    if rest:
        yield rest


def ends_sentence(text: str) -> bool:
    """Tell whether a text ends where a sentence may end."""
    if text.endswith((":", ";")):
        return True
    stop = re.search(r"[.!?][\"'\u201d\u2019)\]]*$", text)
    word = _last_word(text, stop.start() + 1) if stop else ""
    return bool(stop) and word not in _NEVER_LAST
