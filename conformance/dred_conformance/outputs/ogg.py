"""Opus packets in Ogg pages (RFC 3533, RFC 7845), through mutagen.

mutagen is GPL-2.0-or-later, so it is loaded only when an Ogg file is written.
"""

from collections.abc import Iterable
from typing import Any

from dred_conformance.outputs.errors import OutputError

__all__ = ["MOST_PAGE_SAMPLES", "write_logical_stream"]

MOST_PAGE_SAMPLES = 48000  # RFC 7845 section 3: a page should not hold more than a second
_MOST_SEGMENTS = 255
_SEGMENT_BYTES = 255


def _mutagen_page() -> Any:
    try:
        from mutagen import ogg  # noqa: PLC0415  # loaded only when an Ogg file is written
    except ImportError as error:
        raise OutputError(
            "writing Ogg files needs the library mutagen: pip install '.[ogg]' (or write a .bit file)"
        ) from error
    return ogg.OggPage


class _Pages:
    """The pages of one logical stream while packets come in."""

    def __init__(self, serial: int) -> None:
        self._page_type = _mutagen_page()
        self._serial = serial
        self._done: list[Any] = []
        self._segments = 0
        self._start = 0
        self._page = self._new_page()

    def _new_page(self, *, continued: bool = False) -> Any:
        page = self._page_type()
        page.serial, page.sequence, page.position = self._serial, len(self._done), -1
        page.first, page.continued = not self._done, continued
        return page

    def end_page(self, *, is_cut: bool = False) -> None:
        """Close the page, in the midst of a packet if `is_cut`; does nothing where the page is empty."""
        if not self._page.packets:
            return
        self._page.complete = not is_cut
        self._start = max(self._start, self._page.position)
        self._done.append(self._page)
        self._page = self._new_page(continued=is_cut)
        self._segments = 0

    def add(self, packet: bytes, granule: int) -> None:
        """Put a packet on the page if it fits, else on the next; one larger than a page goes over several."""
        needed = len(packet) // _SEGMENT_BYTES + 1
        is_late = granule - self._start > MOST_PAGE_SAMPLES
        if self._segments and (is_late or self._segments + needed > _MOST_SEGMENTS):
            self.end_page()
        while needed > _MOST_SEGMENTS:
            self._page.packets.append(packet[: _MOST_SEGMENTS * _SEGMENT_BYTES])
            packet = packet[_MOST_SEGMENTS * _SEGMENT_BYTES :]
            needed -= _MOST_SEGMENTS
            self.end_page(is_cut=True)
        self._page.packets.append(packet)
        self._page.position = granule
        self._segments += needed

    def finish(self, *, ended: bool) -> bytes:
        """Return all pages; the last one says that the stream ends, if it does."""
        self.end_page()
        self._done[-1].last = ended
        return b"".join(page.write() for page in self._done)


def write_logical_stream(
    serial: int, head: bytes, tags: bytes, packets: Iterable[tuple[bytes, int]], *, ended: bool = True
) -> bytes:
    """Return one logical stream; several of them, one after the other, make a chained file.

    Parameters
    ----------
    serial
        Number of the logical stream, unique in the file.
    head, tags
        The two header packets; they take pages of their own (RFC 7845 section 3).
    packets
        Opus packets, each with its granule position: samples at 48 kHz to its end with the pre-skip. That of
        the last packet may be smaller than the packet holds: the rest is trimmed (RFC 7845 section 4.4).
    ended
        Whether the last page says that the stream ends.

    Raises
    ------
    OutputError
        mutagen is missing.
    """
    pages = _Pages(serial)
    pages.add(head, 0)
    pages.end_page()
    pages.add(tags, 0)
    pages.end_page()
    for packet, granule in packets:
        pages.add(packet, granule)
    return pages.finish(ended=ended)
