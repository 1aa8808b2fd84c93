"""Repeating the extensions of a frame for all the frames after it (id 2, "repeat these extensions").

The repeated extensions keep their numbers and length flags; the stream holds only their payloads, frame after
frame.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from dred_reference.clauses import clause
from dred_reference.extension.body import read_body
from dred_reference.extension.record import FIRST_LONG_ID, FIRST_SHORT_ID, Extension, Header, read_header

__all__ = ["Repeated", "repeat_extensions", "source_headers"]


@dataclass(frozen=True)
class Repeated:
    """A repeated extension and what stands in front of its payload.

    Attributes
    ----------
    extension : Extension
    header : Header
        Number and length flag that were in force for it.
    start : int
        Byte offset of its lacing, or of its payload where it has none.
    end : int
        The byte after its payload.
    """

    extension: Extension
    header: Header
    start: int
    end: int


@clause("EXT-repeat-source")
def source_headers(area: bytes, start: int, end: int) -> list[tuple[Header, int]]:
    """List what a repeat repeats.

    Parameters
    ----------
    area : bytes
        The padding area.
    start, end : int
        The region in front of the repeat: from the last separator or repeat, or from the start of the area  #
        S

    Returns
    -------
    list of (Header, int)
        Each extension of the region, and where its payload ends. Padding and separators without effect, the
        only other things that can stand there, are left out.
    """
    headers = []
    while start < end:
        header = read_header(area[start])
        _, after = read_body(area, start + 1, header, blame=start)
        if header.id >= FIRST_SHORT_ID:
            headers.append((header, after))
        start = after
    return headers


@clause("EXT-repeat", "EXT-repeat-last-long", "EXT-repeat-trailing")
def repeat_extensions(
    area: bytes,
    position: int,
    sources: list[tuple[Header, int]],
    frames: range,
    *,
    last_long: int | None,
    trailing_short: int,
) -> Iterator[Repeated]:
    """Read the repeated payloads.

    Parameters
    ----------
    area : bytes
        The padding area.
    position : int
        The byte after the repeat.
    sources : list of (Header, int)
        The result of `source_headers`.
    frames : range
        The frames to repeat for: all after the current one.
    last_long : int or None
        Where the payload of the last long extension of the region ends, if the repeat lets the payload that
        it has in the last frame take all the room (length flag 0 of the repeat); else ``None``.
    trailing_short : int
        Payload bytes of the short extensions behind that one.

    Yields
    ------
    Repeated
        In the order of the stream: all of the next frame, then all of the one after it.

    Raises
    ------
    ExtensionError
        E1, E3 or E5.
    """
    for frame in frames:
        for source, source_end in sources:
            takes_all = frame == frames[-1] and source.id >= FIRST_LONG_ID and source_end == last_long
            header = Header(source.id, 0) if takes_all else source
            start, end = read_body(area, position, header, blame=position, trailing_short=trailing_short)
            extension = Extension(header.id, frame, area[start:end], position=start, repeated=True)
            yield Repeated(extension, header, position, end)
            position = end
