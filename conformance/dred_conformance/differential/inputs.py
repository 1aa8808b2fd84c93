"""Random packets, padding areas and payloads that reach deep into the readers.

Pure noise is rejected by the first rule it meets; so most inputs are built to be nearly right.
"""

import random
from collections.abc import Callable

__all__ = ["random_packet", "random_padding", "random_payload"]

_SHORT_FRAMES = (0, 0, 1, 2, 3, 5, 9, 20)
_LONG_FRAMES = (250, 251, 252, 253, 255, 256, 1274, 1275, 1276)
_EXTENSION_IDS = (0, 1, 1, 2, 2, 2, 3, 4, 5, 9, 31, 32, 33, 40, 124, 126, 127)


def random_packet(source: random.Random) -> bytes:
    """Return a packet: noise, or a built one of any code, intact or damaged."""
    if source.random() < 0.15:
        return source.randbytes(source.randrange(0, 60))
    packet = bytearray(_built_packet(source))
    if source.random() < 0.6:
        _damage(source, packet)
    return bytes(packet)


def _frame_size(source: random.Random) -> int:
    return source.choice(_LONG_FRAMES if source.random() < 0.08 else _SHORT_FRAMES)


def _length_code(size: int) -> bytes:
    if size < 252:
        return bytes([size])
    first = 252 + (size & 3)
    return bytes([first, (size - first) >> 2 & 255])


def _built_packet(source: random.Random) -> bytes:
    code = source.choice((0, 1, 2, 3, 3, 3, 3))
    head = bytes([source.randrange(64) << 2 | code])
    if code == 0:
        return head + source.randbytes(_frame_size(source))
    if code == 1:
        return head + source.randbytes(2 * _frame_size(source))
    if code == 2:
        first = _frame_size(source)
        return head + _length_code(first) + source.randbytes(first + _frame_size(source))
    return head + _code3_body(source)


def _code3_body(source: random.Random) -> bytes:
    count = source.choice((0, 1, 1, 2, 2, 3, 4, 6, 12, 24, 48, 49, 63))
    is_vbr, is_padded = source.random() < 0.5, source.random() < 0.7
    body = bytes([count | is_vbr << 7 | is_padded << 6])
    padding = b""
    if is_padded:
        lengths = b"\xff" * source.choice((0, 0, 0, 1, 2)) + bytes([source.choice((0, 1, 5, 30, 253, 254))])
        body += lengths
        size = sum(254 if byte == 255 else byte for byte in lengths)
        padding = random_padding(source)[:size].ljust(size, b"\x00")
    sizes = [_frame_size(source)] * count
    if is_vbr:
        sizes = [_frame_size(source) for _ in range(count)]
        body += b"".join(_length_code(size) for size in sizes[:-1])
    return body + source.randbytes(sum(sizes)) + padding


def _damage(source: random.Random, data: bytearray) -> None:
    for _ in range(source.randrange(1, 4)):
        if not data:
            return
        at = source.randrange(min(len(data), 12) if source.random() < 0.6 else len(data))
        kind = source.randrange(5)
        if kind == 0:
            data[at] ^= 1 << source.randrange(8)
        elif kind == 1:
            data[at] = source.choice((0, 1, 2, 127, 128, 251, 252, 254, 255))
        elif kind == 2:
            del data[at]
        elif kind == 3:
            data[at:at] = source.randbytes(1)
        else:
            del data[source.randrange(len(data)) :]


def random_padding(source: random.Random) -> bytes:
    """Return a padding area: noise, or a chain of extensions, separators and repeats, perhaps damaged."""
    if source.random() < 0.1:
        return source.randbytes(source.randrange(0, 80))
    area = bytearray()
    for _ in range(source.randrange(0, 9)):
        area += _extension(source)
    if source.random() < 0.4:
        _damage(source, area)
    if source.random() < 0.3:
        area += source.randbytes(source.randrange(0, 40))
    return bytes(area)


def _extension(source: random.Random) -> bytes:
    extension_id = source.choice(_EXTENSION_IDS)
    flag = source.random() < (0.9 if extension_id == 0 or extension_id >= 32 else 0.5)
    head = bytes([extension_id << 1 | flag])
    if extension_id == 1 and flag:
        return head + bytes([source.choice((0, 0, 1, 1, 2, 3, 47, 255))])
    if 3 <= extension_id <= 31 and flag:
        return head + source.randbytes(1)
    if extension_id < 32 or not flag:
        return head
    size = source.choice((0, 1, 2, 3, 8, 20, 254, 255, 256))
    payload = source.randbytes(size)
    if extension_id == 126 and size > 2 and source.random() < 0.7:
        payload = b"D\x0c" + payload[2:]
    return head + b"\xff" * (size // 255) + bytes([size % 255]) + payload


def random_payload(
    source: random.Random, build: Callable[[random.Random], bytes], real: list[bytes]
) -> bytes:
    """Return a DRED payload without prefix: noise, a built one or a real one, intact or damaged.

    Parameters
    ----------
    source
        Where randomness comes from.
    build
        Makes a payload from random symbols.
    real
        Payloads of real streams; may be empty.
    """
    kind = source.random()
    if kind < 0.3:
        size = source.choice((1, 2, 3, 8, 30, 100, 300))
        return source.randbytes(size) if source.random() < 0.8 else bytes([source.choice((0, 255))]) * size
    data = bytearray(source.choice(real) if real and kind < 0.65 else build(source))
    if source.random() < 0.75:
        _damage(source, data)
    return bytes(data) or b"\x00"
