"""Padding extensions put together byte by byte, for known inputs of vectors."""

__all__ = ["DRED_ID", "found", "lacing", "long_counted", "long_rest", "separator", "short"]

DRED_ID = 126
REPEAT_LAST = b"\x04"
REPEAT_MORE = b"\x05"


def short(extension_id: int, payload: bytes = b"") -> bytes:
    """Return a short extension (ids 3 to 31) with 0 or 1 byte."""
    return bytes([extension_id << 1 | len(payload)]) + payload


def lacing(size: int) -> bytes:
    """Return the lacing bytes of a length."""
    return b"\xff" * (size // 255) + bytes([size % 255])


def long_counted(extension_id: int, payload: bytes) -> bytes:
    """Return a long extension (ids 32 to 127) with its length."""
    return bytes([extension_id << 1 | 1]) + lacing(len(payload)) + payload


def long_rest(extension_id: int, payload: bytes) -> bytes:
    """Return a long extension that takes what is left of the area."""
    return bytes([extension_id << 1]) + payload


def separator(increment: int | None = None) -> bytes:
    """Return a frame separator: the one-byte form, or the two-byte form with an increment."""
    return b"\x02" if increment is None else bytes([3, increment])


def found(extension_id: int, frame: int, payload: bytes) -> dict[str, int | str]:
    """Return an extension as the protocol reports it."""
    return {"id": extension_id, "frame": frame, "payload": payload.hex()}
