"""The text form of drafts and RFCs, with pages (before 2019, and most drafts) or without."""

import re
from collections.abc import Iterator
from itertools import pairwise

from dred_conformance.drafts.errors import DraftFormatError
from dred_conformance.drafts.names import month_number, split_name
from dred_conformance.drafts.normal_form import one_line
from dred_conformance.drafts.records import Block, Draft, LeftOut, Section
from dred_conformance.drafts.sentences import ends_sentence
from dred_conformance.drafts.statements import keywords_of
from dred_conformance.drafts.text_layout import (
    ITEM,
    heading,
    indentation,
    is_artwork,
    is_border,
    is_caption,
    is_full,
    is_table,
)
from dred_conformance.drafts.text_pages import Paragraph, paragraphs
from dred_conformance.drafts.text_table import cells

__all__ = ["read_text"]

_NOT_BODY = re.compile(
    r"(?:\w+ )?references(?: .*)?|authors?['\u2019]?s?['\u2019]? address(?:es)?|index", re.IGNORECASE
)
_BROKEN_WORD = re.compile(r"(?<![A-Za-z])([A-Za-z]+)-$")
_HEAD_LINES = 80
_LONGEST_HEAD_LINE = 120


class _Words:
    """The words of a document, to tell a word divided at a line end from one that has a hyphen."""

    def __init__(self, text: str) -> None:
        # Whole words only: neither the start nor the end of a divided one.
        self._whole = set(re.findall(r"(?<![a-z-])[a-z]+(?:-[a-z]+)*(?![a-z-])", text.lower()))

    def joined(self, lines: list[str]) -> str:
        """Return lines as one; a hyphen at a line end goes only where the text has the word in one piece."""
        parts: list[str] = []
        for line, following in pairwise([*lines, ""]):
            start, end = _BROKEN_WORD.search(line), re.match(r"\s*([a-z]+)", following)
            if start and end and self._is_divided(start[1].lower(), end[1]):
                parts.append(line[:-1].strip())
            else:
                parts.append(line.strip() + ("" if start else " "))
        return one_line("".join(parts))

    def _is_divided(self, start: str, end: str) -> bool:
        return start + end in self._whole and f"{start}-{end}" not in self._whole


def _items(lines: list[str]) -> Iterator[tuple[list[str], bool]]:
    """Split a paragraph into list items and pieces between them; yield lines and whether they are an item."""
    current: list[str] = []
    is_item = False
    markers: set[int] = set()
    for number, line in enumerate(lines):
        text = line
        match = ITEM.match(line.strip())
        indent = indentation(line)
        starts = match is not None and (
            number == 0
            or (is_item and (indent in markers or match["symbol"] is not None))
            or (match["symbol"] is not None and not is_full(lines[number - 1], line))
        )
        # Less indentation ends an item or a term with its definition, but not a first line that is set in.
        is_dedent = indent < indentation(lines[number - 1]) and (is_item or len(current) > 1)
        if current and (starts or is_dedent):
            yield current, is_item
            current, is_item = [], False
        if starts and match is not None:
            markers.add(indent)
            is_item = True
            text = " " * (indent + match.end()) + line.strip()[match.end() :]
        current.append(text)
    if current:
        yield current, is_item


def _continues(before: list[str], after: Paragraph) -> bool:
    """Tell whether a paragraph after a page break is the rest of the one before it."""
    first = after.lines[0]
    if not after.follows_page or ITEM.match(first.strip()) or indentation(first) < indentation(before[-1]):
        return False
    return is_full(before[-1], first) and not ends_sentence(before[-1])


def _merged(found: Iterator[Paragraph]) -> Iterator[list[str]]:
    """Yield paragraphs with those joined that a page break divided."""
    current: list[str] = []
    for paragraph in found:
        if current and indentation(paragraph.lines[0]) and _continues(current, paragraph):
            current.extend(paragraph.lines)
            continue
        if current:
            yield current
        current = paragraph.lines
    if current:
        yield current


def _pieces(lines: list[str]) -> Iterator[list[str]]:
    """Split off the tables that stand in a paragraph without blank lines around them."""
    borders = [index for index, line in enumerate(lines) if is_border(line)]
    if len(borders) > 1 and is_table(table := lines[borders[0] : borders[-1] + 1]):
        yield from filter(None, (lines[: borders[0]], table, lines[borders[-1] + 1 :]))
    else:
        yield lines


