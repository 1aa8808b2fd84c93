"""A comparison of speech at a glance: when, in which band, and whether it stayed voiced."""

from pathlib import Path

import numpy as np

from dred_conformance.comparison.audio_result import AudioComparison
from dred_conformance.comparison.loudness import BAND_HZ, BANDS
from dred_conformance.comparison.plot_frame import (
    draw_key,
    draw_map,
    draw_measures,
    new_figure,
    save,
    times,
)

__all__ = ["plot_audio"]


def plot_audio(comparison: AudioComparison, title: str, path: Path) -> None:
    """Draw a comparison into a file that ends in .png, .svg or .pdf; `title` says what was compared."""
    figure, grid = new_figure(comparison, title)
    frame_axes = figure.add_subplot(grid[0, 0])
    draw_measures(frame_axes, comparison.measures[:2], "error of the frame")
    draw_key(figure.add_subplot(grid[0, 1:]), frame_axes)
    map_axes = figure.add_subplot(grid[1, 0], sharex=frame_axes)
    labels = [f"{low}-{high} Hz" for low, high in BAND_HZ]
    meaning = "loudness, candidate - reference"
    scale_axes = figure.add_subplot(grid[1, 1])
    draw_map(figure, map_axes, scale_axes, comparison.band_difference, labels, meaning)

    bar_axes = figure.add_subplot(grid[1, 2], sharey=map_axes)
    bar_axes.barh(range(BANDS), np.nan_to_num(comparison.band_err4, nan=0.0), color="#1b6ca8")
    if np.isfinite(comparison.thresholds.err4):
        bar_axes.axvline(
            comparison.thresholds.err4, color="#d1711f", linestyle="--", linewidth=1, label="limit of err4"
        )
        bar_axes.legend(fontsize=8)
    bar_axes.tick_params(labelleft=False)
    bar_axes.set_xlabel("err4 of the band")
    map_axes.set_ylim(-0.5, BANDS - 0.5)

    pitch_axes = figure.add_subplot(grid[2, 0], sharex=frame_axes)
    time = times(comparison.frames)
    periodic = comparison.periodicity
    pitch_axes.vlines(time, periodic.candidate, periodic.reference, color="#bbbbbb", linewidth=0.8)
    pitch_axes.plot(time, periodic.reference, "o", color="black", markersize=3, label="reference")
    pitch_axes.plot(time, periodic.candidate, ".", color="#e0218a", markersize=4, label="candidate")
    if not comparison.voiced_frames:
        pitch_axes.text(0.5, 0.5, "no voiced frame", transform=pitch_axes.transAxes, ha="center")
    pitch_axes.set_ylabel("correlation at the\nlag of the reference")
    pitch_axes.set_xlabel("time (s)")
    pitch_axes.grid(alpha=0.25)
    draw_key(figure.add_subplot(grid[2, 1:]), pitch_axes)
    frame_axes.set_xlim(0, max(time[-1], 0.01))
    save(figure, path)
