"""From the bytes of a packet to its frames and padding (RFC 6716 section 3 and Appendix B)."""

from dred_reference.clauses import clause
from dred_reference.errors import PacketError
from dred_reference.packet.frame_length import LARGEST_FRAME
from dred_reference.packet.framing import Framing, code0, code1, code2, code3, read_length
from dred_reference.packet.record import Packet
from dred_reference.packet.toc import read_toc
from dred_reference.trace import Trace

__all__ = ["parse_packet"]


@clause(
    "RFC6716-3-framing",
    "RFC6716-3.1-R1",
    "RFC6716-3.2.5-padany",
    "RFC6716-3.4-reject",
    "EXT-ignored-by-old",
)
def parse_packet(data: bytes, *, self_delimited: bool = False, trace: Trace | None = None) -> Packet:
    """Take a packet apart.

    Parameters
    ----------
    data : bytes
        The packet; with `self_delimited`, the packet and whatever follows it.
    self_delimited : bool
        Whether the framing of Appendix B is used.
    trace : Trace, optional
        Records the fields; its source is `data`.

    Returns
    -------
    Packet

    Raises
    ------
    PacketError
        R1 to R7, or B1 to B3 in self-delimited packets.
    """
    if not data:
        raise PacketError("R1", "a packet has at least one byte", 0)
    config, stereo, code = read_toc(data[0])
    if trace is not None:
        trace.add("toc.config", "RFC6716-3.1-toc", 0, 5, config)
        trace.add("toc.stereo", "RFC6716-3.1-toc", 5, 6, stereo)
        trace.add("toc.code", "RFC6716-3.1-toc", 6, 8, code)
    match code:
        case 0:
            framing = code0(data)
        case 1:
            framing = code1(data)
        case 2:
            framing = code2(data, trace)
        case _:
            framing = code3(data, config, trace)
    if self_delimited:
        lengths, position = _delimited_lengths(data, framing, trace)
    else:
        lengths, position = _implied_lengths(framing), framing.position
    frames = []
    for index, length in enumerate(lengths):
        frames.append(data[position : position + length])
        if trace is not None:
            name = f"frames[{index}]"
            trace.add_bytes(name, "RFC6716-3-framing", position, position + length, frames[-1])
        position += length
    padding_size = len(data) - framing.end
    padding = data[position : position + padding_size]
    if trace is not None and framing.padded:
        trace.add_bytes("padding", "RFC6716-3.2.5-padany", position, position + padding_size, padding)
    return Packet(
        config,
        stereo,
        code,
        tuple(frames),
        padding,
        padding_offset=position,
        consumed=position + padding_size,
        vbr=framing.vbr,
        padded=framing.padded,
    )


@clause("RFC6716-3.2.1-R2", "RFC6716-3.2.3-R3", "RFC6716-3.2.5-R6")
def _implied_lengths(framing: Framing) -> tuple[int, ...]:
    """Return all sizes; those not given follow from the length of the packet."""
    remaining = framing.end - framing.position
    if framing.equal:
        if remaining % framing.count != 0:
            rule = "R6" if framing.code == 3 else "R3"
            raise PacketError(rule, f"{remaining} bytes for {framing.count} equal frames", framing.position)
        last = remaining // framing.count
        lengths = (last,) * framing.count
        start = framing.position
    else:
        last = remaining - sum(framing.lengths)
        lengths = (*framing.lengths, last)
        start = framing.end - last
    if last > LARGEST_FRAME:
        raise PacketError("R2", f"a frame of {last} bytes", start)
    return lengths


@clause("RFC6716-3-selfdelim", "RFC6716-B-selfdelim")
def _delimited_lengths(data: bytes, framing: Framing, trace: Trace | None) -> tuple[tuple[int, ...], int]:
    """Return all sizes and where the frames start; one more length code gives the size of the last frame."""
    start = framing.position
    name = f"frames[{framing.count - 1}]"
    length, position = read_length(data, start, framing.end, "B1", trace, name)
    if framing.equal:
        if length * framing.count > framing.end - position:
            raise PacketError("B2", f"{framing.count} frames of {length} bytes do not fit", start)
        return (length,) * framing.count, position
    if sum(framing.lengths) + length > framing.end - position:
        raise PacketError("B3", f"a last frame of {length} bytes does not fit behind the others", start)
    return (*framing.lengths, length), position
