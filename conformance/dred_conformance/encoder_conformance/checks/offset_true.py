"""The signalled time is the true one: decoded features lie over those of the input."""

from collections.abc import Sequence

from dred_conformance.encoder_conformance.alignment import Delay, Track, estimate_delay
from dred_conformance.encoder_conformance.analysis import REACH_UNITS, StreamAnalysis
from dred_conformance.encoder_conformance.record import Check, Finding
from dred_conformance.encoder_conformance.wording import count
from dred_conformance.inspection.dred_section import UNIT_MS
from dred_conformance.runner.verdict import Verdict

__all__ = ["CHECK", "TOLERANCE_UNITS", "judge_offset"]

CHECK = Check(
    "offset",
    "the signalled time is the true one: decoded features lie over those of the input",
    "feature",
    ("DRED-offset-sign", "DRED-frame-offset", "DRED-offset-low", "DRED-offset-extra"),
    needs_input=True,
)
TOLERANCE_UNITS = 1
"""Of an average over many packets: half a unit is the rounding of the signalled time, the rest the delay of
filters that an encoder may have and does not signal, and the scatter of the estimate."""
SILENCE_TOLERANCE_UNITS = 3
"""Of the packets that skip silence: all of a pause repeat the same few latents, so their average scatters
like that of a packet or two. What an encoder can forget to signal are steps of 8 units."""
_WORST_CONTRAST = 0.8
_FEWEST_PACKETS = 3


def _trusted(tracks: Sequence[Track], delay: Delay | None) -> Delay | None:
    """Return an estimate if it stands on enough packets and stands out; else None."""
    if delay is None or len(tracks) < _FEWEST_PACKETS or delay.contrast > _WORST_CONTRAST:
        return None
    return delay


def judge_offset(analysis: StreamAnalysis) -> Finding:
    """Judge the time of the packets, those that skip silence apart."""
    in_silence = estimate_delay(analysis.in_silence, analysis.speech.cepstra, REACH_UNITS)
    groups = {
        "packets": _trusted(analysis.usual, analysis.delay),
        "packets that skip silence": _trusted(analysis.in_silence, in_silence),
    }
    usual, silent = groups.values()
    figures: dict[str, float | None] = {
        "delay_2p5ms": None if usual is None else usual.refined,
        "contrast": None if usual is None else usual.contrast,
        "analysed_packets": float(len(analysis.usual)),
        "delay_in_silence_2p5ms": None if silent is None else silent.refined,
        "analysed_in_silence": float(len(analysis.in_silence)),
    }
    if usual is None and silent is None:
        text = (
            f"the features of {count(len(analysis.usual), 'packet')} lie nowhere better over those of the "
            "input than elsewhere, so their time cannot be told"
        )
        return Finding(Verdict.UNSUPPORTED, text, figures)
    for name, delay in groups.items():
        tolerance = TOLERANCE_UNITS if delay is usual else SILENCE_TOLERANCE_UNITS
        if delay is not None and abs(delay.units) > tolerance:
            tracks = analysis.usual if delay is usual else analysis.in_silence
            return _wrong(name, delay, tracks, tolerance, figures)
    said = [
        f"{name}: {delay.refined:+.2f} units of 2.5 ms (contrast {delay.contrast:.2f}, {delay.frames} frames)"
        for name, delay in groups.items()
        if delay is not None
    ]
    return Finding(Verdict.PASS, f"estimated delay against the signalled time: {'; '.join(said)}", figures)


def _wrong(
    name: str, delay: Delay, tracks: Sequence[Track], tolerance: int, figures: dict[str, float | None]
) -> Finding:
    way = "later" if delay.units > 0 else "earlier"
    text = (
        f"the features of {len(tracks)} {name} belong {UNIT_MS * abs(delay.units):g} ms {way} than signalled "
        f"({delay.units:+d} units of 2.5 ms, tolerance {tolerance})"
    )
    first = next((track for track in tracks if len(track.values) >= 16), tracks[0])
    offset = 0 if first.dred is None else first.dred.offset
    expected = f"offset {offset + delay.units}"
    return Finding(Verdict.FAIL, text, figures, first.packet, expected, f"offset {offset}")
