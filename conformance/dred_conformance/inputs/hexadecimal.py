r"""Packets as hexadecimal text: an argument, a file, standard input.

One packet per line (`read_hex`) or all lines together as one packet (`read_hex_block`, for what ``xxd -p``
prints). Spaces, colons, commas, dashes, ``0x`` and ``\x`` may separate bytes, ``#`` starts a comment, and a
line that ends in a backslash goes on in the next one.
"""

import re
from collections.abc import Iterator

from dred_conformance.inputs.byte_stream import ByteStream
from dred_conformance.inputs.errors import InputError
from dred_conformance.inputs.record import MAX_PACKET_BYTES, Origin, SourcePacket

_SEPARATORS = re.compile(rb"0[xX]|\\x|[\s:,;_\-\"'{}\[\]]")
_SHORT_BYTE = re.compile(rb"(?<![0-9a-fA-F])0[xX]([0-9a-fA-F])(?![0-9a-fA-F])")
_NOT_HEX = re.compile(rb"[^0-9a-fA-F]")
_MAX_LINE_BYTES = 8 * MAX_PACKET_BYTES


def _digits(line: bytes, start: int, number: int) -> bytes:
    """Return the hex digits of `line`, which starts at byte `start` and is line `number` of the input."""
    # 0x4 is the byte 04, as C arrays are printed; a lone digit without the prefix stays an error
    code = _SHORT_BYTE.sub(rb" 0\1", line.split(b"#", 1)[0])
    # blanked out, not removed, so that offsets stay those of the line
    blanked = _SEPARATORS.sub(lambda match: b" " * len(match.group()), code)
    bad = _NOT_HEX.search(blanked.replace(b" ", b"0"))
    if bad is not None:
        column = bad.start()
        shown = ascii(code[column : column + 1].decode("latin-1"))
        raise InputError(
            "I1", f"{shown} in line {number}, column {column + 1} is no hex digit", position=start + column,
            advice="write bytes as 'fc 44 0c', 'fc:44:0c' or '0xfc,0x44'; start comments with '#'",
        )  # fmt: skip
    return b"".join(blanked.split())


def _packet(digits: bytes, index: int, start: int, place: str) -> SourcePacket:
    if len(digits) % 2:
        raise InputError(
            "I1", f"{place} has an odd number of hex digits ({len(digits)})", position=start,
            advice="a byte is two digits; was the end cut off?",
        )  # fmt: skip
    if len(digits) > 2 * MAX_PACKET_BYTES:
        raise InputError("I4", f"{place} is longer than {MAX_PACKET_BYTES} bytes", position=start)
    return SourcePacket(index, bytes.fromhex(digits.decode("ascii")), Origin("hex", start, place))


def _logical_lines(stream: ByteStream) -> Iterator[tuple[int, int, bytes]]:
    """Yield (byte offset, line number, digits), with continued lines joined."""
    digits = bytearray()
    first: tuple[int, int] | None = None
    number = 0
    while True:
        start = stream.tell()
        line = stream.read_line(_MAX_LINE_BYTES)
        if not line:
            break
        number += 1
        code = line.split(b"#", 1)[0].rstrip()
        goes_on = code.endswith(b"\\")
        digits += _digits(code[:-1] if goes_on else code, start, number)
        first = first or (start, number)
        if len(digits) > 2 * MAX_PACKET_BYTES:
            raise InputError("I4", f"line {first[1]} is longer than {MAX_PACKET_BYTES} bytes", position=start)
        if not goes_on:
            yield (*first, bytes(digits))
            digits, first = bytearray(), None
    if first is not None:
        yield (*first, bytes(digits))


def read_hex(stream: ByteStream) -> Iterator[SourcePacket]:
    """Yield one packet for each line that has digits."""
    index = 0
    for start, number, digits in _logical_lines(stream):
        if digits:
            yield _packet(digits, index, start, f"line {number}")
            index += 1


def read_hex_block(stream: ByteStream) -> Iterator[SourcePacket]:
    """Yield one packet made of all lines."""
    block = bytearray()
    for start, _, digits in _logical_lines(stream):
        block += digits
        if len(block) > 2 * MAX_PACKET_BYTES:
            raise InputError("I4", f"the block is longer than {MAX_PACKET_BYTES} bytes", position=start)
    if block:
        yield _packet(bytes(block), 0, 0, "the block")


def looks_like_hex(head: bytes) -> bool:
    """Tell whether `head`, the first bytes of an input, is hex text (comments included)."""
    digits = 0
    for line in head.split(b"\n"):
        code = line.split(b"#", 1)[0].rstrip().removesuffix(b"\\")
        rest = b"".join(_SEPARATORS.sub(b" ", code).split())
        if _NOT_HEX.search(rest):
            return False
        digits += len(rest)
    return digits > 0
