"""The measured curves of an encoder's streams as rows of a table that all forms of the report share."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["CURVE_HEADER", "CurveRow", "curve_rows", "remarks_of"]

CURVE_HEADER = ("age in ms", "latents", "bits", "cepstral RMS", "pitch, octaves", "WG total")
_MEASURES = ("cepstral_rms", "pitch_octaves", "total")


@dataclass(frozen=True)
class CurveRow:
    """One span of age of one stream, as text."""

    stream: str
    cells: tuple[str, ...]


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _measure(age: Mapping[str, Any], name: str) -> str:
    """Return an error, with that of our own encoder in brackets."""
    found = age.get("decoded")
    if found is None or found[name] is None:
        return "-"
    own = age.get("own")
    could = "" if own is None or own[name] is None else f" ({own[name]:.3f})"
    return f"{found[name]:.3f}{could}"


def curve_rows(report: Mapping[str, Any]) -> Iterator[CurveRow]:
    """Yield a row for each span of age that a stream reaches; nothing for a decoder's report."""
    for stream in report.get("streams", ()):
        for age in stream["ages"]:
            if not age["latents"]:
                continue
            cells = (
                f"{age['from_ms']}-{age['to_ms']}",
                str(age["latents"]),
                _number(age["bits"], 1),
                *(_measure(age, name) for name in _MEASURES),
            )
            yield CurveRow(stream["name"], cells)


def remarks_of(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the remarks on all streams, each with the name of its stream."""
    return [(stream["name"], remark) for stream in report.get("streams", ()) for remark in stream["remarks"]]
