"""Errors and bits by age as a picture."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dred_conformance.comparison.packages import new_figure
from dred_conformance.comparison.plot_frame import save

__all__ = ["plot_curves"]

_MEASURES = (
    ("bits", "bits per latent of 40 ms"),
    ("cepstral_rms", "cepstral RMS error"),
    ("pitch_octaves", "pitch error, octaves"),
    ("total", "WG total"),
)
_STYLES = {"decoded": "-", "own": "--", "unquantised": ":"}
_MOST_STREAMS = 8
_COLOURS = ("#1b6ca8", "#d1711f", "#1d7a36", "#b3261e", "#7a4fa3", "#8a6d3b", "#c2559d", "#555555")


def _points(ages: Sequence[Mapping[str, Any]], measure: str, kind: str) -> tuple[list[float], list[float]]:
    found = []
    for age in ages:
        values = age if measure == "bits" else (age.get(kind) or {})
        if values.get(measure) is not None:
            found.append(((age["from_ms"] + age["to_ms"]) / 2, values[measure]))
    return [x for x, _ in found], [y for _, y in found]


def plot_curves(report: Mapping[str, Any], path: Path) -> None:
    """Draw the curves of the first streams of a report.

    Parameters
    ----------
    report
        A document of `encoder_document`.
    path
        .png, .svg or .pdf.

    Raises
    ------
    MissingPackageError
        matplotlib is not installed.
    SignalError
        The file cannot be written.
    """
    figure = new_figure(13, 8)
    streams = [stream for stream in report["streams"] if stream["with_dred"]]
    title = "by age; solid: the stream, dashed: our encoder at its levels, dotted: our latents unquantised"
    left_out = f" (first {_MOST_STREAMS} of {len(streams)} streams)" if len(streams) > _MOST_STREAMS else ""
    figure.suptitle(f"Redundancy {title}{left_out}", fontsize=11)
    for number, (measure, label) in enumerate(_MEASURES):
        axes = figure.add_subplot(2, 2, number + 1)
        for stream, colour in zip(streams[:_MOST_STREAMS], _COLOURS, strict=False):
            for kind in ("decoded",) if measure == "bits" else _STYLES:
                times, values = _points(stream["ages"], measure, kind)
                if not times:
                    continue
                name = ascii(stream["name"])[1:-1] if kind == "decoded" else None
                axes.plot(
                    times, values, _STYLES[kind], marker="o", markersize=3, color=colour, linewidth=1.2,
                    label=name,
                )  # fmt: skip
        axes.set_xlabel("ms back from the newest coded speech")
        axes.set_ylabel(label)
        axes.set_xlim(0, 1040)
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.25)
        if number == 0 and axes.lines:
            axes.legend(fontsize=8, frameon=False)
    save(figure, path)
