"""What the latents of each age cost."""

import numpy as np

from dred_conformance.encoder_conformance.ages import age_spans, latent_ages_ms, span_of
from dred_conformance.encoder_conformance.record import Check, Finding
from dred_conformance.encoder_conformance.stream import EncodedStream
from dred_conformance.runner.verdict import Verdict

__all__ = ["CHECK", "bits_by_age", "judge_bits"]

CHECK = Check(
    "bits",
    "what a latent costs, by age (measured)",
    "payload",
    ("DRED-write-latents", "DRED-schedule"),
    "none",
)


def bits_by_age(stream: EncodedStream) -> list[tuple[int, float | None]]:
    """Return for each span of age the number of latents and their mean cost in bits."""
    spans = len(age_spans())
    counts, sums = np.zeros(spans + 1), np.zeros(spans + 1)
    for packet in stream.with_dred:
        assert packet.dred is not None
        bits = packet.dred.latent_bits
        where = span_of(latent_ages_ms(bits))
        np.add.at(counts, where, 1)
        np.add.at(sums, where, bits)
    return [
        (int(count), float(total / count) if count else None)
        for count, total in zip(counts[:spans], sums[:spans], strict=True)
    ]


def judge_bits(stream: EncodedStream) -> Finding:
    """Measure what state and latents cost."""
    if stream.model is None:
        return Finding(Verdict.UNSUPPORTED, "no model is at hand, so no symbols were read")
    looked_at = [packet.dred for packet in stream.with_dred if packet.dred is not None]
    state = sum(dred.state_bits for dred in looked_at) / len(looked_at)
    found = bits_by_age(stream)
    figures: dict[str, float | None] = {
        "payload_bytes_mean": sum(len(dred.located.payload) for dred in looked_at) / len(looked_at),
        "state_bits_mean": state,
        **{
            f"bits_{first}_{last}_ms": mean
            for (first, last), (_, mean) in zip(age_spans(), found, strict=True)
        },
    }
    parts = [
        f"{mean:.1f} at {first}-{last} ms"
        for (first, last), (_, mean) in zip(age_spans(), found, strict=True)
        if mean is not None
    ]
    text = f"the state costs {state:.0f} bits; a latent costs {', '.join(parts) or 'nothing'}"
    return Finding(Verdict.PASS, text, figures)
