"""Which cases a page shows at length: for each network a clip on which DRED gains what is the median."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from dred_conformance.simulation.summary import BASELINE, Campaign

__all__ = ["Example", "chosen_examples", "longest_hole_s"]


@dataclass(frozen=True)
class Example:
    """A clip over a network, with all schemes that are done."""

    clip: str
    condition: str
    results: Mapping[str, dict[str, Any]]


def chosen_examples(campaign: Campaign) -> list[Example]:
    """Return one for each network, as far as there are results."""
    return [
        example for condition in campaign.conditions if (example := _example(campaign, condition)) is not None
    ]


def _example(campaign: Campaign, condition: str) -> Example | None:
    done = [
        clip
        for clip in campaign.clips
        if all((clip, condition, scheme) in campaign.results for scheme in campaign.schemes)
    ]
    if not done:
        return None
    clip = done[0]
    redundant = [scheme for scheme in campaign.schemes if scheme.startswith("dred")]
    if redundant and BASELINE in campaign.schemes:
        figure = campaign.figures[0].name
        gains = campaign.values(figure, condition, redundant[0]) - campaign.values(
            figure, condition, BASELINE
        )
        known = sorted(
            (gain, name) for gain, name in zip(gains, campaign.clips, strict=True) if np.isfinite(gain)
        )
        if known:
            clip = known[len(known) // 2][1]
    if clip not in done:
        clip = done[0]
    return Example(clip, condition, {s: campaign.results[clip, condition, s] for s in campaign.schemes})


def longest_hole_s(lost: str, frame_ms: float) -> tuple[float, float] | None:
    """Return beginning and end of the longest row of lost packets in the stream, in seconds."""
    best, place = (0, 0), 0
    for mark, row in groupby(lost):
        length = len(list(row))
        if mark == "x" and length > best[1]:
            best = (place, length)
        place += length
    if not best[1]:
        return None
    return best[0] * frame_ms / 1000, (best[0] + best[1]) * frame_ms / 1000
