"""Silence at both ends is left out of the redundancy."""

import numpy as np
from numpy.typing import NDArray

from dred_conformance.encoder_conformance.checks.offset_after_silence import first_after_silence
from dred_conformance.encoder_conformance.record import Check, Finding
from dred_conformance.encoder_conformance.speech import Speech
from dred_conformance.encoder_conformance.stream import LATENT_UNITS, EncodedStream, ReadPacket
from dred_conformance.encoder_conformance.wording import packets
from dred_conformance.inspection.dred_section import UNIT_MS
from dred_conformance.runner.verdict import Verdict

__all__ = ["CHECK", "judge_silence"]

CHECK = Check(
    "silence",
    "leading and trailing digital silence is left out",
    "payload",
    ("DRED-silence",),
    "should",
    needs_input=True,
)
_LEAST_SILENCE = 48  # 120 ms: shorter ones fit into what is allowed anyway
_LEADING = 2 * LATENT_UNITS
"""Two latents of nothing but silence at the newest end are too many: one may lie there, because activity is
known in steps of 20 ms that are not those of the latents."""
_TRAILING = 3 * LATENT_UNITS
"""At the oldest end the deployed rule keeps one latent after an active one on purpose."""


def _run(silent: NDArray[np.bool_]) -> int:
    """Return how many of the first entries are true."""
    sounding = np.flatnonzero(~silent)
    return int(sounding[0]) if sounding.size else len(silent)


def _covered(packet: ReadPacket, silent: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return for the covered time, newest first, whether it is silent; before the stream everything is."""
    assert packet.dred is not None
    units = packet.newest - 1 - np.arange(LATENT_UNITS * packet.dred.written_latents)
    inside = (units >= 0) & (units < len(silent))
    return np.where(inside, silent[np.clip(units, 0, len(silent) - 1)], True)


def _longest(silent: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], silent, [False]]).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max()) if edges.size else 0


def judge_silence(stream: EncodedStream, speech: Speech) -> Finding:
    """Judge whether digital silence of the input is left out at both ends of the redundancy."""
    silent = speech.silent
    inside = silent[: speech.units]
    longest = _longest(inside)
    if longest < _LEAST_SILENCE:
        text = (
            f"the input has no digital silence of {UNIT_MS * _LEAST_SILENCE:g} ms (the longest is "
            f"{UNIT_MS * longest:g} ms), so nothing had to be left out"
        )
        return Finding(Verdict.UNSUPPORTED, text)
    within = [packet for packet in stream.with_dred if packet.newest <= speech.units]
    apart = {packet.index for packet in first_after_silence(within)}  # judged by a check of its own
    looked_at = [packet for packet in within if packet.index not in apart]
    leading = {packet.index: _run(_covered(packet, silent)) for packet in looked_at}
    trailing = {packet.index: _run(_covered(packet, silent)[::-1]) for packet in looked_at}
    early = [index for index, run in leading.items() if run >= _LEADING]
    late = [index for index, run in trailing.items() if run >= _TRAILING]
    figures = {
        "silence_in_input_ms": UNIT_MS * float(np.count_nonzero(inside)),
        "leading_largest_ms": UNIT_MS * max(leading.values(), default=0),
        "trailing_largest_ms": UNIT_MS * max(trailing.values(), default=0),
        "packets_with_leading_silence": float(len(early)),
        "packets_with_trailing_silence": float(len(late)),
    }
    if early or late:
        numbers = sorted({*early, *late})
        text = (
            f"{packets(numbers)} of {len(looked_at)} code digital silence: up to "
            f"{UNIT_MS * max(leading.values()):g} ms at the newest end ({len(early)} packets), "
            f"{UNIT_MS * max(trailing.values()):g} ms at the oldest ({len(late)} packets)"
        )
        actual = f"{UNIT_MS * leading[numbers[0]]:g} ms newest, {UNIT_MS * trailing[numbers[0]]:g} ms oldest"
        return Finding(Verdict.NON_STRICT, text, figures, numbers[0], "no silent latents at the ends", actual)
    text = (
        f"of {UNIT_MS * np.count_nonzero(inside):g} ms of digital silence at most "
        f"{UNIT_MS * max(leading.values(), default=0):g} ms are coded at the newest end and "
        f"{UNIT_MS * max(trailing.values(), default=0):g} ms at the oldest"
    )
    return Finding(Verdict.PASS, text, figures)
