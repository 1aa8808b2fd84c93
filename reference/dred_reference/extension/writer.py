"""From a list of extensions to the bytes of a padding area."""

from collections.abc import Sequence

from dred_reference.clauses import clause
from dred_reference.errors import WriteError
from dred_reference.extension.record import (
    FIRST_LONG_ID,
    FIRST_SHORT_ID,
    LARGEST_ID,
    MOST_FRAMES,
    PADDING_ID,
    REPEAT_ID,
    SEPARATOR_ID,
    Extension,
    write_header,
)
from dred_reference.extension.repetition import find_repetition

__all__ = ["LARGEST_FILL", "write_extensions"]

LARGEST_FILL = 1 << 20  # bytes; a limit of this package on what it fills with padding


@clause("EXT-write", "EXT-write-separator", "EXT-write-repeat", "EXT-write-pad")
def write_extensions(
    extensions: Sequence[Extension], frame_count: int, *, size: int = 2**31 - 1, pad: bool = False
) -> bytes:
    """Write a padding area.

    Parameters
    ----------
    extensions : sequence of Extension
        In any order; those of one frame keep theirs. Only ``id``, ``frame`` and ``payload`` matter.
    frame_count : int
        Number of frames of the packet, 1 to 48.
    size : int
        Largest size of the result in bytes.
    pad : bool
        Whether to fill the area up to `size`, with one-byte padding in front.

    Returns
    -------
    bytes
        Repetition is used wherever it is possible, even where it costs a byte.

    Raises
    ------
    WriteError
        W1: an argument out of its range. W2: the result is larger than `size`.
    """
    _check(extensions, frame_count, size, pad)
    pending = [[extension for extension in extensions if extension.frame == f] for f in range(frame_count)]
    left = len(extensions)
    area = bytearray()
    current = 0  # the frame index that a reader has reached
    for frame, own in enumerate(pending):
        later = pending[frame + 1 :]
        repetition = find_repetition(own, later)
        for index, extension in enumerate(own):
            if index == 0:
                area += _separator(frame - current)
                current = frame
            left -= 1
            area += _header_and_payload(extension, is_last=left == 0)
            if index + 1 != repetition.count:
                continue
            copies = repetition.count * len(later)
            # Length flag 0 moves on to the next frame, which saves a separator; and if the copies end the
            # area, the last long one needs no length. A long copy must not lose its length while other
            # extensions follow it.
            ends_area = left == copies
            ends_frame = not repetition.has_long and index + 1 == len(own)
            is_last = ends_area or ends_frame
            area.append(write_header(REPEAT_ID, 0 if is_last else 1))
            for others in later:
                for copy_index, copy in enumerate(others[: repetition.count]):
                    takes_all = is_last and others is later[-1] and copy_index == repetition.last_long
                    area += _payload(copy, has_length=not takes_all)
                del others[: repetition.count]
            left -= copies
            if is_last:
                current += 1
    if len(area) > size:
        raise WriteError("W2", "extension", f"{len(area)} bytes of extensions do not fit in {size}")
    if pad:
        fill = write_header(PADDING_ID, 1)
        return bytes([fill] * (size - len(area))) + bytes(area)
    return bytes(area)


@clause("EXT-write-separator")
def _separator(difference: int) -> bytes:
    """Move the frame index on; a move of 0 takes no byte."""
    if difference == 0:
        return b""
    if difference == 1:
        return bytes([write_header(SEPARATOR_ID, 0)])
    return bytes([write_header(SEPARATOR_ID, 1), difference])


@clause("EXT-write-last")
def _header_and_payload(extension: Extension, *, is_last: bool) -> bytes:
    """Write an extension; the very last of the area, if long, takes all the room and needs no length."""
    if extension.id < FIRST_LONG_ID:
        return bytes([write_header(extension.id, len(extension.payload))]) + extension.payload
    header = write_header(extension.id, 0 if is_last else 1)
    return bytes([header]) + _payload(extension, has_length=not is_last)


@clause("EXT-long-lacing")
def _payload(extension: Extension, *, has_length: bool) -> bytes:
    """Write a payload, with its length in front if it is long and has one."""
    if extension.id < FIRST_LONG_ID or not has_length:
        return extension.payload
    full, rest = divmod(len(extension.payload), 255)
    return bytes([255] * full + [rest]) + extension.payload


@clause("EXT-write-limits")
def _check(extensions: Sequence[Extension], frame_count: int, size: int, pad: bool) -> None:
    """Raise W1 for arguments out of their range."""
    if not 1 <= frame_count <= MOST_FRAMES:
        raise WriteError("W1", "extension", f"{frame_count} frames are not 1 to {MOST_FRAMES}")
    if size < 0 or (pad and size > LARGEST_FILL):
        raise WriteError("W1", "extension", f"an area of {size} bytes cannot be filled")
    for extension in extensions:
        if not FIRST_SHORT_ID <= extension.id <= LARGEST_ID:
            raise WriteError("W1", "extension", f"extension number {extension.id} is not 3 to {LARGEST_ID}")
        if not 0 <= extension.frame < frame_count:
            raise WriteError("W1", "extension", f"frame {extension.frame} of {frame_count}")
        if extension.id < FIRST_LONG_ID and len(extension.payload) > 1:
            raise WriteError("W1", "extension", f"short extension {extension.id} with more than one byte")
