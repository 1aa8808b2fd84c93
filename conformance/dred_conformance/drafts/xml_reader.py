"""The XML form of drafts and RFCs: RFCXML version 3, and what version 2 had instead of it."""

from collections.abc import Mapping

from dred_conformance.drafts.errors import DraftFormatError
from dred_conformance.drafts.names import month_number, split_name
from dred_conformance.drafts.normal_form import one_line
from dred_conformance.drafts.records import Block, Draft, LeftOut, Section
from dred_conformance.drafts.statements import keywords_of
from dred_conformance.drafts.xml_events import read_events
from dred_conformance.drafts.xml_numbers import Numbering, Numbers
from dred_conformance.drafts.xml_references import reference_text

__all__ = ["read_xml"]

# Every start or end of one of these ends a run of text.
_BLOCKS = frozenset(
    [
        "section",
        "t",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "list",
        "blockquote",
        "aside",
        "figure",
        "table",
        "texttable",
        "tr",
        "td",
        "th",
        "thead",
        "tbody",
        "tfoot",
        "c",
        "ttcol",
        "preamble",
        "postamble",
        "artset",
    ]
)
_CODE = frozenset({"artwork", "sourcecode"})
_SKIPPED = frozenset(
    {"front", "references", "name", "iref", "cref", "toc", "boilerplate", "displayreference", "author"}
)
_MARKS = {"sub": ("_(", ")"), "sup": ("^(", ")")}
_REFERENCES = frozenset({"xref", "relref", "eref"})


