"""Judges what is heard: samples by the working group's metric, a receiver's decisions one by one."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dred_conformance.comparison import AudioThresholds, Measure, compare_audio
from dred_conformance.comparison.filtering import FRAME_SAMPLES
from dred_conformance.protocol.arrays import SAMPLES, from_base64
from dred_conformance.runner.compare import first_difference
from dred_conformance.runner.decisions import first_other_decision
from dred_conformance.runner.features import FeatureJudgement
from dred_conformance.runner.verdict import Difference
from dred_conformance.vectors.case import Case

__all__ = ["applicable_measures", "judge_sound"]

_OTHERWISE_JUDGED = ("samples", "tolerance", "decisions")
_FRAME_MS = 10


def judge_sound(case: Case, actual: Any, skipped: tuple[str, ...]) -> FeatureJudgement:
    """Compare an answer of ``audio`` or ``receiver`` with that of a case.

    Parameters
    ----------
    case
        A case that must be accepted.
    actual
        The result of the adapter.
    skipped
        Optional members that it leaves out.

    Returns
    -------
    difference
        The first decision or member that differs, or the figure that is beyond the tolerance, with the place
        of its largest share; None if the answer is right.
    reason
        In words, empty if there is no difference.
    figures
        ``err4``, ``err16`` and ``pitch``, where samples were compared; ``pitch`` is None where no frame is
        voiced.
    """
    if not isinstance(case.expected, Mapping) or not isinstance(actual, Mapping):
        difference = first_difference(case.op, case.expected, actual, skipped)
        return difference, "" if difference is None else "wrong result", {}
    if "decisions" in case.expected:
        found = first_other_decision(case.expected["decisions"], actual.get("decisions"))
        if found is not None:
            return *found, {}
    difference = first_difference(case.op, case.expected, actual, (*_OTHERWISE_JUDGED, *skipped))
    if difference is not None:
        return difference, f"wrong result at {difference.path}", {}
    if "samples" not in case.expected or "samples" in skipped:
        return None, "", {}
    return _judge_samples(case.expected, actual.get("samples"))


def applicable_measures(
    reference: NDArray[np.int16], candidate: NDArray[np.int16], thresholds: AudioThresholds
) -> list[Measure]:
    """Compare samples; what is shorter than a frame of the metric is filled up with zeros.

    Parameters
    ----------
    reference, candidate
        16 kHz, shape (samples,), equally long.
    thresholds
        What the figures are held against.

    Returns
    -------
    measures
        ``err4``, ``err16`` and, where a frame of the reference is voiced, ``pitch``.
    """
    missing = max(0, FRAME_SAMPLES - len(reference))
    compared = compare_audio(np.pad(reference, (0, missing)), np.pad(candidate, (0, missing)), thresholds)
    return [each for each in compared.measures if compared.voiced_frames or each.name != "pitch"]


def _decoded(text: Any) -> NDArray[Any] | None:
    try:
        return from_base64(text, SAMPLES)
    except (TypeError, ValueError):  # binascii.Error is a ValueError
        return None


def _judge_samples(expected: Mapping[str, Any], text: Any) -> FeatureJudgement:
    wanted, found = expected["samples"].values(), _decoded(text)
    if found is None or found.size != wanted.size:
        size = None if found is None else int(found.size)
        difference = Difference("samples (number of values)", int(wanted.size), size)
        return difference, "wrong number of samples", {}
    if not wanted.size:
        return None, "", {}
    limits = expected["tolerance"]
    thresholds = AudioThresholds(limits["err4"], limits["err16"], limits["pitch"])
    applicable = applicable_measures(wanted, found, thresholds)
    values = {each.name: each.value for each in applicable}
    figures = {name: values.get(name) for name in ("err4", "err16", "pitch")}
    over = [each for each in applicable if not each.passed]
    if not over:
        return None, "", figures
    said = ", ".join(f"{each.name} {each.value:.4f} (limit {each.threshold:g})" for each in over)
    reason = (
        f"beyond the tolerance over {limits['seconds']:g} s: {said}; the place is that of the largest share"
    )
    return _place(over[0]), reason, figures


def _place(measure: Measure) -> Difference:
    worst = measure.worst
    where = "" if worst is None else f", {_FRAME_MS * worst.frame} ms"
    return Difference(
        f"samples{where} ({measure.name})", f"at most {measure.threshold:g}", round(measure.value, 6)
    )
