"""Packets put together from their parts, the plain way, for known inputs of vectors.

A third construction beside the two implementations: it only concatenates what it is told, right or wrong.
"""

__all__ = ["code3", "length_code", "padding_lengths", "toc"]


def toc(config: int, code: int, *, stereo: bool = False) -> bytes:
    """Return the TOC byte."""
    return bytes([config << 3 | stereo << 2 | code])


def length_code(size: int) -> bytes:
    """Return the one- or two-byte code of a frame length."""
    if size < 252:
        return bytes([size])
    low = 252 + size % 4
    return bytes([low, (size - low) // 4])


def padding_lengths(count: int) -> bytes:
    """Return the shortest padding length bytes that announce ``count`` bytes of padding."""
    full = max(0, count - 1) // 254
    return b"\xff" * full + bytes([count - 254 * full])


def code3(
    config: int,
    frames: list[bytes],
    *,
    vbr: bool = False,
    padding: bytes | None = None,
    lengths: bytes | None = None,
    stereo: bool = False,
) -> bytes:
    """Return a code 3 packet; ``lengths`` replaces the shortest padding length bytes."""
    count = len(frames) | vbr << 7 | (padding is not None) << 6
    packet = toc(config, 3, stereo=stereo) + bytes([count])
    if padding is not None:
        packet += padding_lengths(len(padding)) if lengths is None else lengths
    if vbr:
        packet += b"".join(length_code(len(frame)) for frame in frames[:-1])
    return packet + b"".join(frames) + (padding or b"")
