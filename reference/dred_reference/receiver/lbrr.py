"""In-band FEC (LBRR): whether a packet has it, and what it is for."""

from dred_reference.clauses import clause
from dred_reference.packet import Packet, frame_samples

__all__ = ["has_lbrr", "lbrr_start_48k"]

SHORTEST_48K = 480
SILK_FRAME_48K = 960


@clause("RX-lbrr")
def has_lbrr(packet: Packet) -> bool:
    """Return whether the first frame of a packet carries the frame before it once more.

    For each channel there is a VAD flag for each 20 ms, then the LBRR flag; all of them are coded as likely
    as not, so they are the first bits of the frame.
    """
    frame = packet.frames[0]
    duration = frame_samples(packet.config, 48000)
    if packet.configuration.mode == "CELT" or duration < SHORTEST_48K or len(frame) <= 1:
        return False
    vad_flags = max(1, duration // SILK_FRAME_48K)
    flags = [frame[0] >> (7 - vad_flags) & 1]
    if packet.stereo:
        flags.append(frame[0] >> (6 - 2 * vad_flags) & 1)
    return any(flags)


@clause("RX-lbrr")
def lbrr_start_48k(packet: Packet, timestamp_48k: int) -> int | None:
    """Return where the audio of a packet's LBRR starts, or None if it has none."""
    if not has_lbrr(packet):
        return None
    return timestamp_48k - frame_samples(packet.config, 48000)
