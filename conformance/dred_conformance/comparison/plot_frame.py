"""What both plots share: figure, time axis, verdict, saving."""

import io
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from dred_conformance.comparison.audio_result import AudioComparison
from dred_conformance.comparison.errors import SignalError
from dred_conformance.comparison.feature_result import FeatureComparison
from dred_conformance.comparison.filtering import seconds
from dred_conformance.comparison.measure import FloatArray, Measure
from dred_conformance.comparison.packages import optional_package

__all__ = [
    "PLOT_SUFFIXES",
    "check_plot_path",
    "draw_key",
    "draw_map",
    "draw_measures",
    "new_figure",
    "save",
    "times",
]

PLOT_SUFFIXES = (".png", ".svg", ".pdf")
LINES = {"total": "#1b6ca8", "max": "#d1711f", "err4": "#1b6ca8", "err16": "#d1711f"}


def check_plot_path(path: Path) -> None:
    """Refuse a name that tells no format, before anything is computed.

    Raises
    ------
    SignalError
        Another suffix than .png, .svg and .pdf, or no folder of that name.
    MissingPackageError
        matplotlib is not installed.
    """
    if path.suffix.lower() not in PLOT_SUFFIXES:
        raise SignalError(f"{path}: the plot must end in {', '.join(PLOT_SUFFIXES)}")
    if not path.parent.is_dir():
        raise SignalError(f"{path}: there is no folder {path.parent}")
    _matplotlib()


def _matplotlib() -> ModuleType:
    return optional_package("matplotlib.figure", "plot", "plotting")


def times(frames: int) -> FloatArray:
    """Return the beginnings of the frames in seconds."""
    return np.arange(frames, dtype=np.float64) * seconds(1)


def new_figure(comparison: FeatureComparison | AudioComparison, title: str) -> tuple[Any, Any]:
    """Return a figure with its title, and a grid: three rows of time axis, colour scale, and the rest."""
    figure = _matplotlib().Figure(figsize=(13, 10), layout="constrained")
    figures = "     ".join(
        f"{each.name} {each.value:.4f} (limit {each.threshold:g}){'' if each.passed else ' FAIL'}"
        for each in comparison.measures
    )
    verdict, colour = ("PASS", "#1d7a36") if comparison.passed else ("FAIL", "#b3261e")
    frames = f"{comparison.frames} frames, {comparison.voiced_frames} voiced"
    figure.suptitle(
        f"{verdict}: {ascii(title)[1:-1]} ({frames})\n{figures}", fontsize=12, color=colour, parse_math=False
    )
    return figure, figure.add_gridspec(3, 3, height_ratios=[1, 1.5, 1], width_ratios=[60, 1, 15])


def draw_measures(axes: Any, measures: tuple[Measure, ...], label: str) -> None:
    """Draw the own errors of the frames, each with its threshold; where there is no number, a mark on top."""
    for each in measures:
        colour = LINES[each.name]
        own = np.where(np.isfinite(each.frame_errors), each.frame_errors, np.nan)
        axes.plot(times(len(own)), own, color=colour, linewidth=0.9, label=f"{each.name} of the frame alone")
        if np.isfinite(each.threshold):
            axes.axhline(
                each.threshold, color=colour, linestyle="--", linewidth=1, label=f"limit of {each.name}"
            )
        bad = np.flatnonzero(np.isinf(each.frame_errors))
        if bad.size and each is measures[0]:
            top = np.full(bad.size, 0.97)
            axes.plot(
                bad * seconds(1), top, "v", color="#b3261e", transform=axes.get_xaxis_transform(),
                label="candidate is no number",
            )  # fmt: skip
    axes.set_ylim(bottom=0)
    axes.set_ylabel(label)
    axes.grid(alpha=0.25)


def draw_map(
    figure: Any, axes: Any, scale_axes: Any, values: FloatArray, labels: list[str], meaning: str
) -> None:
    """Draw `values` (frames, rows) in colours around zero: red above, blue below."""
    finite = np.abs(values[np.isfinite(values)])
    limit = (float(np.percentile(finite, 99.5)) if finite.size else 0.0) or 1.0
    edges = np.arange(len(values) + 1) * seconds(1)
    image = axes.pcolormesh(
        edges, np.arange(len(labels) + 1) - 0.5, values.T, cmap="RdBu_r", vmin=-limit, vmax=limit,
        rasterized=True,
    )  # fmt: skip
    axes.set_facecolor("#333333")
    axes.set_yticks(range(len(labels)), labels, fontsize=8)
    figure.colorbar(image, cax=scale_axes, label=meaning)


def draw_key(key_axes: Any, axes: Any) -> None:
    """Put the legend of `axes` beside it, so that it covers nothing and all time axes are equally long."""
    key_axes.axis("off")
    key_axes.legend(*axes.get_legend_handles_labels(), loc="center left", fontsize=8, frameon=False)


def save(figure: Any, path: Path) -> None:
    """Write the figure in the format of the suffix.

    Raises
    ------
    SignalError
        The system refuses.
    """
    suffix = path.suffix.lower().lstrip(".")
    buffer = io.BytesIO()
    figure.savefig(buffer, format=suffix, dpi=120)
    try:
        path.write_bytes(buffer.getvalue())
    except OSError as error:
        raise SignalError(f"{path}: the plot cannot be written: {error.strerror}") from error
