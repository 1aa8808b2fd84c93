"""Every packet is one that a decoder can parse, and the DRED in it one that a decoder finds."""

from dred_conformance.encoder_conformance.record import Check, Finding
from dred_conformance.encoder_conformance.stream import EncodedStream
from dred_conformance.encoder_conformance.wording import count, packets
from dred_conformance.runner.verdict import Verdict

__all__ = ["CHECK", "judge_well_formed"]

CHECK = Check(
    "well_formed",
    "every packet and its extensions parse, in both implementations alike",
    "packet",
    ("RFC6716-3-framing", "RFC6716-3.4-reject", "EXT-area", "EXT-fit", "DRED-locate"),
)


def judge_well_formed(stream: EncodedStream) -> Finding:
    """Judge framing and extensions of all packets."""
    broken = [packet.index for packet in stream.packets if packet.problem]
    disputed = [packet.index for packet in stream.packets if packet.disagreement]
    with_dred = sum(1 for _ in stream.with_dred)
    figures = {
        "packets": float(len(stream.packets)),
        "malformed": float(len(broken)),
        "with_dred": float(with_dred),
    }
    if not stream.packets:
        return Finding(Verdict.ERROR, "the stream holds no packet", figures)
    if disputed:
        first = next(packet for packet in stream.packets if packet.index == disputed[0])
        text = f"the two implementations here disagree on {packets(disputed)} ({first.disagreement})"
        return Finding(Verdict.ERROR, text, figures, disputed[0])
    if broken:
        first = next(packet for packet in stream.packets if packet.index == broken[0])
        text = f"{packets(broken)} of {len(stream.packets)} cannot be parsed: {first.problem}"
        return Finding(Verdict.FAIL, text, figures, broken[0], "a valid packet", first.problem)
    parsed = f"{count(len(stream.packets), 'packet')} parse"
    if not with_dred:
        text = f"{parsed}, but none carries DRED of this wire profile: there is nothing to judge"
        return Finding(Verdict.UNSUPPORTED, text, figures)
    return Finding(Verdict.PASS, f"{parsed}, {with_dred} with DRED", figures)
