"""A remark: whether the level ramp crosses the level where the official model loses the pitch."""

from dred_conformance.encoder_conformance.record import Check, Finding
from dred_conformance.encoder_conformance.stream import EncodedStream, ReadPacket
from dred_conformance.encoder_conformance.wording import packets, share
from dred_conformance.inspection.findings import PITCH_LEVEL
from dred_conformance.runner.verdict import Verdict

__all__ = ["CHECK", "judge_level_schedule"]

CHECK = Check(
    "level_schedule",
    "the level ramp does not cross from 8 to 9 with the official model (advice)",
    "payload",
    ("DRED-schedule",),
    "none",
)
_MODEL = "libopus-1.6"


def _crosses(packet: ReadPacket) -> bool:
    payload = packet.dred.payload if packet.dred is not None else None
    return payload is not None and any(
        before <= PITCH_LEVEL < after
        for before, after in zip(payload.levels, payload.levels[1:], strict=False)
    )


def judge_level_schedule(stream: EncodedStream) -> Finding:
    """Remark on ramps that spoil the pitch; never more than a remark, as no text speaks of it."""
    if stream.model is None or not stream.model.startswith(_MODEL):
        return Finding(Verdict.UNSUPPORTED, f"this is known of the model {_MODEL} only")
    looked_at = list(stream.with_dred)
    crossing = [packet.index for packet in looked_at if _crosses(packet)]
    figures = {"crossing_packets": float(len(crossing)), "crossing_share": len(crossing) / len(looked_at)}
    if not crossing:
        return Finding(Verdict.PASS, f"none of {len(looked_at)} payloads crosses from level 8 to 9", figures)
    text = (
        f"advice: the level rises from {PITCH_LEVEL} or below to {PITCH_LEVEL + 1} or above in "
        f"{packets(crossing)} ({share(len(crossing), len(looked_at))}); with this model the pitch of older "
        f"speech is then decoded wrong. A largest level of {PITCH_LEVEL} avoids it"
    )
    return Finding(Verdict.PASS, text, figures, remarks=(text,))
