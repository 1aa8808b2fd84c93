"""Pages of an Ogg stream, through mutagen, with their checksums verified.

mutagen is GPL-2.0-or-later, so it is loaded only when an Ogg file is read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dred_conformance.inputs.byte_stream import ByteStream
from dred_conformance.inputs.errors import InputError


class _Recorder:
    """The file that mutagen reads a page from; keeps what was read for the checksum."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self.page = bytearray()

    def read(self, count: int) -> bytes:
        data = self._stream.read(count)
        self.page += data
        return data

    def tell(self) -> int:
        return self._stream.tell()


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    Attributes
    ----------
    serial
        Number of the logical stream.
    sequence
        Number of the page in the logical stream.
    offset
        Where the page starts in the input.
    first
        The page begins a logical stream.
    continued
        The first piece goes on from the page before.
    complete
        The last piece ends on this page.
    pieces
        Packets, or the parts of packets that lie here.
    position
        Granule position: samples at 48 kHz to the end of the last packet that ends here; -1 where none does.
    last
        The page ends its logical stream.
    """

    serial: int
    sequence: int
    offset: int
    first: bool
    continued: bool
    complete: bool
    pieces: tuple[bytes, ...]
    position: int = -1
    last: bool = False


def _mutagen_page() -> Any:
    try:
        from mutagen import ogg  # noqa: PLC0415  # loaded only when an Ogg file is read
    except ImportError as error:
        raise InputError(
            "I6", "reading Ogg files needs the library mutagen", advice="pip install mutagen"
        ) from error
    return ogg


def read_pages(stream: ByteStream) -> Iterator[Page]:
    """Yield the pages of all logical streams in file order.

    Raises
    ------
    InputError
        ``I1`` where no page starts or a checksum does not fit, ``I2`` if a page is cut, ``I3`` for another
        version of Ogg.
    """
    ogg = _mutagen_page()
    while stream.peek(1):
        offset = stream.tell()
        head = stream.peek(5)
        if not head.startswith(b"OggS"):
            raise InputError(
                "I2" if b"OggS".startswith(head) else "I1",
                "no Ogg page starts here",
                position=offset,
                advice="the file is damaged or was cut",
            )
        if len(head) > 4 and head[4] != 0:
            raise InputError("I3", f"Ogg version {head[4]}; only version 0 exists", position=offset + 4)
        recorder = _Recorder(stream)
        try:
            page = ogg.OggPage(recorder)
        except (ogg.error, EOFError) as error:
            raise InputError(
                "I2", "the Ogg page is cut", position=offset, advice="the download or recording is incomplete"
            ) from error
        # the page is written again because mutagen reads without looking at the checksum
        if page.write() != recorder.page:
            raise InputError("I1", "the checksum of the Ogg page does not fit", position=offset)
        yield Page(
            page.serial,
            page.sequence,
            offset,
            page.first,
            page.continued,
            page.complete,
            tuple(page.packets),
            page.position,
            page.last,
        )
