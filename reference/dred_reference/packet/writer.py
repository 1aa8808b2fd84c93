"""From frames to the bytes of a packet: the inverse of `parse_packet`."""

from collections.abc import Sequence

from dred_reference.clauses import clause
from dred_reference.errors import WriteError
from dred_reference.packet.frame_length import LARGEST_FRAME, write_frame_length
from dred_reference.packet.framing import LONGEST_PACKET
from dred_reference.packet.toc import CONFIGURATIONS, frame_samples, write_toc

__all__ = ["padding_length_bytes", "write_code3_header", "write_packet"]


@clause(
    "RFC6716-3.1-toc",
    "RFC6716-3.2.2-code0",
    "RFC6716-3.2.3-code1",
    "RFC6716-3.2.4-code2",
    "RFC6716-3.2.5-code3",
    "RFC6716-B-selfdelim",
)
def write_packet(
    config: int,
    stereo: bool,
    code: int,
    frames: Sequence[bytes],
    *,
    vbr: bool = False,
    padding: bytes | None = None,
    self_delimited: bool = False,
) -> bytes:
    """Put a packet together.

    Parameters
    ----------
    config : int
        Configuration number, 0 to 31.
    stereo : bool
        Stereo flag.
    code : int
        Frame count code, 0 to 3; it must suit the frames.
    frames : sequence of bytes
        The compressed frames.
    vbr : bool
        Code 3 only: whether each frame but the last carries its length.
    padding : bytes, optional
        Code 3 only: the padding area, which may be empty; without it the padding flag stays 0.
    self_delimited : bool
        Whether the length of the last frame is written as well.

    Returns
    -------
    bytes

    Raises
    ------
    WriteError
        W1: an argument out of its range, or frames that the code cannot carry.
    """
    _check(config, code, frames, vbr, padding)
    packet = bytearray([write_toc(config, stereo, code)])
    given: Sequence[bytes] = ()
    if code == 2:
        given = frames[:1]
    elif code == 3:
        packet += write_code3_header(len(frames), vbr, padding is not None)
        if padding is not None:
            # The padding length counts in steps of 254, and its last byte may not be 255.
            packet += padding_length_bytes(len(padding) + max(0, len(padding) - 1) // 254 + 1)
        given = frames[:-1] if vbr else ()
    for frame in given:
        packet += write_frame_length(len(frame))
    if self_delimited:
        packet += write_frame_length(len(frames[-1]))
    return bytes(packet) + b"".join(frames) + (padding or b"")


@clause("RFC6716-3.2.5-code3")
def write_code3_header(count: int, vbr: bool, padded: bool) -> bytes:
    """Return the frame count byte: VBR flag, padding flag, number of frames  # v, p, M."""
    return bytes([vbr << 7 | padded << 6 | count])


@clause("RFC6716-3.2.5-padlen")
def padding_length_bytes(amount: int) -> bytes:
    """Code the padding length.

    Parameters
    ----------
    amount : int
        Bytes that the padding takes in the packet, its length bytes included; at least 1.

    Returns
    -------
    bytes
        ``amount - len(result)`` is the size of the padding area.
    """
    full = (amount - 1) // 255  # each stands for 254 bytes of padding and itself
    return bytes([255] * full + [amount - 255 * full - 1])


@clause("RFC6716-3.2.1-R2", "RFC6716-3.2.3-R3", "RFC6716-3.2.5-R5", "RFC6716-3.2.5-R6")
def _check(config: int, code: int, frames: Sequence[bytes], vbr: bool, padding: bytes | None) -> None:
    """Raise W1 unless a packet of this code can carry the frames."""
    if not 0 <= config < len(CONFIGURATIONS):
        raise WriteError("W1", "packet", f"configuration {config} is not 0 to 31")
    if not 0 <= code <= 3:
        raise WriteError("W1", "packet", f"frame count code {code} is not 0 to 3")
    count = len(frames)
    if code < 3 and count != (1, 2, 2)[code]:
        raise WriteError("W1", "packet", f"code {code} does not carry {count} frames")
    if count == 0 or count * frame_samples(config, 48000) > LONGEST_PACKET:
        raise WriteError("W1", "packet", f"{count} frames: at least one, at most 120 ms")
    if max(map(len, frames)) > LARGEST_FRAME:
        raise WriteError("W1", "packet", f"a frame is larger than {LARGEST_FRAME} bytes")
    equal = code == 1 or (code == 3 and not vbr)
    if equal and len(set(map(len, frames))) != 1:
        raise WriteError("W1", "packet", "frames without individual lengths must have the same size")
    if padding is not None and code != 3:
        raise WriteError("W1", "packet", "only code 3 has padding")
