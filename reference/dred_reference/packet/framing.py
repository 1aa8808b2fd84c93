"""The header behind the TOC byte, one function per frame count code (RFC 6716 sections 3.2.2 to 3.2.5)."""

from dataclasses import dataclass

from dred_reference.bit_fields import split_byte
from dred_reference.clauses import clause
from dred_reference.errors import PacketError
from dred_reference.packet.frame_length import read_frame_length
from dred_reference.packet.toc import frame_samples
from dred_reference.trace import Trace

__all__ = ["LONGEST_PACKET", "Framing", "code0", "code1", "code2", "code3", "read_length"]

LONGEST_PACKET = 5760  # samples at 48 kHz: 120 ms


@dataclass(frozen=True)
class Framing:
    """What the header says about the frames, before any size is implied by the length of the packet.

    Attributes
    ----------
    code : int
        Frame count code, 0 to 3  # c
    count : int
        Number of frames  # M
    equal : bool
        Whether all frames have the same size (codes 0, 1 and 3 CBR).
    lengths : tuple of int
        The sizes given one by one: all but the last (codes 2 and 3 VBR), else none.
    position : int
        The byte after the header.
    end : int
        Where the bytes of the frames may reach at most: the end of the packet without the padding area.
    vbr, padded : bool
        The flags of the frame count byte.
    """

    code: int
    count: int
    equal: bool
    lengths: tuple[int, ...]
    position: int
    end: int
    vbr: bool = False
    padded: bool = False


def read_length(
    data: bytes, position: int, end: int, rule: str, trace: Trace | None, name: str
) -> tuple[int, int]:
    """Read the length code of a frame that must fit behind it; errors carry `rule`."""
    code = read_frame_length(data, position, end)
    if code is None:
        raise PacketError(rule, "no room for a frame length", position)
    length, next_position = code
    if length > end - next_position:
        raise PacketError(rule, f"a frame of {length} bytes, but {end - next_position} are left", position)
    if trace is not None:
        trace.add_bytes(f"{name}.length", "RFC6716-3.2.1-length", position, next_position, length)
    return length, next_position


@clause("RFC6716-3.2.2-code0")
def code0(data: bytes) -> Framing:
    """One frame: all the bytes after the TOC byte."""
    return Framing(code=0, count=1, equal=True, lengths=(), position=1, end=len(data))


@clause("RFC6716-3.2.3-code1")
def code1(data: bytes) -> Framing:
    """Two frames of the same size."""
    return Framing(code=1, count=2, equal=True, lengths=(), position=1, end=len(data))


@clause("RFC6716-3.2.4-code2", "RFC6716-3.2.4-R4")
def code2(data: bytes, trace: Trace | None) -> Framing:
    """Two frames, the size of the first one given."""
    length, position = read_length(data, 1, len(data), "R4", trace, "frames[0]")
    return Framing(code=2, count=2, equal=False, lengths=(length,), position=position, end=len(data))


@clause("RFC6716-3.2.5-code3", "RFC6716-3.2.5-count", "RFC6716-3.2.5-R5", "RFC6716-3.2.5-R7")
def code3(data: bytes, config: int, trace: Trace | None) -> Framing:
    """Any number of frames, with the VBR and padding flags and the count in one byte."""
    if len(data) < 2:
        raise PacketError("R6", "the frame count byte is missing", len(data))
    vbr, padded, count = split_byte(data[1], 1, 1, 6)
    if count == 0:
        raise PacketError("R5", "the frame count is 0", 1)
    if count * frame_samples(config, 48000) > LONGEST_PACKET:
        raise PacketError("R5", f"{count} frames are longer than 120 ms", 1)
    if trace is not None:
        trace.add("count.vbr", "RFC6716-3.2.5-code3", 8, 9, vbr == 1)
        trace.add("count.padding", "RFC6716-3.2.5-code3", 9, 10, padded == 1)
        trace.add("count.frames", "RFC6716-3.2.5-R5", 10, 16, count)
    position, end = 2, len(data)
    if padded:
        position, end = _padding_length(data, "R7" if vbr else "R6", trace)
    lengths: list[int] = []
    if vbr:
        fault = position
        for index in range(count - 1):
            fault = position
            length, position = read_length(data, position, end, "R7", trace, f"frames[{index}]")
            lengths.append(length)
        if sum(lengths) > end - position:
            raise PacketError("R7", "the frame lengths add up to more than the packet holds", fault)
    return Framing(3, count, not vbr, tuple(lengths), position, end, vbr == 1, padded == 1)


@clause("RFC6716-3.2.5-padlen", "RFC6716-3.2.5-P")
def _padding_length(data: bytes, rule: str, trace: Trace | None) -> tuple[int, int]:
    """Return where the header goes on behind the padding length, and where the padding area begins."""
    position = 2
    remaining = len(data) - position
    area = 0
    while True:
        if remaining <= 0:
            if position >= len(data):
                raise PacketError(rule, "a padding length byte is missing", len(data))
            raise PacketError(rule, "more padding than the packet holds", 2)
        byte = data[position]  # P
        position += 1
        # 255 stands for 254 bytes of padding and says that another length byte follows.
        area += min(byte, 254)
        remaining -= 1 + min(byte, 254)
        if byte != 255:
            break
    if remaining < 0:
        raise PacketError(rule, "more padding than the packet holds", 2)
    if trace is not None:
        trace.add_bytes("padding.length", "RFC6716-3.2.5-padlen", 2, position, area)
    return position, len(data) - area
