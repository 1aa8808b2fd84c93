"""What the extension reader records in a trace."""

from dred_reference.extension.record import (
    FIRST_LONG_ID,
    PADDING_ID,
    REPEAT_ID,
    SEPARATOR_ID,
    Header,
)
from dred_reference.extension.repeat import Repeated
from dred_reference.trace import Trace

__all__ = ["trace_element", "trace_repeated"]


def _kind(header: Header) -> tuple[str, str]:
    """Return what a header announces, and the clause of what follows it."""
    if header.id == PADDING_ID:
        return "padding", "EXT-padding-byte" if header.length_flag else "EXT-padding-rest"
    if header.id == SEPARATOR_ID:
        return "separator", "EXT-separator-n" if header.length_flag else "EXT-separator-one"
    if header.id == REPEAT_ID:
        return "repeat", "EXT-repeat-more" if header.length_flag else "EXT-repeat-advance"
    if header.id < FIRST_LONG_ID:
        return "short extension", "EXT-short"
    return "long extension", "EXT-long-lacing" if header.length_flag else "EXT-long-rest"


def _trace_payload(
    trace: Trace, area: bytes, header: Header, start: int, body: int, end: int, note: str
) -> None:
    _, clause = _kind(header)
    if start < body:
        trace.add_bytes("lacing", "EXT-long-lacing", start, body, end - body, note)
    if header.id == SEPARATOR_ID and body < end:
        trace.add_bytes("increment", clause, body, end, area[body], note)
    elif body < end or header.id >= FIRST_LONG_ID:
        trace.add_bytes("payload", clause, body, end, area[body:end], note)


def trace_element(
    trace: Trace | None, area: bytes, header: Header, start: int, body: int, end: int, frame: int
) -> None:
    """Record a header and what follows it, if there is a trace.

    Parameters
    ----------
    trace : Trace or None
    area : bytes
        The padding area.
    header : Header
    start, body, end : int
        Byte offsets of the header, of the payload, and of the byte after it.
    frame : int
        The frame index in force.
    """
    if trace is None:
        return
    kind, _ = _kind(header)
    note = f"{kind}, frame {frame}"
    trace.add("id", "EXT-header", 8 * start, 8 * start + 7, header.id, note)
    trace.add("L", "EXT-header", 8 * start + 7, 8 * start + 8, header.length_flag, note)
    _trace_payload(trace, area, header, start + 1, body, end, note)


def trace_repeated(trace: Trace | None, area: bytes, repeated: Repeated) -> None:
    """Record a repeated payload, whose header stands elsewhere, if there is a trace."""
    if trace is None:
        return
    extension = repeated.extension
    note = f"extension {extension.id} repeated for frame {extension.frame}"
    _trace_payload(trace, area, repeated.header, repeated.start, extension.position, repeated.end, note)
