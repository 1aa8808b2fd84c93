"""Pictures of a run: quality against loss, who played what when, spectrograms."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dred_conformance.simulation.cases import SOURCES
from dred_conformance.simulation.packages import needed_package
from dred_conformance.simulation.quality import Figure

__all__ = ["SCHEME_LOOKS", "quality_plot", "spectrogram_plot", "timeline_plot"]

SCHEME_LOOKS = {  # for colour-blind people, too (Okabe and Ito), with markers that differ
    "clean": ("#000000", "s"),
    "classic": ("#b23a00", "v"),
    "neural": ("#e69f00", "^"),
    "red": ("#7f7f7f", "x"),
    "lbrr": ("#56b4e9", "D"),
    "dred": ("#0072b2", "o"),
    "dred+lbrr": ("#009e73", "P"),
    "dred-deployed": ("#cc79a7", "*"),
}
SOURCE_COLOURS = dict(zip(SOURCES, ("#d9e2ec", "#56b4e9", "#009e73", "#d55e00"), strict=True))
LOST_COLOUR = "#18202b"
_HIGHEST_HZ = 12000
_APART = 0.12  # percent between the intervals of two schemes, which would hide each other


def _figure(width: float, height: float) -> Any:
    figures = needed_package("matplotlib.figure", "plot", "plots")
    return figures.Figure(figsize=(width, height), layout="constrained")


def _png(figure: Any) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, metadata={"Software": None})
    return buffer.getvalue()


def quality_plot(summary: Mapping[str, Any], figure: Figure, conditions: Sequence[str]) -> bytes:
    """Return a picture of a figure against the lost share, with intervals."""
    lost = {entry["condition"]: entry["lost_percent"] or 0.0 for entry in summary["losses"]}
    places = sorted(conditions, key=lambda name: lost[name])
    picture = _figure(8, 4.6)
    axes = picture.add_subplot()
    schemes = list(dict.fromkeys(entry["scheme"] for entry in summary["means"]))
    for number, scheme in enumerate(schemes):
        entries = {
            entry["condition"]: entry
            for entry in summary["means"]
            if (entry["figure"], entry["scheme"]) == (figure.name, scheme) and entry["value"] is not None
        }
        shown = [name for name in places if name in entries]
        values = [entries[name]["value"] for name in shown]
        errors = [
            [abs((entries[name][end] or entries[name]["value"]) - entries[name]["value"]) for name in shown]
            for end in ("low", "high")
        ]
        colour, marker = SCHEME_LOOKS.get(scheme, ("#555555", "."))
        axes.errorbar(
            [lost[name] + _APART * (number - len(schemes) / 2) for name in shown], values, yerr=errors,
            label=scheme, color=colour, marker=marker, capsize=3, linewidth=1.5,
        )  # fmt: skip
    axes.set_xlabel("lost packets (%)")
    axes.set_ylabel(figure.label)
    axes.grid(alpha=0.3)
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)
    if not figure.is_higher_better:
        axes.invert_yaxis()  # better is up in every picture
    return _png(picture)


def timeline_plot(results: Mapping[str, Mapping[str, Any]], frame_ms: float) -> bytes:
    """Return a picture of which packets were lost, and what each scheme played instead.

    Parameters
    ----------
    results
        Of one clip over one network, by scheme.
    frame_ms
        Duration of a packet.
    """
    picture = _figure(10, 1.3 + 0.34 * len(results))
    axes = picture.add_subplot()
    lost = next(iter(results.values()))["lost"]
    spans = [(index * frame_ms / 1000, frame_ms / 1000) for index, mark in enumerate(lost) if mark == "x"]
    axes.broken_barh(spans, (-0.4, 0.8), color=LOST_COLOUR, label="lost packet")
    for row, result in enumerate(results.values(), 1):
        for source in SOURCES:
            spans = [((a / 1000), (b - a) / 1000) for a, b, which in result["timeline"] if which == source]
            label = source if row == 1 else None
            axes.broken_barh(spans, (row - 0.4, 0.8), color=SOURCE_COLOURS[source], label=label)
    axes.set_yticks(range(len(results) + 1), ["network", *results])
    axes.invert_yaxis()
    axes.set_xlim(0, len(lost) * frame_ms / 1000)
    axes.set_xlabel("time at the receiver (s)")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=5, frameon=False, fontsize=9)
    return _png(picture)


def spectrogram_plot(
    signals: Mapping[str, NDArray[np.float64]],
    sampling_rate: int,
    hole_s: tuple[float, float],
    around_s: float = 0.7,
) -> bytes:
    """Return spectrograms of the same time in several signals.

    Parameters
    ----------
    signals
        By title, full scale 1.
    sampling_rate
        In Hz.
    hole_s
        Beginning and end of what was lost, in the time of the signals.
    around_s
        How much is shown on both sides.
    """
    first = max(0.0, hole_s[0] - around_s)
    last = min(hole_s[1] + around_s, min(map(len, signals.values())) / sampling_rate)
    picture = _figure(10, 0.6 + 1.7 * len(signals))
    rows = picture.subplots(len(signals), 1, sharex=True, squeeze=False)[:, 0]
    for axes, (title, signal) in zip(rows, signals.items(), strict=True):
        part = signal[round(first * sampling_rate) : round(last * sampling_rate)]
        levels = _levels(part, sampling_rate)
        axes.imshow(
            levels, origin="lower", aspect="auto", cmap="magma", vmin=-90, vmax=-20,
            extent=(first, last, 0, min(_HIGHEST_HZ, sampling_rate / 2) / 1000),
        )  # fmt: skip
        for edge in hole_s:
            axes.axvline(edge, color="#ffffff", linewidth=1, linestyle="--")
        axes.set_title(title, loc="left", fontsize=10)
        axes.set_ylabel("kHz")
    rows[-1].set_xlabel("time (s)")
    return _png(picture)


def _levels(signal: NDArray[np.float64], sampling_rate: int) -> NDArray[np.float64]:
    """Return levels in dB, shape (bins, frames), in windows of 20 ms, 5 ms apart."""
    size, step = sampling_rate // 50, sampling_rate // 200
    padded = np.pad(signal, (size // 2, size // 2))
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[::step] * np.hanning(size)
    power = np.abs(np.fft.rfft(frames, axis=1)) ** 2 / (size / 4) ** 2
    levels: NDArray[np.float64] = 10 * np.log10(power + 1e-12).T
    return levels[: size * _HIGHEST_HZ // sampling_rate + 1]