class _Reader:
    """Second reading: collects the blocks of every section."""

    def __init__(self, numbers: Numbers) -> None:
        self._labels = numbers.labels
        self._numbers = iter(numbers.sections)
        self.head: dict[str, str] = {}
        self.sections: list[tuple[str, list[str], list[Block]]] = []
        self.left_out: list[LeftOut] = []
        self._open: list[int] = []
        self._stack: list[str] = []
        self._lists: list[tuple[bool, str, int]] = []
        self._skipping = 0
        self._code: list[str] | None = None
        self._text: list[str] = []
        self._is_item = False
        self._continues = False
        self._in_title = False
        self._reference: tuple[str, Mapping[str, str], int] | None = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        parent = self._stack[-1] if self._stack else ""
        self._stack.append(name)
        if len(self._stack) == 1:
            if name != "rfc":
                raise DraftFormatError(
                    f"no RFCXML: the root element is <{name}>; give the .xml or .txt of the draft"
                )
            self.head.update(attributes)
        if name == "date" and parent == "front" and len(self._stack) == 3:
            self.head.update({f"date-{key}": value for key, value in attributes.items()})
        if self._skipping or name in _SKIPPED:
            if name == "name" and parent == "section" and not self._skipping:
                self._in_title, self._text = True, []
            self._skipping += 1
            return
        if name in _CODE:
            self._flush()
            self._code = []
        elif name in _BLOCKS:
            self._start_block(name, parent, attributes)
        elif name in _REFERENCES and self._reference is None:
            self._reference = (name, attributes, len(self._text))
        elif name == "br":
            self._text.append(" ")
        elif name == "contact":
            self._text.append(attributes.get("fullname", ""))
        else:
            self._text.append(_MARKS.get(name, ("", ""))[0])

    def end(self, name: str) -> None:
        self._stack.pop()
        if self._skipping:
            self._skipping -= 1
            if self._in_title and not self._skipping:
                self.sections[self._open[-1]][1].append("".join(self._text))
                self._in_title, self._text = False, []
            return
        if name in _CODE:
            self._end_code()
        elif name in _BLOCKS:
            self._end_block(name)
        elif name in _REFERENCES:
            self._end_reference()
        else:
            self._text.append(_MARKS.get(name, ("", ""))[1])

    def text(self, data: str) -> None:
        if self._code is not None:
            self._code.append(data)
        elif self._in_title or not self._skipping:
            self._text.append(data)

    def _start_block(self, name: str, parent: str, attributes: Mapping[str, str]) -> None:
        if self._continues and name in {"dd", "t"}:
            # A term and what defines it share their first line in the text form, as do a marker and its item.
            self._continues = name == "dd"
            return
        self._continues = False
        self._flush()
        if name == "section":
            self.sections.append((next(self._numbers, ""), [attributes.get("title", "")], []))
            self._open.append(len(self.sections) - 1)
        elif name in {"ul", "ol", "list"}:
            is_bare = attributes.get("empty") == "true" or attributes.get("style") == "empty"
            is_bare = is_bare or (name == "list" and attributes.get("style", "empty") in {"empty", "hanging"})
            kind = attributes.get("type", "") if name == "ol" else ""
            start = attributes.get("start", "1")
            first = int(start) if start.isascii() and start.isdigit() and len(start) < 9 else 1
            self._lists.append((not is_bare, kind if "%" in kind else "", first))
        elif (name == "li" or (name == "t" and parent == "list")) and self._lists:
            self._start_item()
        if name == "t" and "hangText" in attributes:
            self._text.append(attributes["hangText"] + " ")

    def _start_item(self) -> None:
        is_marked, kind, number = self._lists[-1]
        self._lists[-1] = (is_marked, kind, number + 1)
        letter = chr(ord("a") + (number - 1) % 26)
        for code, value in (("%d", str(number)), ("%c", letter), ("%C", letter.upper())):
            kind = kind.replace(code, value)
        # A marker of the author's own, such as R1, is text: the text form cannot tell it from text.
        self._is_item = is_marked and not kind
        self._text.append(kind + " ")
        self._continues = True

    def _end_block(self, name: str) -> None:
        if name == "dt":
            self._text.append(" ")
            self._continues = True
            return
        self._continues = False
        self._flush()
        if name == "section":
            self._open.pop()
        elif name in {"ul", "ol", "list"} and self._lists:
            self._lists.pop()

    def _end_code(self) -> None:
        code = one_line("".join(self._code or []))
        self._code = None
        if keywords_of(code) and self._open:
            section = self.sections[self._open[-1]]
            self.left_out.append(LeftOut(section[0] or one_line(" ".join(section[1])), code))

    def _end_reference(self) -> None:
        if self._reference is None:
            return
        name, attributes, start = self._reference
        self._reference = None
        content = one_line("".join(self._text[start:]))
        del self._text[start:]
        if name == "eref":
            target = attributes.get("target", "")
            target = f"<{target}>" if attributes.get("brackets") == "angle" else target
            self._text.append(f"{content} ({target})" if content else target)
        else:
            self._text.append(reference_text(attributes, self._labels, content))

    def _flush(self) -> None:
        text = one_line("".join(self._text))
        is_item, self._is_item, self._text = self._is_item, False, []
        if text and self._open:
            self.sections[self._open[-1]][2].append(Block(text, is_item))


def read_xml(data: bytes) -> Draft:
    """Read RFCXML.

    Raises
    ------
    DraftError
        If it is none, or larger or deeper than any draft.
    """
    numbering = Numbering()
    read_events(data, numbering.start, numbering.end, lambda _: None)
    reader = _Reader(numbering.numbers)
    read_events(data, reader.start, reader.end, reader.text)
    if not reader.sections:
        raise DraftFormatError("the XML has no sections")
    head = reader.head
    if head.get("number"):
        name, revision = f"RFC {head['number']}", ""
        if month := month_number(head.get("date-month", "")):
            revision = f"{head.get('date-year', '')}-{month:02}"
    else:
        name, revision = split_name(head.get("docName", ""))
    sections = tuple(
        Section(number, one_line(" ".join(title)), tuple(blocks)) for number, title, blocks in reader.sections
    )
    return Draft(name, revision, "RFCXML", sections, tuple(reader.left_out))
