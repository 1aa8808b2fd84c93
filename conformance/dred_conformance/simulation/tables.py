"""Results as a file of comma-separated values, and on the terminal."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from dred_conformance.simulation.quality import FIGURES
from dred_conformance.simulation.summary import BASELINE, Campaign

__all__ = ["printed", "results_csv", "shown_estimate"]

_COLUMNS = ("clip", "condition", "scheme", "kbps", "lost_percent", "longest_burst")


def results_csv(campaign: Campaign) -> str:
    """Return a line per case, in the order of clips, conditions and schemes."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    names = [figure.name for figure in campaign.figures]
    writer.writerow([*_COLUMNS, *names, "regular_ms", "lbrr_ms", "dred_ms", "concealment_ms"])
    for clip in campaign.clips:
        for condition in campaign.conditions:
            for scheme in campaign.schemes:
                result = campaign.results.get((clip, condition, scheme))
                if result is not None:
                    values = [result["figures"].get(name) for name in names]
                    writer.writerow(
                        [*(result[name] for name in _COLUMNS), *values, *result["played_ms"].values()]
                    )
    return buffer.getvalue()


def shown_estimate(entry: Mapping[str, Any], digits: int, *, signed: bool = False) -> str:
    """Return ``value [low, high]``, or a dash where nothing can be said."""
    if entry["value"] is None:
        return "-"
    form = f"{'+' if signed else ''}.{digits}f"
    if entry["low"] is None:
        return format(entry["value"], form)
    return f"{entry['value']:{form}} [{entry['low']:{form}}, {entry['high']:{form}}]"


def _short(entry: Mapping[str, Any], digits: int) -> str:
    """Return a value above half the width of its interval, which fits into narrow terminals."""
    if entry["value"] is None:
        return "-"
    shown = f"{entry['value']:.{digits}f}"
    if entry["low"] is None:
        return shown
    return f"{shown}\n±{(entry['high'] - entry['low']) / 2:.{digits}f}"


def printed(campaign: Campaign, summary: Mapping[str, Any], console: Console) -> None:
    """Print a table for each figure, what the schemes cost, and what redundancy repairs."""
    for figure in campaign.figures:
        arrow = "higher is better" if figure.is_higher_better else "lower is better"
        table = Table(title=f"{figure.label} ({arrow})", title_justify="left", title_style="bold")
        table.add_column("scheme", no_wrap=True)
        table.add_column("kb/s", justify="right")
        for condition in campaign.columns:
            table.add_column(condition, justify="right")
        for scheme, rate in zip(campaign.schemes, summary["bitrates"], strict=True):
            cells = [
                _short(entry, figure.digits)
                for entry in summary["means"]
                if (entry["figure"], entry["scheme"]) == (figure.name, scheme)
            ]
            table.add_row(scheme, "-" if rate["mean_kbps"] is None else f"{rate['mean_kbps']:.2f}", *cells)
        console.print(table)
    for line in _remarks(campaign, summary):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _remarks(campaign: Campaign, summary: Mapping[str, Any]) -> Iterator[str]:
    yield (
        f"±: half the {summary['confidence']:.0%} interval of the mean, by bootstrap over "
        f"{len(campaign.clips)} clips; the page has the intervals of differences"
    )
    for loss in summary["losses"]:
        if loss["packets"]:
            yield (
                f"{loss['condition']}: {loss['lost_percent']:.1f} % of {loss['packets']} packets lost, "
                f"mean burst {loss['mean_burst'] or 0:.1f}, longest {loss['longest_burst']}"
            )
    if not campaign.figures:
        return
    first = campaign.figures[0].name
    for entry in summary["repaired_share"]:
        if entry["figure"] == first and entry["scheme"].startswith("dred") and entry["value"] is not None:
            yield (
                f"{entry['condition']}: {entry['scheme']} repairs {shown_estimate(entry, 2)} of the damage "
                f"that {BASELINE} leaves ({FIGURES[first].label})"
            )
