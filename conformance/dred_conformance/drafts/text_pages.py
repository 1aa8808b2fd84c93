"""Lines of the text form without what pages add: form feeds, footers, headers, blank lines around them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Paragraph", "paragraphs"]

_FOOTER = re.compile(r"\S.*\[Page [0-9ivxlc]{1,8}\]")
_HEADER = re.compile(r"(?:Internet-Draft|INTERNET-DRAFT|RFC \d{1,5}|Network Working Group)\b.* {2}.*\d{4}")

_LONGEST_HEADER = 120


@dataclass
class Paragraph:
    """Lines between blank lines.

    Attributes
    ----------
    lines
        The lines with their indentation, without blanks at the end.
    follows_page
        Whether a page ended before it, so that it may be the rest of the paragraph before.
    """

    lines: list[str]
    follows_page: bool


def _lines(text: str) -> Iterator[str]:
    for line in text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\f\n").split("\n"):
        yield line if line == "\f" else line.rstrip().expandtabs(8)


def paragraphs(text: str) -> Iterator[Paragraph]:
    """Yield the paragraphs of a text in pages or without pages."""
    current: list[str] = []
    page_ended = expects_header = False
    for line in _lines(text):
        is_break = line == "\f" or _FOOTER.fullmatch(line) is not None
        is_header = expects_header and len(line) <= _LONGEST_HEADER and _HEADER.fullmatch(line) is not None
        if line and not is_break and not is_header:
            current.append(line)
            expects_header = False
            continue
        if current:
            yield Paragraph(current, page_ended)
            current, page_ended = [], False
        if is_break:
            page_ended = expects_header = True
        elif is_header:
            expects_header = False
    if current:
        yield Paragraph(current, page_ended)
