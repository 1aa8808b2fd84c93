"""The results as people read them."""

import math

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from dred_conformance.comparison.audio_result import AudioComparison
from dred_conformance.comparison.feature_result import FEATURE_NAMES, PITCH, FeatureComparison
from dred_conformance.comparison.filtering import seconds
from dred_conformance.comparison.loudness import BAND_HZ
from dred_conformance.comparison.measure import FloatArray, FrameError, Measure

__all__ = ["view"]

_BAR = 24


def _place(error: FrameError | None) -> str:
    if error is None:
        return "-"
    return f"{error.frame} ({seconds(error.frame):.2f} s): {_figure(error.value)}"


def _figure(value: float) -> str:
    return f"{value:.6f}" if math.isfinite(value) else ("NaN" if math.isnan(value) else "no number")


def _table(*columns: tuple[str, str]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2))
    for title, justify in columns:
        table.add_column(title, justify="right" if justify == "right" else "left", no_wrap=True)
    return table


def _measures(measures: tuple[Measure, ...]) -> Table:
    table = _table(
        ("figure", "left"),
        ("value", "right"),
        ("threshold", "right"),
        ("", "left"),
        ("worst frame", "left"),
        ("first above", "left"),
    )
    for each in measures:
        verdict = Text("pass", "green") if each.passed else Text("fail", "bold red")
        value, threshold = _figure(each.value), f"{each.threshold:g}"
        table.add_row(each.name, value, threshold, verdict, _place(each.worst), _place(each.first_above))
    return table


def _bar(value: float, largest: float) -> str:
    if not math.isfinite(value) or not largest > 0:
        return ""
    return "#" * round(_BAR * value / largest)


def _largest(values: FloatArray) -> float:
    return max((float(value) for value in values if math.isfinite(value)), default=0.0)


def _features(comparison: FeatureComparison) -> Table:
    table = _table(("feature", "left"), ("rms error", "right"), ("worst frame", "right"), ("", "left"))
    largest = _largest(comparison.per_feature_rms)
    for index, name in enumerate(FEATURE_NAMES):
        rms, frame = float(comparison.per_feature_rms[index]), int(comparison.per_feature_worst_frame[index])
        note = "  (over all frames; not in total and max)" if index == PITCH else ""
        table.add_row(name, _figure(rms), f"{frame} ({seconds(frame):.2f} s)", _bar(rms, largest) + note)
    return table


def _bands(comparison: AudioComparison) -> Table:
    table = _table(
        ("band", "left"), ("err4", "right"), ("err16", "right"), ("worst frame", "right"), ("err4", "left")
    )
    largest = _largest(comparison.band_err4)
    for index, (low, high) in enumerate(BAND_HZ):
        err4, err16 = float(comparison.band_err4[index]), float(comparison.band_err16[index])
        frame = int(comparison.band_worst_frame[index])
        table.add_row(
            f"{low}-{high} Hz",
            _figure(err4),
            _figure(err16),
            f"{frame} ({seconds(frame):.2f} s)",
            _bar(err4, largest),
        )
    return table


def view(comparison: FeatureComparison | AudioComparison) -> RenderableType:
    """Return everything about a result, the verdict last."""
    frames = f"{comparison.frames} frames of 10 ms, {comparison.voiced_frames} of them voiced"
    if isinstance(comparison, FeatureComparison):
        extra, unit, breakdown = comparison.extra_frames, "frames", _features(comparison)
    else:
        extra, unit, breakdown = comparison.extra_samples, "samples", _bands(comparison)
    if extra:
        frames += f"; the candidate has {extra} {unit} more, which are not compared"
    verdict = Text("PASS", "bold green") if comparison.passed else Text("FAIL", "bold red")
    reasons = [Text(f"  {reason}", "red") for reason in comparison.reasons]
    return Group(
        _measures(comparison.measures),
        Text(),
        breakdown,
        Text(),
        Text(frames, "dim"),
        Text("Errors of single frames show where to look; only the values of the whole file decide.", "dim"),
        verdict,
        *reasons,
    )