def _unquoted(lines: list[str]) -> list[str]:
    """Take the bars away that the text form draws before asides and quotations."""
    if all(line.lstrip().startswith("|") and not line.endswith("|") for line in lines):
        return [line.replace("|", " ", 1) for line in lines]
    return lines


def _headings(lines: list[str]) -> tuple[tuple[str, str] | None, list[str]]:
    """Split a paragraph into its heading, if it starts with one, and the rest."""
    if lines[0].startswith(" "):
        return None, lines
    end = 1
    while end < len(lines) and end < 3 and indentation(lines[end]) > 3:
        end += 1
    found = heading(lines[:end])
    # Only a number tells a heading from other lines at the margin, such as source code in an appendix.
    is_alone = end == len(lines)
    return (found, lines[end:]) if found and (found[0] or is_alone) else (None, lines)


class _Body:
    """Collects the sections behind the table of contents."""

    def __init__(self, words: _Words) -> None:
        self.sections: list[Section] = []
        self.left_out: list[LeftOut] = []
        self._words = words
        self._heading: tuple[str, str] | None = None
        self._skipped = ""
        self._blocks: list[Block] = []
        self._in_code = False

    def open(self, number: str, title: str) -> None:
        """Start a section; nothing counts before the first numbered one, nor below references."""
        self.close()
        is_below = bool(self._skipped) and number.startswith(f"{self._skipped}.")
        is_before = not number and not self.sections and self._heading is None
        if is_before or is_below:
            return
        is_skipped = _NOT_BODY.fullmatch(title) is not None
        self._skipped = (number or title) if is_skipped else ""
        self._heading = None if is_skipped else (number, one_line(title))

    def close(self) -> None:
        """End the open section."""
        if self._heading is not None:
            self.sections.append(Section(*self._heading, tuple(self._blocks)))
        self._heading, self._blocks, self._in_code = None, [], False

    def add(self, lines: list[str]) -> None:
        """Take a paragraph of the open section."""
        if self._heading is None:
            return
        is_code = self._in_code or "<CODE BEGINS>" in lines[0]
        if is_code:
            self._in_code = not any("<CODE ENDS>" in line for line in lines)
        if is_caption(lines):
            return
        if is_table(lines):
            self._blocks.extend(Block(one_line(cell)) for cell in cells(lines) if cell.strip())
            return
        lines = _unquoted(lines)
        if is_code or is_artwork(lines):
            text = one_line(" ".join(lines))
            if keywords_of(text):
                self.left_out.append(LeftOut(self._heading[0] or self._heading[1], text))
            return
        for part, is_item in _items(lines):
            self._blocks.append(Block(self._words.joined(part), is_item))


def _name(lines: list[str]) -> tuple[str, str]:
    """Find name and revision in the first lines."""
    text = "\n".join(lines)
    if match := re.search(r"^Request for Comments: ?(\d{1,5})\b", text, re.MULTILINE):
        month = re.search(r" {2,}([A-Z][a-z]+) (\d{4})$", text, re.MULTILINE)
        number = month_number(month[1]) if month else 0
        return f"RFC {match[1]}", f"{month[2]}-{number:02}" if month and number else ""
    if match := re.search(r"(?:^|\s)(draft-[a-z0-9-]{1,200})\s*$", text, re.MULTILINE):
        return split_name(match[1])
    return "", ""


def read_text(text: str) -> Draft:
    """Read the text form.

    Raises
    ------
    DraftFormatError
        If no numbered section heading is in it.
    """
    body = _Body(_Words(text))
    for lines in _merged(paragraphs(text)):
        found, rest = _headings(lines)
        if found is not None:
            body.open(*found)
        for piece in _pieces(rest) if rest else ():
            body.add(piece)
    body.close()
    if not any(section.number for section in body.sections):
        raise DraftFormatError("no numbered section heading; give the .txt or .xml file of the draft")
    name, revision = _name(
        [line[:_LONGEST_HEAD_LINE] for line in text.split("\n", _HEAD_LINES)[:_HEAD_LINES]]
    )
    return Draft(name, revision, "text", tuple(body.sections), tuple(body.left_out))
