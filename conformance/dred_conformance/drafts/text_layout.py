"""What a paragraph of the text form is by its looks: heading, table, artwork, list items, running text."""

import itertools
import re

__all__ = ["ITEM", "heading", "indentation", "is_artwork", "is_border", "is_caption", "is_full", "is_table"]

WIDTH = 72
_LONGEST_HEADING = 120
_LARGEST_TABLE = 2000
_NUMBERED = re.compile(r"(?:Appendix )?(\d{1,3}(?:\.\d{1,3})*|[A-Z](?:\.\d{1,3})*)(\.?)\s{1,4}(\S.*)")
_LEADERS = re.compile(r"(?:\. ?){4,}\d+$")
_CAPTION = re.compile(r"\s+(?:Figure|Table) \d+(?::.*)?")
# The marker of a list item, with its kind: a symbol, or a number or letter.
ITEM = re.compile(
    r"(?P<symbol>[*+\u2022-]\s+|o\s{2,})(?=\S)"
    r"|(?P<number>\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,6})[.)]\s+)(?=\S)"
)
_ART = re.compile(
    r"[-+=_/\\~^*#.]{5,}|\+-|-\+|[-=]>|<-|:=|\S {3,}\S.* {3,}\S"
    r"|^\s*(?:/\*|//|#|\*/|-- |\|)|(?:[{}]|\);|\*/|\|)$"
)


def indentation(line: str) -> int:
    """Return how many blanks a line starts with."""
    return len(line) - len(line.lstrip())


def heading(lines: list[str]) -> tuple[str, str] | None:
    """Return number (or an empty text) and title of a heading; None for anything else."""
    first = lines[0]
    if first[0] == " " or len(lines) > 3 or len(first) > _LONGEST_HEADING or _LEADERS.search(first):
        return None
    title = " ".join(line.strip() for line in lines)
    match = _NUMBERED.fullmatch(title)
    # "A new ..." starts a sentence; a letter alone is a number only with a stop or behind "Appendix".
    if match and (match[1].isdigit() or "." in match[1] or match[2] or first.startswith("Appendix ")):
        return match[1], match[3]
    is_title = len(lines) == 1 and first[0].isalpha() and not title.endswith((".", ",", ";", ":"))
    return ("", title) if is_title else None


def is_border(line: str) -> bool:
    """Tell whether a line is a rule of a table. Columns are wider than the bits of a drawn packet."""
    return re.fullmatch(r"\s*\+(?:[-=]{3,}\+)+", line) is not None


def is_table(lines: list[str]) -> bool:
    """Tell whether lines are a table drawn with ``+``, ``-``, ``=`` and ``|``."""
    is_small = 2 < len(lines) <= _LARGEST_TABLE and len(lines[0]) <= _LONGEST_HEADING
    return (
        is_small
        and is_border(lines[0])
        and is_border(lines[-1])
        and re.fullmatch(r"\s*\|.*\|", lines[1]) is not None
    )


def is_caption(lines: list[str]) -> bool:
    """Tell whether lines are the caption of a figure or table."""
    return _CAPTION.fullmatch(lines[0]) is not None and indentation(lines[0]) > 3 and len(lines) <= 3


def is_full(line: str, following: str) -> bool:
    """Tell whether a line is so long that the first word of the following one had no room on it."""
    word = re.match(r"\s*([^\s/-]*[/-]?)", following)
    return len(line) + 1 + len(word[1] if word else "") > WIDTH - 3


def is_artwork(lines: list[str]) -> bool:
    """Tell whether lines look like a drawing, code or a message rather than running text.

    A sign of code or drawing is needed. Running text fills its lines; so the paragraph is artwork if half
    of its lines break early, or if two thirds have such a sign.
    """
    marked = sum(_ART.search(line) is not None for line in lines)
    if not marked:
        return False
    pairs = list(itertools.pairwise(lines))
    early = sum(not is_full(line, following) for line, following in pairs)
    return 2 * early >= len(pairs) or 3 * marked >= 2 * len(lines)
