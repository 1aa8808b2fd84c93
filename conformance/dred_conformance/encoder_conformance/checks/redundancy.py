"""How much of the past the packets cover."""

import numpy as np

from dred_conformance.encoder_conformance.record import Check, Finding
from dred_conformance.encoder_conformance.stream import EncodedStream, covered_ms
from dred_conformance.encoder_conformance.wording import share
from dred_conformance.inspection.dred_section import UNIT_MS
from dred_conformance.runner.verdict import Verdict

__all__ = ["CHECK", "judge_redundancy"]

CHECK = Check(
    "redundancy", "how much of the past is covered (measured)", "payload", ("DRED-latents",), "none"
)


def judge_redundancy(stream: EncodedStream, asked_ms: float | None = None) -> Finding:
    """Measure the covered time; with the time that was asked for, compare.

    Parameters
    ----------
    stream
    asked_ms
        What the encoder was asked to send.
    """
    looked_at = [packet.dred for packet in stream.with_dred if packet.dred is not None]
    if stream.model is None:
        return Finding(Verdict.UNSUPPORTED, "no model is at hand, so no latents were counted")
    covered = np.array([covered_ms(dred) for dred in looked_at], dtype=np.float64)
    reach = np.array([covered_ms(dred) - UNIT_MS * dred.offset for dred in looked_at])
    sizes = np.array([len(dred.located.payload) for dred in looked_at])
    rate = 8 * float(sizes.sum()) / max(stream.duration_ms / 1000, 1e-9)
    total = len(stream.packets)
    figures: dict[str, float | None] = {
        "covered_mean_ms": float(covered.mean()),
        "covered_p10_ms": float(np.percentile(covered, 10)),
        "covered_largest_ms": float(covered.max()),
        "reach_mean_ms": float(reach.mean()),
        "packets_with_dred_share": len(looked_at) / total,
        "dred_bits_per_s": rate,
        "asked_ms": asked_ms,
    }
    text = (
        f"packets cover {covered.mean():.0f} ms on average, 10 % of them {np.percentile(covered, 10):.0f} ms "
        f"or less, {covered.max():.0f} ms at most; {share(len(looked_at), total)} of {total} packets carry "
        f"DRED, {rate / 1000:.1f} kb/s in all"
    )
    if asked_ms:
        text += f"; {100 * covered.mean() / asked_ms:.0f} % of the {asked_ms:g} ms asked for"
    return Finding(Verdict.PASS, text, figures)
