"""Where the payload of one extension starts and ends."""

from dred_reference.clauses import clause
from dred_reference.errors import ExtensionError
from dred_reference.extension.record import FIRST_LONG_ID, PADDING_ID, REPEAT_ID, SEPARATOR_ID, Header

__all__ = ["read_body"]


@clause("EXT-short", "EXT-long-rest", "EXT-long-lacing", "EXT-fit", "EXT-padding-rest", "EXT-repeat-trailing")
def read_body(
    area: bytes, position: int, header: Header, *, blame: int, trailing_short: int = 0
) -> tuple[int, int]:
    """Find the payload behind a header.

    Parameters
    ----------
    area : bytes
        The padding area.
    position : int
        The byte after the header; in a repeat, where the repeated payload (or its lacing) starts.
    header : Header
        Number and length flag of the extension.
    blame : int
        Position that errors carry: the header, or in a repeat `position`.
    trailing_short : int
        Bytes that a payload without length leaves for the short payloads behind it. 0 outside repeats.

    Returns
    -------
    start, end : int
        The payload's half-open span in the area.

    Raises
    ------
    ExtensionError
        E1, E2, E3 or E5.
    """
    remaining = len(area) - position
    single_padding = header.id == PADDING_ID and header.length_flag == 1
    if single_padding or header.id == REPEAT_ID:
        return position, position
    if header.id != PADDING_ID and header.id < FIRST_LONG_ID:
        if remaining < header.length_flag:
            rule = "E2" if header.id == SEPARATOR_ID else "E1"
            raise ExtensionError(rule, f"extension {header.id} lacks its byte", blame)
        return position, position + header.length_flag
    if header.length_flag == 0:
        if remaining < trailing_short:
            message = (
                f"no room for the {trailing_short} short payloads behind a repeated extension {header.id}"
            )
            raise ExtensionError("E5", message, blame)
        return position, len(area) - trailing_short
    length = 0
    while True:
        # An overlong length is noticed here as soon as it exceeds the area, not after all its bytes.
        if remaining < 1:
            raise ExtensionError("E3", f"the length of extension {header.id} does not fit", blame)
        lacing = area[position]
        position += 1
        length += lacing
        remaining -= lacing + 1
        if lacing != 255:
            break
    if remaining < 0:
        raise ExtensionError("E3", f"extension {header.id} of {length} bytes does not fit", blame)
    return position, position + length
