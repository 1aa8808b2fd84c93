"""Stage ``extension``: what hides in the padding of a packet (the extension draft).

The padding area is a row of extensions, each with a one-byte header: a 7-bit number and a flag. Low numbers
steer (padding, next frame, repeat), the others belong to a frame of the packet and carry a payload. All-zero
padding, the only kind that RFC 6716 encoders write, reads as no extension at all.
"""

from dred_reference.extension.reader import iterate_extensions, parse_extensions
from dred_reference.extension.record import (
    FIRST_LONG_ID,
    FIRST_SHORT_ID,
    LARGEST_ID,
    MOST_FRAMES,
    PADDING_ID,
    REPEAT_ID,
    SEPARATOR_ID,
    Extension,
    Header,
    read_header,
    write_header,
)
from dred_reference.extension.writer import LARGEST_FILL, write_extensions

__all__ = [
    "FIRST_LONG_ID",
    "FIRST_SHORT_ID",
    "LARGEST_FILL",
    "LARGEST_ID",
    "MOST_FRAMES",
    "PADDING_ID",
    "REPEAT_ID",
    "SEPARATOR_ID",
    "Extension",
    "Header",
    "iterate_extensions",
    "parse_extensions",
    "read_header",
    "write_extensions",
    "write_header",
]
