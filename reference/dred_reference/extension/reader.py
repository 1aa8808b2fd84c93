"""The extensions of a padding area, in the order of the bitstream."""

from collections.abc import Iterator

from dred_reference.clauses import clause
from dred_reference.errors import ExtensionError
from dred_reference.extension.body import read_body
from dred_reference.extension.record import (
    FIRST_LONG_ID,
    PADDING_ID,
    REPEAT_ID,
    SEPARATOR_ID,
    Extension,
    read_header,
)
from dred_reference.extension.repeat import repeat_extensions, source_headers
from dred_reference.extension.tracing import trace_element, trace_repeated
from dred_reference.trace import Trace

__all__ = ["iterate_extensions", "parse_extensions"]


@clause("EXT-order", "EXT-error-keeps")
def parse_extensions(
    padding: bytes, frame_count: int, *, trace: Trace | None = None
) -> tuple[Extension, ...]:
    """Read all the extensions of a padding area.

    Parameters
    ----------
    padding : bytes
        The padding area, without the padding length bytes.
    frame_count : int
        Number of frames of the packet, 1 to 48.
    trace : Trace, optional
        Records the fields; its source is `padding`.

    Returns
    -------
    tuple of Extension
        In the order of the bitstream, which is not always the order of the frames.

    Raises
    ------
    ExtensionError
        E1 to E5; its ``extensions`` are those found before the error.
    """
    found: list[Extension] = []
    try:
        found.extend(iterate_extensions(padding, frame_count, trace=trace))
    except ExtensionError as error:
        error.extensions = tuple(found)
        raise
    return tuple(found)


@clause(
    "EXT-area",
    "EXT-padding-byte",
    "EXT-separator-one",
    "EXT-separator-n",
    "EXT-separator-zero",
    "EXT-frame-range",
    "EXT-repeat-advance",
    "EXT-repeat-more",
    "EXT-repeat-ignored",
)
def iterate_extensions(
    padding: bytes, frame_count: int, *, trace: Trace | None = None
) -> Iterator[Extension]:
    """Read one extension after the other; as `parse_extensions`, but an error comes only when it is reached.

    A caller that stops early, as the search for DRED does, never meets the errors behind. Each byte of the
    area stands in the source region of one repeat at most, so there are at most `frame_count` extensions per
    byte.
    """
    frame = 0
    position = 0
    repeat_start = 0
    last_long: int | None = None
    trailing_short = 0
    while position < len(padding):
        start = position
        header = read_header(padding[start])
        body, position = read_body(padding, start + 1, header, blame=start)
        trace_element(trace, padding, header, start, body, position, frame)
        if header.id == SEPARATOR_ID:
            increment = padding[body] if header.length_flag else 1
            if increment == 0:
                continue  # like two bytes of padding: the extensions before it can still be repeated
            frame += increment
            if frame >= frame_count:
                raise ExtensionError("E4", f"a separator leads to frame {frame} of {frame_count}", start)
            repeat_start, last_long, trailing_short = position, None, 0
        elif header.id == REPEAT_ID:
            is_last = header.length_flag == 0
            for repeated in repeat_extensions(
                padding,
                position,
                source_headers(padding, repeat_start, start),
                range(frame + 1, frame_count),
                last_long=last_long if is_last else None,
                trailing_short=trailing_short,
            ):
                trace_repeated(trace, padding, repeated)
                yield repeated.extension
                position = repeated.end
            # `trailing_short` stays: a long extension must come before it can matter again, and that resets
            # it.
            repeat_start, last_long = position, None
            if is_last:
                frame += 1
                if frame >= frame_count:
                    return
        elif header.id != PADDING_ID:
            if header.id >= FIRST_LONG_ID:
                last_long, trailing_short = position, 0
            else:
                trailing_short += header.length_flag
            yield Extension(header.id, frame, padding[body:position], position=body)
