"""Results of cases to a summary: means, paired differences, repaired damage, bitrates."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dred_conformance.simulation.cases import SOURCES, CaseKey
from dred_conformance.simulation.quality import Figure
from dred_conformance.simulation.statistics import CONFIDENCE, Estimate, mean_estimate, ratio_estimate

__all__ = ["ALL", "Campaign", "summarised"]

ALL = "all"  # the mean over the conditions, clip by clip
BASELINE, UNHARMED = "neural", "clean"


@dataclass(frozen=True)
class Campaign:
    """What was run.

    Attributes
    ----------
    results
        Of the cases, by key; some may be missing in a run that was stopped.
    """

    clips: Sequence[str]
    conditions: Sequence[str]
    schemes: Sequence[str]
    figures: Sequence[Figure]
    results: Mapping[CaseKey, dict[str, Any]]
    seed: int

    def values(self, figure: str, condition: str, scheme: str) -> NDArray[np.float64]:
        """Return a figure of a scheme, shape (clips,), NaN where there is none; `ALL` for the mean."""
        if condition == ALL:
            stacked = np.stack([self.values(figure, each, scheme) for each in self.conditions])
            mean: NDArray[np.float64] = stacked.mean(axis=0)  # NaN where one is missing: as many of each
            return mean
        return np.array([self._value(figure, (clip, condition, scheme)) for clip in self.clips])

    def _value(self, figure: str, key: CaseKey) -> float:
        value = self.results[key]["figures"].get(figure) if key in self.results else None
        return math.nan if value is None else float(value)

    def of_scheme(self, scheme: str, condition: str | None = None) -> list[dict[str, Any]]:
        """Return the results of a scheme."""
        return [
            result
            for result in self.results.values()
            if result["scheme"] == scheme and condition in {None, result["condition"]}
        ]

    @property
    def columns(self) -> list[str]:
        """The conditions, and `ALL` if there are several."""
        return [*self.conditions, *([ALL] if len(self.conditions) > 1 else [])]


def _entry(estimate: Estimate, **about: str) -> dict[str, Any]:
    numbers = {"value": estimate.value, "low": estimate.low, "high": estimate.high}
    shown = {name: None if math.isnan(number) else round(number, 6) for name, number in numbers.items()}
    return {**about, **shown, "clips": estimate.clips}


def summarised(campaign: Campaign) -> dict[str, Any]:
    """Return the summary of a run; `value`, `low` and `high` are null where nothing can be said.

    Parameters
    ----------
    campaign
        With at least one result.
    """
    means, differences, shares = [], [], []
    for figure in campaign.figures:
        for condition in campaign.columns:
            of = {name: campaign.values(figure.name, condition, name) for name in campaign.schemes}
            about = {"figure": figure.name, "condition": condition}
            means += [_entry(mean_estimate(of[name], campaign.seed), **about, scheme=name) for name in of]
            differences += [
                _entry(
                    mean_estimate(of[better] - of[worse], campaign.seed), **about, scheme=better, minus=worse
                )
                for worse, better in combinations(of, 2)
            ]
            if BASELINE in of and UNHARMED in of:
                damage = of[UNHARMED] - of[BASELINE]
                shares += [
                    _entry(
                        ratio_estimate(of[name] - of[BASELINE], damage, campaign.seed), **about, scheme=name
                    )
                    for name in of
                    if name not in {BASELINE, UNHARMED}
                ]
    return {
        "confidence": CONFIDENCE,
        "cases": len(campaign.results),
        "cases_wanted": len(campaign.clips) * len(campaign.conditions) * len(campaign.schemes),
        "means": means,
        "differences": differences,
        "repaired_share": shares,
        "bitrates": [_bitrate(campaign, scheme) for scheme in campaign.schemes],
        "losses": [_losses(campaign, condition) for condition in campaign.conditions],
        "played": [
            _played(campaign, condition, scheme)
            for condition in campaign.conditions
            for scheme in campaign.schemes
        ],
        "seconds_per_case": _seconds(campaign),
    }


def _bitrate(campaign: Campaign, scheme: str) -> dict[str, Any]:
    rates = [result["kbps"] for result in campaign.of_scheme(scheme)] or [math.nan]
    low, mean, high = min(rates), float(np.mean(rates)), max(rates)
    names = ("mean_kbps", "least_kbps", "most_kbps")
    return {
        "scheme": scheme,
        **{
            name: None if math.isnan(v) else round(v, 3)
            for name, v in zip(names, (mean, low, high), strict=True)
        },
    }


def _losses(campaign: Campaign, condition: str) -> dict[str, Any]:
    # schemes of a clip share its losses: each trace counts once
    traces = {r["clip"]: r["lost"] for r in campaign.results.values() if r["condition"] == condition}
    packets = sum(map(len, traces.values()))
    lost = sum(trace.count("x") for trace in traces.values())
    bursts = [len(row) for trace in traces.values() for row in trace.split(".") if row]
    return {
        "condition": condition,
        "packets": packets,
        "lost_percent": round(100 * lost / packets, 3) if packets else None,
        "mean_burst": round(float(np.mean(bursts)), 3) if bursts else None,
        "longest_burst": max(bursts, default=0),
    }


def _played(campaign: Campaign, condition: str, scheme: str) -> dict[str, Any]:
    results = campaign.of_scheme(scheme, condition)
    sums = {source: sum(result["played_ms"][source] for result in results) for source in SOURCES}
    total = sum(sums.values())
    shares = {
        f"{name}_percent": round(100 * value / total, 3) if total else None for name, value in sums.items()
    }
    return {"condition": condition, "scheme": scheme, **shares}


def _seconds(campaign: Campaign) -> dict[str, float]:
    spent = [result["spent_s"] for result in campaign.results.values()]
    return {
        name: round(float(np.mean([each[name] for each in spent])), 3) for name in (spent[0] if spent else {})
    }
