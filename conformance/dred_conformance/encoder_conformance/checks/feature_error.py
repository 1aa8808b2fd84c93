"""How far the decoded features are from those of the input, by age, and how near they could be."""

from dataclasses import dataclass

import numpy as np

from dred_conformance.encoder_conformance.ages import age_spans
from dred_conformance.encoder_conformance.alignment import FRAME_UNITS
from dred_conformance.encoder_conformance.analysis import StreamAnalysis
from dred_conformance.encoder_conformance.feature_error import AgeErrors, ErrorByAge
from dred_conformance.encoder_conformance.own_encoder import OwnEncoder
from dred_conformance.encoder_conformance.record import Check, Finding
from dred_conformance.encoder_conformance.speech import UNIT_SAMPLES
from dred_conformance.runner.verdict import Verdict
from dred_model import ModelError
from dred_reference.errors import DredError

__all__ = ["CHECK", "ErrorCurves", "error_curves", "judge_feature_error"]

CHECK = Check(
    "feature_error",
    "decoded features are like those of the input; the error by age (measured)",
    "feature",
    ("DRED-net-tolerance", "DRED-latents"),
    needs_input=True,
)
_MOST_MOVED_UNITS = 1.5
"""Units of 2.5 ms by which features of the input are laid under decoded ones: what signalling rounds."""
_MOVING_STEP = 4  # samples of 16 kHz: a quarter of a millisecond
_WORST_CONTRAST = 0.9
"""Decoded features must lie nearer to the input at their best place than at the median of all others: so lax
that level 15 of a trained model passes, and only features of something else fail."""


@dataclass(frozen=True)
class ErrorCurves:
    """Errors by age: of the stream, of our own encoder at the same levels, and of its latents unquantised."""

    decoded: list[AgeErrors]
    own: list[AgeErrors] | None
    unquantised: list[AgeErrors] | None


def error_curves(analysis: StreamAnalysis) -> ErrorCurves:
    """Measure the errors of the analysed packets that are not right after silence."""
    speech = analysis.speech
    delay = analysis.delay
    if delay is not None and delay.contrast <= _WORST_CONTRAST and abs(delay.refined) <= _MOST_MOVED_UNITS:
        speech.move(_MOVING_STEP * round(UNIT_SAMPLES * delay.refined / _MOVING_STEP))
    try:
        encoder = OwnEncoder(speech, analysis.bundle, analysis.model) if speech.has_pitch else None
    except (ModelError, DredError):
        encoder = None
    sums = {name: ErrorByAge(has_pitch=speech.has_pitch) for name in ("decoded", "own", "unquantised")}
    for track in analysis.usual:
        reference = speech.features(track.newest % FRAME_UNITS).at(track.units)
        sounding = ~speech.is_silent(track.units)
        counted = np.isfinite(reference).all(axis=1) & sounding
        reference = np.nan_to_num(reference)
        sums["decoded"].add(reference, track.values, counted)
        for name in ("own", "unquantised") if encoder is not None else ():
            assert encoder is not None
            could = encoder.features(track, quantised=name == "own")
            if could is not None:
                sums[name].add(reference, could, counted)
    if encoder is None:
        return ErrorCurves(sums["decoded"].spans(), None, None)
    return ErrorCurves(*(each.spans() for each in sums.values()))


def judge_feature_error(analysis: StreamAnalysis, curves: ErrorCurves) -> Finding:
    """Tell the errors, and judge whether the features have to do with the input at all."""
    delay = analysis.delay
    figures: dict[str, float | None] = {"contrast": None if delay is None else delay.contrast}
    for name, spans in (("", curves.decoded), ("own_", curves.own), ("unquantised_", curves.unquantised)):
        for (first, last), errors in zip(age_spans(), spans or [], strict=False):
            figures[f"{name}cepstral_rms_{first}_{last}_ms"] = errors.cepstral_rms
            figures[f"{name}pitch_octaves_{first}_{last}_ms"] = errors.pitch_octaves
            figures[f"{name}total_{first}_{last}_ms"] = errors.total
    if delay is None:
        return Finding(Verdict.UNSUPPORTED, "too few frames have a partner in the input", figures)
    if delay.contrast > _WORST_CONTRAST:
        text = (
            f"the features of {len(analysis.usual)} packets are at no time like those of the input (the "
            f"smallest mean distance is {delay.contrast:.2f} of the usual one, {_WORST_CONTRAST} allowed): "
            "is it another input, or another model?"
        )
        actual = f"{delay.contrast:.2f}"
        return Finding(
            Verdict.FAIL, text, figures, analysis.usual[0].packet, f"at most {_WORST_CONTRAST}", actual
        )
    return Finding(Verdict.PASS, _summary(analysis, curves), figures)


def _summary(analysis: StreamAnalysis, curves: ErrorCurves) -> str:
    parts = []
    for index, (first, last) in enumerate(age_spans()):
        errors = curves.decoded[index]
        if errors.cepstral_rms is None:
            continue
        own = None if curves.own is None else curves.own[index].cepstral_rms
        could = "" if own is None else f" (ours {own:.2f})"
        parts.append(f"{errors.cepstral_rms:.2f}{could} at {first}-{last} ms")
    return (
        f"cepstral RMS {', '.join(parts) or 'of no frame'}, over {len(analysis.usual)} of "
        f"{analysis.candidates} packets"
    )
