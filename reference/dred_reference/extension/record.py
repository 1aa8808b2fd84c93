"""An extension, and the one-byte header that each begins with."""

from dataclasses import dataclass, field
from functools import lru_cache

from dred_reference.bit_fields import split_byte
from dred_reference.clauses import clause

__all__ = [
    "FIRST_LONG_ID",
    "FIRST_SHORT_ID",
    "LARGEST_ID",
    "MOST_FRAMES",
    "PADDING_ID",
    "REPEAT_ID",
    "SEPARATOR_ID",
    "Extension",
    "Header",
    "read_header",
    "write_header",
]

PADDING_ID = 0
SEPARATOR_ID = 1
REPEAT_ID = 2  # RTE, "repeat these extensions"
FIRST_SHORT_ID = 3
FIRST_LONG_ID = 32
LARGEST_ID = 127
MOST_FRAMES = 48  # 120 ms of frames of 2.5 ms


@dataclass(frozen=True, slots=True)
class Extension:
    """One extension of one frame. Two are equal if id, frame and payload are.

    Attributes
    ----------
    id : int
        Extension number, 3 to 127: below 32 short (0 or 1 payload byte), from 32 on long.
    frame : int
        Index of the frame it belongs to.
    payload : bytes
    position : int
        Byte offset of the payload in the padding area, for extensions that were read.
    repeated : bool
        Whether it was announced by a repeat instead of its own header.
    """

    id: int
    frame: int
    payload: bytes
    position: int = field(default=0, compare=False)
    repeated: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Header:
    """The byte in front of an extension.

    Attributes
    ----------
    id : int
        Extension number, 0 to 127.
    length_flag : int
        0 or 1. Short: number of payload bytes. Long: whether the length follows  # L
    """

    id: int
    length_flag: int


@clause("EXT-header")
@lru_cache(maxsize=256)
def read_header(byte: int) -> Header:
    """Split a header byte into its two fields."""
    number, length_flag = split_byte(byte, 7, 1)
    return Header(number, length_flag)


@clause("EXT-header")
def write_header(number: int, length_flag: int) -> int:
    """Join the two fields to a header byte; the inverse of `read_header`."""
    return number << 1 | length_flag
