"""The contest as a picture: error against bytes, error and pitch and bits by age."""

import io
from typing import Any

import numpy as np

from dred_conformance.comparison.packages import new_figure
from dred_conformance.rate_study.clips import LATENTS
from dred_conformance.rate_study.contest import Standing
from dred_conformance.rate_study.errors_by_age import Outcome

__all__ = ["plot_contest"]

COLOURS = {
    "deployed": "#b3261e",
    "deployed slope, finer start": "#d1711f",
    "stops at 8": "#7a5cc0",
    "starts at 9 or above": "#777777",
    "even": "#1d7a36",
}
_AGES_S = (np.arange(LATENTS) + 0.5) * 0.04


def plot_contest(standings: list[Standing], title: str, suffix: str) -> bytes:
    """Draw all standings; one column per budget, and a row of error against bytes below.

    Parameters
    ----------
    standings
        Of every rule at every budget.
    title
        What was measured.
    suffix
        ``png``, ``svg`` or ``pdf``.

    Raises
    ------
    MissingPackageError
        matplotlib is not installed.
    """
    budgets = sorted({each.budget for each in standings})
    figure = new_figure(4.2 * len(budgets), 14)
    figure.suptitle(title, fontsize=12)
    grid = figure.add_gridspec(4, len(budgets))
    first: list[Any] = [None, None, None]
    for column, budget in enumerate(budgets):
        axes = []
        for row in range(3):
            axes.append(figure.add_subplot(grid[row, column], sharey=first[row]))
            first[row] = first[row] or axes[row]
        for each in standings:
            if each.budget == budget and each.is_spent:
                _draw_by_age(axes, each)
        axes[0].set_title(f"{budget:g} bytes")
        axes[1].set_yscale("log")
        axes[2].set_xlabel("age (s)")
        for one, label in zip(
            axes, ("error of a frame", "pitch error (octaves)", "bits per latent"), strict=True
        ):
            one.grid(alpha=0.25)
            if column == 0:
                one.set_ylabel(label)
    _draw_by_bytes(figure.add_subplot(grid[3, :]), standings)
    buffer = io.BytesIO()
    figure.savefig(buffer, format=suffix, dpi=80)
    return buffer.getvalue()


def _per_latent(outcome: Outcome) -> tuple[Any, Any, Any]:
    """Return error, pitch error and bits of each latent."""
    error = np.sqrt(outcome.squares.reshape(LATENTS, -1).mean(axis=1) / outcome.packets)
    pitch = outcome.pitch.reshape(LATENTS, -1).sum(axis=1) / outcome.voiced.reshape(LATENTS, -1).sum(axis=1)
    return error, pitch, outcome.bits / outcome.packets


def _draw_by_age(axes: list[Any], standing: Standing) -> None:
    for one, values in zip(axes, _per_latent(standing.outcome), strict=True):
        one.plot(_AGES_S, values, color=COLOURS[standing.rule], linewidth=1.6)


def _draw_by_bytes(axes: Any, standings: list[Standing]) -> None:
    for rule, colour in COLOURS.items():
        points = sorted(
            (each.outcome.mean_size, each.outcome.total) for each in standings if each.rule == rule
        )
        if points:
            axes.plot(*zip(*points, strict=True), "o-", color=colour, label=rule)
    axes.set_xlabel(
        "bytes of range-coded data per packet of 1.04 s (columns above: rules that spend the budget)"
    )
    axes.set_ylabel("total of the working group's metric")
    axes.grid(alpha=0.25)
    axes.legend(fontsize=9)
