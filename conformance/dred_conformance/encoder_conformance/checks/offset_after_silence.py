"""The signalled time of the first packets after silence, which deployed encoders get wrong.

While nothing is active an encoder like libopus skips the newest silence and signals a lower offset for it. In
the first packet after that it sends the same latents once more, but forgets to signal the skip (the
"delayed" branch of the deployed rule). Two packets with the same symbols must place them at the same time of
the stream, so this needs no input; with the input the time of such packets is estimated, too.
"""

from collections.abc import Sequence
from itertools import pairwise

from dred_conformance.encoder_conformance.alignment import Delay, Track, estimate_delay
from dred_conformance.encoder_conformance.record import Check, Finding
from dred_conformance.encoder_conformance.speech import FeatureGrid
from dred_conformance.encoder_conformance.stream import EncodedStream, ReadPacket
from dred_conformance.encoder_conformance.wording import count, packets
from dred_conformance.inspection.dred_section import UNIT_MS
from dred_conformance.runner.verdict import Verdict

__all__ = ["CHECK", "contradictions", "first_after_silence", "is_in_silence", "judge_after_silence"]

CHECK = Check(
    "offset_after_silence",
    "packets that bring the same latents again place them at the same time, also right after silence",
    "payload",
    ("DRED-offset-sign", "DRED-silence"),
)
_SKIPPED_UNITS = 8  # an encoder skips silence in steps of 20 ms

_REACH_UNITS = 420  # a skip of more than a second
_TOLERANCE_UNITS = 2  # of a single packet; pooled ones scatter less
_LEAST_FRAMES = 24
_WORST_CONTRAST = 0.6


def _wrong_times(tracks: Sequence[Track], grid: FeatureGrid) -> list[tuple[Track, Delay | None]]:
    """Return for each packet the estimated delay; None where its speech has too little contrast to tell."""
    found: list[tuple[Track, Delay | None]] = []
    for track in tracks:
        delay = estimate_delay([track], grid, _REACH_UNITS) if len(track.values) >= _LEAST_FRAMES else None
        found.append((track, delay if delay is not None and delay.contrast <= _WORST_CONTRAST else None))
    return found


def _same_symbols(before: ReadPacket, now: ReadPacket) -> bool:
    if before.dred is None or now.dred is None:
        return False
    one, other = before.dred.payload, now.dred.payload
    if one is None or other is None or not (one.latents and other.latents):
        return False
    shared = min(len(one.latents), len(other.latents))
    return (
        (one.q0, one.dq, one.qmax, one.state) == (other.q0, other.dq, other.qmax, other.state)
        and sum(symbol != 0 for symbol in one.state) > len(one.state) // 4
        and one.latents[:shared] == other.latents[:shared]
    )


def contradictions(looked_at: Sequence[ReadPacket]) -> list[tuple[ReadPacket, ReadPacket, int]]:
    """Return pairs of packets in a row with the same symbols at different times, and the difference.

    The difference is by how many 2.5 ms the second places them later.
    """
    found = []
    for before, now in pairwise(looked_at):
        if before.index + 1 == now.index and _same_symbols(before, now) and before.newest != now.newest:
            found.append((before, now, now.newest - before.newest))
    return found


def is_in_silence(packet: ReadPacket) -> bool:
    """Tell whether a packet skips silence at its newest end: its speech ends 20 ms and more before it."""
    return packet.dred is not None and packet.dred.offset < -_SKIPPED_UNITS


def first_after_silence(looked_at: Sequence[ReadPacket]) -> list[ReadPacket]:
    """Return the packets that follow one that skipped silence and do not skip so much themselves."""
    found = []
    for before, now in pairwise(looked_at):
        assert before.dred is not None
        assert now.dred is not None
        is_next = before.index + 1 == now.index
        if is_next and is_in_silence(before) and now.dred.offset > before.dred.offset + _SKIPPED_UNITS:
            found.append(now)
    return found


def judge_after_silence(
    stream: EncodedStream, tracks: Sequence[Track] = (), grid: FeatureGrid | None = None
) -> Finding:
    """Judge that the same latents are always at the same time, and that this time is true after silence.

    Parameters
    ----------
    stream
    tracks
        Decoded features of first packets after silence.
    grid
        Cepstra of the input, if it is at hand.
    """
    looked_at = list(stream.with_dred)
    if stream.model is None:
        return Finding(Verdict.UNSUPPORTED, "no model is at hand, so no symbols were compared")
    found = contradictions(looked_at)
    repeated = sum(_same_symbols(one, two) for one, two in pairwise(looked_at))
    after = first_after_silence(looked_at)
    figures: dict[str, float | None] = {
        "repeated_payloads": float(repeated),
        "contradictions": float(len(found)),
        "first_after_silence": float(len(after)),
        "largest_error_2p5ms": float(max((abs(shift) for _, _, shift in found), default=0)),
    }
    late = [] if grid is None else _wrong_times(tracks, grid)
    figures["judged_with_input"] = None if grid is None else float(sum(each is not None for _, each in late))
    if found:
        _, now, shift = found[0]
        assert now.dred is not None
        way = "later" if shift > 0 else "earlier"
        text = (
            f"{packets([packet.index for _, packet, _ in found])}: the same symbols as in the packet before, "
            f"but placed {UNIT_MS * abs(shift):g} ms {way} (packet {now.index} signals offset "
            f"{now.dred.offset}, {now.dred.offset - shift} would be true)"
        )
        expected = f"offset {now.dred.offset - shift}"
        return Finding(Verdict.FAIL, text, figures, now.index, expected, f"offset {now.dred.offset}")
    wrong = [
        (track, delay) for track, delay in late if delay is not None and abs(delay.units) > _TOLERANCE_UNITS
    ]
    if wrong:
        track, delay = wrong[0]
        signalled = 0 if track.dred is None else track.dred.offset
        text = (
            f"{packets([each.packet for each, _ in wrong])} right after silence: their features belong "
            f"{UNIT_MS * delay.units:g} ms beside the time that packet {track.packet} signals"
        )
        figures["largest_error_2p5ms"] = float(max(abs(each.units) for _, each in wrong))
        expected = f"offset {signalled + delay.units}"
        return Finding(Verdict.FAIL, text, figures, track.packet, expected, f"offset {signalled}")
    text = (
        f"{count(repeated, 'packet')} with the symbols of the packet before at the same time of the stream, "
        f"{count(len(after), 'packet')} right after silence"
    )
    return Finding(Verdict.PASS, text, figures)
