"""Puts all checks to a stream."""

from collections.abc import Callable
from dataclasses import dataclass, field

from dred_conformance.encoder_conformance.analysis import StreamAnalysis
from dred_conformance.encoder_conformance.checks import (
    bits_by_age,
    feature_error,
    last_latent,
    level_schedule,
    offset_after_silence,
    offset_true,
    payload_sane,
    placement,
    redundancy,
    silence,
    well_formed,
)
from dred_conformance.encoder_conformance.record import Check, Finding
from dred_conformance.encoder_conformance.speech import Speech
from dred_conformance.encoder_conformance.stream import EncodedStream
from dred_conformance.runner.verdict import Verdict
from dred_model import ModelBundle
from dred_reference.wire import WireProfile

__all__ = ["CHECKS", "JudgedStream", "Source", "judge_stream"]

_NO_DRED = Finding(Verdict.UNSUPPORTED, "no packet carries DRED of this wire profile")
_NO_INPUT = Finding(Verdict.UNSUPPORTED, "no input: --input FILE gives the speech that the encoder was given")
_NO_NETWORK = Finding(Verdict.UNSUPPORTED, "no model with a decoder network is at hand")

CHECKS = (
    well_formed.CHECK,
    placement.ONE_PER_FRAME,
    placement.ONE_PER_PACKET,
    placement.FIRST_FRAME,
    payload_sane.CHECK,
    last_latent.CHECK,
    silence.CHECK,
    offset_true.CHECK,
    offset_after_silence.CHECK,
    feature_error.CHECK,
    bits_by_age.CHECK,
    redundancy.CHECK,
    level_schedule.CHECK,
)
"""In the order of the report."""

_Judge = Callable[[EncodedStream], Finding]
_OF_PACKETS: tuple[tuple[Check, _Judge], ...] = (
    (placement.ONE_PER_FRAME, placement.judge_one_per_frame),
    (placement.ONE_PER_PACKET, placement.judge_one_per_packet),
    (placement.FIRST_FRAME, placement.judge_first_frame),
    (payload_sane.CHECK, payload_sane.judge_payload),
    (last_latent.CHECK, last_latent.judge_last_latent),
    (bits_by_age.CHECK, bits_by_age.judge_bits),
    (level_schedule.CHECK, level_schedule.judge_level_schedule),
)


@dataclass(frozen=True)
class Source:
    """The input of a stream.

    Attributes
    ----------
    name
        What to call it: its file, or what generated it.
    speech
    """

    name: str
    speech: Speech


@dataclass(frozen=True)
class JudgedStream:
    """A stream with its findings.

    Attributes
    ----------
    stream
    source
        Name of the input, if there is one.
    findings
        In the order of `CHECKS`.
    curves
        Errors by age; None without input.
    analysed
        Packets whose features were compared with the input.
    """

    stream: EncodedStream
    source: str | None
    findings: tuple[tuple[Check, Finding], ...]
    curves: feature_error.ErrorCurves | None = None
    analysed: int = 0


@dataclass
class _Findings:
    """Findings by check."""

    found: dict[str, Finding] = field(default_factory=dict)

    def in_order(self) -> tuple[tuple[Check, Finding], ...]:
        return tuple((check, self.found[check.name]) for check in CHECKS if check.name in self.found)


def judge_stream(
    stream: EncodedStream,
    source: Source | None,
    bundle: ModelBundle | None,
    wire: WireProfile,
    *,
    asked_ms: float | None = None,
) -> JudgedStream:
    """Put all checks to a stream.

    Parameters
    ----------
    stream
    source
        The input it was made from, if it is at hand.
    bundle
        The model, if it is at hand.
    wire
        How DRED is marked.
    asked_ms
        Redundancy that the encoder was asked for.
    """
    findings = _Findings({well_formed.CHECK.name: well_formed.judge_well_formed(stream)})
    name = None if source is None else source.name
    if not any(True for _ in stream.with_dred):
        findings.found |= {check.name: _NO_DRED for check in CHECKS if check is not well_formed.CHECK}
        return JudgedStream(stream, name, findings.in_order())
    findings.found |= {check.name: judge(stream) for check, judge in _OF_PACKETS}
    findings.found[redundancy.CHECK.name] = redundancy.judge_redundancy(stream, asked_ms)
    if source is None:
        findings.found |= {check.name: _NO_INPUT for check in CHECKS if check.needs_input}
        findings.found[offset_after_silence.CHECK.name] = offset_after_silence.judge_after_silence(stream)
        return JudgedStream(stream, name, findings.in_order())
    findings.found[silence.CHECK.name] = silence.judge_silence(stream, source.speech)
    if bundle is None or "rdovaedec" not in bundle.networks:
        findings.found |= {check.name: _NO_NETWORK for check in (offset_true.CHECK, feature_error.CHECK)}
        findings.found[offset_after_silence.CHECK.name] = offset_after_silence.judge_after_silence(stream)
        return JudgedStream(stream, name, findings.in_order())
    analysis = StreamAnalysis(stream, source.speech, bundle, wire)
    curves = feature_error.error_curves(analysis)
    findings.found[offset_true.CHECK.name] = offset_true.judge_offset(analysis)
    findings.found[offset_after_silence.CHECK.name] = offset_after_silence.judge_after_silence(
        stream, analysis.after_silence, source.speech.cepstra
    )
    findings.found[feature_error.CHECK.name] = feature_error.judge_feature_error(analysis, curves)
    analysed = len(analysis.usual) + len(analysis.in_silence) + len(analysis.after_silence)
    return JudgedStream(stream, name, findings.in_order(), curves, analysed)
