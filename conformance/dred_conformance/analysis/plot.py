"""The features of a file at a glance: spectral envelope, pitch, correlation."""

from pathlib import Path

import numpy as np

from dred_conformance.analysis.extraction import VOICED_ABOVE, ExtractedFeatures
from dred_conformance.comparison.filtering import seconds
from dred_conformance.comparison.packages import new_figure
from dred_conformance.comparison.plot_frame import draw_key, save, times
from dred_reference.analysis.bands import BAND_CENTRES
from dred_reference.analysis.cepstrum import CEPSTRUM_OFFSET, inverse_cosine_transform
from dred_reference.analysis.sizes import BANDS, BIN_WIDTH

__all__ = ["plot_extracted"]

_DECIBELS = 10.0  # per unit of log10


def plot_extracted(features: ExtractedFeatures, title: str, path: Path) -> None:
    """Draw features.

    Parameters
    ----------
    features : ExtractedFeatures
    title : str
        What they were extracted from.
    path : Path
        File to write: .png, .svg or .pdf.

    Raises
    ------
    SignalError
        The file cannot be written.
    MissingPackageError
        matplotlib is not installed.
    """
    figure = new_figure(13, 9)
    method = features.method
    pitch = f"pitch: {method.name} {method.model} {method.profile}".rstrip()
    frames = f"{len(features.values)} frames, {np.count_nonzero(features.is_voiced)} voiced"
    figure.suptitle(f"{ascii(title)[1:-1]} ({frames}; {pitch})", fontsize=12, parse_math=False)
    grid = figure.add_gridspec(3, 2, height_ratios=[1.5, 1.2, 0.8], width_ratios=[60, 13])

    envelope_axes = figure.add_subplot(grid[0, 0])
    cepstra = features.values[:, :BANDS].astype(np.float64)
    cepstra[:, 0] += CEPSTRUM_OFFSET
    envelope = _DECIBELS * np.array([inverse_cosine_transform(each) for each in cepstra])
    edges = np.arange(len(envelope) + 1) * seconds(1)
    image = envelope_axes.pcolormesh(edges, np.arange(BANDS + 1) - 0.5, envelope.T, rasterized=True)
    labels = [f"{BIN_WIDTH * centre / 1000:g}" for centre in BAND_CENTRES]
    envelope_axes.set_yticks(range(BANDS), labels, fontsize=8)
    envelope_axes.set_ylabel("band (kHz)")
    scale_frame = figure.add_subplot(grid[0, 1])
    scale_frame.axis("off")
    figure.colorbar(image, ax=scale_frame, location="left", fraction=0.3, label="energy (dB)")

    pitch_axes = figure.add_subplot(grid[1, 0], sharex=envelope_axes)
    time, is_voiced = times(len(envelope)), features.is_voiced
    fundamentals = features.fundamentals_hz
    pitch_axes.plot(time[~is_voiced], fundamentals[~is_voiced], ".", color="#bbbbbb", ms=3, label="unvoiced")
    pitch_axes.plot(time[is_voiced], fundamentals[is_voiced], ".", color="#e0218a", ms=5, label="voiced")
    pitch_axes.set_yscale("log", base=2)
    ticks = [62.5, 125, 250, 500]
    pitch_axes.set_yticks(ticks, [f"{each:g}" for each in ticks])
    pitch_axes.set_ylim(60, 520)
    pitch_axes.set_ylabel("pitch (Hz)")
    pitch_axes.grid(alpha=0.25)
    draw_key(figure.add_subplot(grid[1, 1]), pitch_axes)

    correlation_axes = figure.add_subplot(grid[2, 0], sharex=envelope_axes)
    correlation_axes.plot(time, features.values[:, 19], color="#1b6ca8", linewidth=0.9, label="correlation")
    correlation_axes.axhline(VOICED_ABOVE, color="#d1711f", linestyle="--", linewidth=1, label="voiced above")
    correlation_axes.set_ylabel("correlation feature")
    correlation_axes.set_xlabel("time (s)")
    correlation_axes.set_ylim(-0.55, 0.55)
    correlation_axes.grid(alpha=0.25)
    draw_key(figure.add_subplot(grid[2, 1]), correlation_axes)
    envelope_axes.set_xlim(0, edges[-1])
    save(figure, path)
