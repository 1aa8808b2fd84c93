"""The results as one page: tables, pictures, players; it needs no network and runs no script."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from dred_conformance import __version__
from dred_conformance.simulation.examples import Example
from dred_conformance.simulation.output_folder import OutputFolder
from dred_conformance.simulation.quality import FIGURES
from dred_conformance.simulation.schemes import Scheme
from dred_conformance.simulation.summary import Campaign
from dred_conformance.simulation.tables import shown_estimate

__all__ = ["ExamplePictures", "html_page"]

_PACKAGE = "dred_conformance.simulation"
_LARGEST_EMBEDDED = 4_000_000  # bytes of sound inside the page: the first example, unless it is long


@dataclass(frozen=True)
class ExamplePictures:
    """An example with its pictures as PNG, empty where there is none."""

    example: Example
    timeline: bytes
    spectrogram: bytes


def html_page(
    campaign: Campaign,
    summary: Mapping[str, Any],
    identity: Mapping[str, Any],
    schemes: Sequence[Scheme],
    folder: OutputFolder,
    plots: Mapping[str, bytes],
    examples: Sequence[ExamplePictures],
) -> str:
    """Return the page.

    Parameters
    ----------
    campaign, summary
        What was run, and what came of it.
    identity
        The head of the journal: settings, networks, model.
    folder
        Where the page will lie; players name files in it, and the first example is put into the page.
    plots
        Pictures of figures, by name, as PNG.
    examples
        Cases to be shown at length.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(_PACKAGE, "page"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    style = (resources.files(_PACKAGE) / "page" / "style.css").read_text(encoding="utf-8")
    return environment.get_template("page.html.j2").render(
        style=Markup(style),  # noqa: S704 - ours
        version=__version__,
        summary=summary,
        settings=identity["settings"],
        model=identity["model"] or "none",
        clips=campaign.clips,
        columns=campaign.columns,
        figures=[_figure_view(campaign, summary, name.name, plots) for name in campaign.figures],
        shares=_rows(campaign, summary["repaired_share"], ("figure", "scheme"), digits=2),
        differences=_differences(campaign, summary),
        examples=[_example_view(campaign, each, folder, is_first=not n) for n, each in enumerate(examples)],
        players=_players(campaign, folder),
        networks=_networks(identity, summary),
        schemes=[_scheme_view(*each) for each in zip(schemes, summary["bitrates"], strict=True)],
    )  # fmt: skip


def _embedded(data: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}" if data else ""


def _figure_view(
    campaign: Campaign, summary: Mapping[str, Any], name: str, plots: Mapping[str, bytes]
) -> dict[str, Any]:
    figure = FIGURES[name]
    rows = []
    for scheme, rate in zip(campaign.schemes, summary["bitrates"], strict=True):
        cells = [
            shown_estimate(entry, figure.digits)
            for entry in summary["means"]
            if (entry["figure"], entry["scheme"]) == (name, scheme)
        ]
        rows.append({"scheme": scheme, "kbps": _kbps(rate["mean_kbps"]), "cells": cells})
    direction = "higher is better" if figure.is_higher_better else "lower is better"
    picture = _embedded(plots.get(name, b""), "image/png")
    return {"name": name, "label": figure.label, "direction": direction, "plot": picture, "rows": rows}


def _kbps(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _rows(
    campaign: Campaign, entries: Sequence[Mapping[str, Any]], names: Sequence[str], digits: int | None = None
) -> list[dict[str, Any]]:
    """Return a row for each combination of `names`, with a cell per network, in the order of the entries."""
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for entry in entries:
        key = tuple(entry[name] for name in names)
        row = rows.setdefault(key, {**dict(zip(names, key, strict=True)), "cells": []})
        figure = FIGURES[entry["figure"]]
        row["cells"].append(shown_estimate(entry, figure.digits if digits is None else digits))
        row["figure"] = figure.label
    return list(rows.values()) if campaign.results else []


def _differences(campaign: Campaign, summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    blocks = []
    for figure in campaign.figures:
        rows: dict[tuple[str, str], dict[str, Any]] = {}
        for entry in summary["differences"]:
            if entry["figure"] != figure.name:
                continue
            key = entry["scheme"], entry["minus"]
            row = rows.setdefault(key, {"scheme": key[0], "minus": key[1], "cells": []})
            is_sure = entry["low"] is not None and (entry["low"] > 0 or entry["high"] < 0)
            row["cells"].append({"text": shown_estimate(entry, figure.digits, signed=True), "sure": is_sure})
        if rows:
            blocks.append({"figure": figure.label, "rows": list(rows.values())})
    return blocks


def _example_view(
    campaign: Campaign, pictures: ExamplePictures, folder: OutputFolder, *, is_first: bool
) -> dict[str, Any]:
    example = pictures.example
    result = next(iter(example.results.values()))
    names = {"original": folder.clip(example.clip)}
    names |= {scheme: folder.heard(example.clip, example.condition, scheme) for scheme in example.results}
    found = {name: place for name, place in names.items() if (folder.root / place).is_file()}
    size = sum((folder.root / place).stat().st_size for place in found.values())
    players = []
    for scheme, place in found.items():
        source = quote(place)
        if is_first and size <= _LARGEST_EMBEDDED:
            source = _embedded((folder.root / place).read_bytes(), f"audio/{place.rpartition('.')[2]}")
        heard = example.results.get(scheme)
        cells = [
            "" if heard is None or heard["figures"][each.name] is None
            else f"{heard['figures'][each.name]:.{each.digits}f}"
            for each in campaign.figures
        ]  # fmt: skip
        players.append({"scheme": scheme, "source": source, "cells": cells})
    return {
        "clip": example.clip,
        "condition": example.condition,
        "lost": f"{result['lost_percent']:.1f} % of the packets were lost, at most "
        f"{result['longest_burst']} in a row.",
        "players": players if folder.has_audio else [],
        "timeline": _embedded(pictures.timeline, "image/png"),
        "spectrogram": _embedded(pictures.spectrogram, "image/png"),
    }


def _players(campaign: Campaign, folder: OutputFolder) -> list[dict[str, Any]]:
    if not folder.has_audio:
        return []
    blocks = []
    for clip in campaign.clips:
        players = [
            {"condition": condition, "scheme": scheme, "source": quote(folder.heard(clip, condition, scheme))}
            for condition in campaign.conditions
            for scheme in campaign.schemes
            if (clip, condition, scheme) in campaign.results
        ]
        if players:
            blocks.append({"clip": clip, "original": quote(folder.clip(clip)), "players": players})
    return blocks


def _networks(identity: Mapping[str, Any], summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    losses = {entry["condition"]: entry for entry in summary["losses"]}
    rows = []
    for network in identity["networks"]:
        found = losses[network["name"]]
        lost = "-" if found["lost_percent"] is None else f"{found['lost_percent']:.1f} %"
        burst = "-" if found["mean_burst"] is None else f"{found['mean_burst']:.1f}"
        rows.append({**network, "lost": lost, "mean_burst": burst, "longest_burst": found["longest_burst"]})
    return rows


def _scheme_view(scheme: Scheme, rate: Mapping[str, Any]) -> dict[str, str]:
    between = f"{_kbps(rate['least_kbps'])} to {_kbps(rate['most_kbps'])}"
    concealment = "-" if scheme.receiving.is_lossless else scheme.receiving.concealment
    return {
        "name": scheme.name, "summary": scheme.summary, "concealment": concealment,
        "kbps": _kbps(rate["mean_kbps"]), "range": between,
    }  # fmt: skip
