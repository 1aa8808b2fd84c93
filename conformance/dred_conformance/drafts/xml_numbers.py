"""First reading of RFCXML: numbers of sections, figures and tables, and what each anchor is called."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Numbering", "Numbers"]


@dataclass
class Numbers:
    """What the first reading finds.

    Attributes
    ----------
    sections
        The number of each section, in the order of the file; empty for unnumbered ones.
    labels
        For each anchor how the text form refers to it, such as ``Section 3.2`` or ``[RFC6716]``.
    """

    sections: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)


def _letter(number: int) -> str:
    """Return A, B .. Z, AA, AB .. for 1, 2 .. 26, 27, 28 .."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


class Numbering:
    """Counts as the text form numbers: references follow the middle, the back has A, B and so on."""

    def __init__(self) -> None:
        self.numbers = Numbers()
        self._path: list[tuple[str, int]] = []
        self._counts = {"middle": 0, "back": 0, "figure": 0, "table": 0}
        self._in_back = False
        self._front = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take the start of an element."""
        anchor = attributes.get("anchor", "")
        if name == "front":
            self._front += 1
        elif name == "back":
            self._in_back = True
        elif name in {"section", "references"} and not self._front:
            self._open(name, attributes.get("numbered", "true") != "false", anchor)
        elif name in {"figure", "table", "texttable"}:
            kind = "figure" if name == "figure" else "table"
            self._counts[kind] += 1
            self._label(anchor, f"{kind.capitalize()} {self._counts[kind]}")
        elif name in {"reference", "referencegroup"}:
            self._label(anchor, f"[{attributes.get('derivedAnchor', anchor)}]")
        elif name == "displayreference":
            self._label(attributes.get("target", ""), f"[{attributes.get('to', '')}]")

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if name == "front":
            self._front -= 1
        elif name in {"section", "references"} and not self._front and self._path:
            self._path.pop()

    def _open(self, name: str, is_numbered: bool, anchor: str) -> None:
        number = ""
        if is_numbered and not self._path:
            in_sequence = not self._in_back or name == "references"
            key = "middle" if in_sequence else "back"
            self._counts[key] += 1
            number = str(self._counts[key]) if in_sequence else _letter(self._counts[key])
        elif is_numbered and self._path[-1][0]:
            parent, count = self._path[-1]
            self._path[-1] = (parent, count + 1)
            number = f"{parent}.{count + 1}"
        self._path.append((number, 0))
        if name == "section":
            self.numbers.sections.append(number)
        kind = "Section" if number[:1].isdigit() else "Appendix"
        self._label(anchor, f"{kind} {number}" if number else "")

    def _label(self, anchor: str, label: str) -> None:
        # displayreference may come before or after the reference that it renames; it wins.
        if anchor and label and (anchor not in self.numbers.labels or label != f"[{anchor}]"):
            self.numbers.labels[anchor] = label
