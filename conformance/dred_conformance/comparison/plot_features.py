"""A comparison of features at a glance: when, in which feature, and what became of the pitch."""

from pathlib import Path

import numpy as np

from dred_conformance.comparison.feature_result import (
    CORRELATION,
    FEATURE_NAMES,
    FEATURES,
    PITCH,
    VOICED_ABOVE,
    FeatureComparison,
)
from dred_conformance.comparison.measure import FloatArray
from dred_conformance.comparison.plot_frame import (
    draw_key,
    draw_map,
    draw_measures,
    new_figure,
    save,
    times,
)

__all__ = ["plot_features"]


def plot_features(comparison: FeatureComparison, reference: FloatArray, title: str, path: Path) -> None:
    """Draw a comparison.

    Parameters
    ----------
    comparison : FeatureComparison
    reference : array of float64, shape (frames, 20)
        The reference that was compared.
    title : str
        What was compared.
    path : Path
        File to write: .png, .svg or .pdf.
    """
    figure, grid = new_figure(comparison, title)
    frame_axes = figure.add_subplot(grid[0, 0])
    draw_measures(frame_axes, comparison.measures[:2], "error of the frame")
    draw_key(figure.add_subplot(grid[0, 1:]), frame_axes)
    map_axes = figure.add_subplot(grid[1, 0], sharex=frame_axes)
    scale_axes = figure.add_subplot(grid[1, 1])
    draw_map(
        figure, map_axes, scale_axes, comparison.differences, list(FEATURE_NAMES), "candidate - reference"
    )

    bar_axes = figure.add_subplot(grid[1, 2], sharey=map_axes)
    rms = np.nan_to_num(comparison.per_feature_rms, nan=0.0)
    colours = ["#999999" if index == PITCH else "#1b6ca8" for index in range(FEATURES)]
    bar_axes.barh(range(FEATURES), rms, color=colours)
    limit = comparison.thresholds.maximum
    if np.isfinite(limit):
        bar_axes.axvline(limit, color="#d1711f", linestyle="--", linewidth=1, label="limit of max")
        bar_axes.legend(fontsize=8)
    bar_axes.tick_params(labelleft=False)
    bar_axes.set_xlabel("rms error\n(grey: not counted)")
    map_axes.set_ylim(FEATURES - 0.5, -0.5)

    pitch_axes = figure.add_subplot(grid[2, 0], sharex=frame_axes)
    time = times(comparison.frames)
    is_voiced = reference[:, CORRELATION] > VOICED_ABOVE
    of_reference = reference[:, PITCH]
    of_candidate = of_reference + comparison.differences[:, PITCH]
    pitch_axes.plot(
        time, of_candidate, ".", color="#bbbbbb", markersize=3, label="candidate, unvoiced\n(not counted)"
    )
    pitch_axes.plot(
        time[is_voiced], of_reference[is_voiced], "o", color="black", markersize=3.5, label="reference"
    )
    pitch_axes.plot(
        time[is_voiced],
        of_candidate[is_voiced],
        ".",
        color="#e0218a",
        markersize=4,
        label="candidate, voiced",
    )
    if not comparison.voiced_frames:
        pitch_axes.text(0.5, 0.5, "no voiced frame", transform=pitch_axes.transAxes, ha="center")
    pitch_axes.set_ylabel("pitch feature (octaves)")
    pitch_axes.set_xlabel("time (s)")
    pitch_axes.grid(alpha=0.25)
    draw_key(figure.add_subplot(grid[2, 1:]), pitch_axes)
    frame_axes.set_xlim(0, max(time[-1], 0.01))
    save(figure, path)
