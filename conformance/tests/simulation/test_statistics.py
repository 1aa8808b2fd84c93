"""Means, intervals and shares against closed forms and brute force."""

from itertools import product

import numpy as np
import pytest

from dred_conformance.simulation.quality import FIGURES
from dred_conformance.simulation.statistics import mean_estimate, ratio_estimate
from dred_conformance.simulation.summary import Campaign, summarised

VALUES = np.array([1.0, 2.0, 4.0, 8.0, 16.0])


def all_means(values: np.ndarray) -> np.ndarray:
    """The means of every row of clips that a bootstrap can draw."""
    return np.array([np.mean(draw) for draw in product(values, repeat=len(values))])


def test_the_interval_of_a_mean_is_that_of_all_draws() -> None:
    found = mean_estimate(VALUES, seed=3, resamples=40_000)
    low, high = np.quantile(all_means(VALUES), (0.025, 0.975))
    assert found.value == VALUES.mean()
    assert (found.low, found.high) == (pytest.approx(low, abs=0.15), pytest.approx(high, abs=0.3))
    assert found.clips == 5


def test_the_interval_of_many_clips_is_the_normal_one() -> None:
    values = np.random.default_rng(0).normal(3.0, 0.5, 400)
    found = mean_estimate(values)
    half = 1.959964 * values.std() / np.sqrt(400)
    assert (found.high - found.low) / 2 == pytest.approx(half, rel=0.05)


def test_a_seed_gives_the_same_interval() -> None:
    assert mean_estimate(VALUES, 5) == mean_estimate(VALUES, 5)
    assert mean_estimate(VALUES, 5) != mean_estimate(VALUES, 6)


def test_few_clips_have_no_interval() -> None:
    none, one = mean_estimate(np.array([np.nan])), mean_estimate(np.array([np.nan, 2.0]))
    assert np.isnan([none.value, none.low, one.low, one.high]).all()
    assert (none.clips, one.value, one.clips) == (0, 2.0, 1)
    assert not one.excludes_zero


def test_the_ratio_of_proportional_values_is_sure() -> None:
    found = ratio_estimate(0.5 * VALUES, VALUES)
    assert (found.value, found.low, found.high) == (0.5, pytest.approx(0.5), pytest.approx(0.5))


def test_the_interval_of_a_ratio_is_that_of_all_draws() -> None:
    above, below = np.array([1.0, 0.0, 3.0, 2.0]), np.array([2.0, 1.0, 4.0, 3.0])
    ratios = [above[list(draw)].sum() / below[list(draw)].sum() for draw in product(range(4), repeat=4)]
    low, high = np.quantile(ratios, (0.025, 0.975))
    found = ratio_estimate(above, below, seed=1, resamples=40_000)
    assert found.value == pytest.approx(0.6)
    assert (found.low, found.high) == (pytest.approx(low, abs=0.05), pytest.approx(high, abs=0.02))


def test_there_is_no_share_of_a_damage_that_may_not_be() -> None:
    found = ratio_estimate(VALUES, np.array([-1.0, 1.0, -1.0, 1.0, 0.1]))
    assert np.isnan([found.value, found.low, found.high]).all()


def campaign(values: dict[tuple[str, str, str], float | None]) -> Campaign:
    results = {
        key: {
            "clip": key[0], "condition": key[1], "scheme": key[2], "kbps": 40.0,
            "figures": {"pesq": value}, "lost": "..xx." if key[0] == "a" else ".....",
            "lost_percent": 40.0, "longest_burst": 2, "timeline": [],
            "played_ms": {"regular": 60.0, "lbrr": 0.0, "dred": 40.0, "concealment": 0.0},
            "spent_s": {"encoding": 0.5},
        }
        for key, value in values.items()
    }  # fmt: skip
    clips, conditions, schemes = (list(dict.fromkeys(key[n] for key in values)) for n in range(3))
    return Campaign(clips, conditions, schemes, [FIGURES["pesq"]], results, 0)


def entry(entries: list[dict[str, object]], **about: str) -> dict[str, object]:
    found = [each for each in entries if all(each.get(name) == value for name, value in about.items())]
    assert len(found) == 1
    return found[0]


def test_differences_are_paired_by_clip() -> None:
    values = {
        (clip, "20%", scheme): base + gain
        for clip, base in (("a", 1.0), ("b", 3.0), ("c", 4.5))
        for scheme, gain in (("neural", 0.0), ("dred", 0.2), ("clean", 0.4))
    }
    found = summarised(campaign(values))
    gain = entry(found["differences"], scheme="dred", minus="neural")
    assert gain["value"] == gain["low"] == gain["high"] == pytest.approx(0.2)
    share = entry(found["repaired_share"], scheme="dred")
    assert share["value"] == pytest.approx(0.5)
    mean = entry(found["means"], scheme="neural")
    assert mean["low"] < mean["value"] < mean["high"]


def test_the_mean_over_networks_needs_all_of_a_clip() -> None:
    values: dict[tuple[str, str, str], float | None] = {
        (clip, condition, "classic"): 1.0 for clip in "abc" for condition in ("10%", "20%")
    }
    values["b", "20%", "classic"] = None
    values["c", "10%", "classic"] = 3.0
    found = summarised(campaign(values))
    assert entry(found["means"], condition="20%")["clips"] == 2
    overall = entry(found["means"], condition="all")
    assert (overall["value"], overall["clips"]) == (1.5, 2)


def test_losses_count_every_trace_once() -> None:
    values = {(clip, "20%", scheme): 1.0 for clip in "ab" for scheme in ("neural", "dred")}
    losses = summarised(campaign(values))["losses"][0]
    assert losses == {
        "condition": "20%", "packets": 10, "lost_percent": 20.0, "mean_burst": 2.0, "longest_burst": 2,
    }  # fmt: skip


def test_a_run_that_was_stopped_early_is_summarised() -> None:
    whole = campaign({(clip, "20%", scheme): 1.0 for clip in "ab" for scheme in ("neural", "dred")})
    del whole.results["b", "20%", "dred"], whole.results["a", "20%", "dred"]  # type: ignore[attr-defined]
    found = summarised(whole)
    assert (found["cases"], found["cases_wanted"]) == (2, 4)
    assert entry(found["means"], scheme="dred")["value"] is None
    assert entry(found["bitrates"], scheme="dred")["mean_kbps"] is None
