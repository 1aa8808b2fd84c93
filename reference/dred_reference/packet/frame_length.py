"""Frame length coding (RFC 6716 section 3.2.1): one byte up to 251, two bytes up to 1275."""

from dred_reference.clauses import clause

__all__ = ["LARGEST_FRAME", "read_frame_length", "write_frame_length"]

LARGEST_FRAME = 4 * 255 + 255  # 1275 bytes


@clause("RFC6716-3.2.1-length", "RFC6716-3.2.1-zero")
def read_frame_length(data: bytes, position: int, end: int) -> tuple[int, int] | None:
    """Read a length code.

    Parameters
    ----------
    data : bytes
        The packet.
    position : int
        Where the code starts.
    end : int
        Where the bytes available to it end.

    Returns
    -------
    length : int
        Frame length in bytes, 0 to 1275. 0 is a frame without data (DTX, or lost).
    next_position : int
        The byte after the code.

    The result is ``None`` where a byte of the code is missing.
    """
    if position >= end:
        return None
    first = data[position]
    if first < 252:
        return first, position + 1
    if position + 1 >= end:
        return None
    return 4 * data[position + 1] + first, position + 2


@clause("RFC6716-3.2.1-length")
def write_frame_length(length: int) -> bytes:
    """Code a frame length of 0 to 1275 bytes in one or two bytes."""
    if length < 252:
        return bytes([length])
    first = 252 + (length & 3)
    return bytes([first, (length - first) >> 2])
