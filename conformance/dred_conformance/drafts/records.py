"""A draft as both of its forms give it: sections of blocks of running text."""

from dataclasses import dataclass, field

__all__ = ["Block", "Draft", "LeftOut", "Section"]


@dataclass(frozen=True)
class Block:
    """A run of text that no sentence crosses: a paragraph, a list item, a table cell.

    Attributes
    ----------
    text
        The text on one line, without the marker of a list item.
    is_item
        Whether it is a list item with a marker, which may complete the sentence before the list.
    """

    text: str
    is_item: bool = False


@dataclass(frozen=True)
class LeftOut:
    """Artwork or code that holds requirement words; they are not counted as statements."""

    section: str
    text: str


@dataclass(frozen=True)
class Section:
    """A section with its own blocks, without those of its subsections.

    Attributes
    ----------
    number
        Such as ``3.2`` or ``A.1``; empty for an unnumbered section.
    title
        Its heading.
    blocks
        Its text.
    """

    number: str
    title: str
    blocks: tuple[Block, ...]

    @property
    def label(self) -> str:
        """The number, or the title of a section without one."""
        return self.number or self.title


@dataclass(frozen=True)
class Draft:
    """A text that was read.

    Attributes
    ----------
    name
        Name without the revision, such as ``draft-ietf-mlcodec-opus-dred`` or ``RFC 6716``; empty if not
        found.
    revision
        Two digits for a draft, year and month for an RFC; empty if not found.
    form
        ``RFCXML`` or ``text``.
    sections
        The body: everything but front matter, references and the BCP 14 paragraph.
    left_out
        Artwork and code with requirement words.
    """

    name: str
    revision: str
    form: str
    sections: tuple[Section, ...]
    left_out: tuple[LeftOut, ...] = field(default=())
