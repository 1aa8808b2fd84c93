"""The vectorised comparison against the definition, written out sample by sample and bin by bin."""

import cmath
import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from dred_conformance.comparison import compare_audio

EDGES = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 272, 320)
TURNS = [cmath.exp(-2j * math.pi * step / 640) for step in range(640)]


def filtered(samples: Sequence[float]) -> list[float]:
    """Difference equation of (1 - 2 z^-1 + z^-2) / (1 + a0 z^-1 + a1 z^-2), coefficients as in float32."""
    a0, a1 = float(np.float32(-1.97354)), float(np.float32(0.97417))
    x1 = x2 = y1 = y2 = 0.0
    result = []
    for x in samples:
        y = x - 2 * x1 + x2 - a0 * y1 - a1 * y2
        x1, x2, y1, y2 = x, x1, y, y1
        result.append(y)
    return result


def power(frame: Sequence[float]) -> list[float]:
    def weight(index: int) -> float:
        n = (index + 0.5) / 640
        turns = [math.cos(2 * math.pi * multiple * n) for multiple in (1, 2, 3)]
        return 0.35875 - 0.48829 * turns[0] + 0.14128 * turns[1] - 0.01168 * turns[2]

    weighted = [sample * weight(index) for index, sample in enumerate(frame)]
    bins = []
    for bin_index in range(320):
        value = sum(sample * TURNS[bin_index * index % 640] for index, sample in enumerate(weighted))
        bins.append(abs(value) ** 2 + 0.1)
    return bins


def spread(bins: Sequence[float]) -> list[float]:
    def bark(index: int) -> float:
        f = 16000 * index / 640
        slope = 8.288e-8 * f / (3.4225e-16 * f**4 + 1) + 0.009694 / (5.476e-7 * f * f + 1) + 1e-4
        return slope * 16000 / 640

    def both_ways(values: list[float]) -> list[float]:
        for index in range(1, 320):
            values[index] += 0.1 ** bark(index) * values[index - 1]
        for index in range(318, -1, -1):
            values[index] += 0.0031623 ** bark(index) * values[index + 1]
        return values

    gains = both_ways([1.0] * 320)
    return [value / gain for value, gain in zip(both_ways(list(bins)), gains, strict=True)]


def in_time(frames: list[list[float]]) -> list[list[float]]:
    for before, frame in pairwise(frames):
        for index in range(320):
            frame[index] += 0.5 * before[index]
    for number in range(len(frames) - 3, -1, -1):
        for index in range(320):
            frames[number][index] += 0.1 * frames[number + 1][index]
    return frames


def literal_errors(reference: Sequence[float], candidate: Sequence[float]) -> tuple[float, float]:
    left, right = filtered(reference), filtered(candidate)
    starts = range(0, (len(reference) - 640 + 160) // 160 * 160, 160)
    of_left = [spread(power(left[start : start + 640])) for start in starts]
    of_right = [spread(power(right[start : start + 640])) for start in starts]
    for one, other in zip(of_left, of_right, strict=True):
        floor = 1e-8 * max(one)
        one[:] = [max(value, floor) for value in one]
        other[:] = [max(value, floor) for value in other]
    of_left, of_right = in_time(of_left), in_time(of_right)
    err4 = err16 = loudness = 0.0
    for one, other in zip(of_left, of_right, strict=True):
        fine, coarse, loud = [], [], []
        for low, high in pairwise(EDGES):
            width = high - low
            sums = [0.0, 0.0, 0.0]
            for index in range(low, high):
                threshold = 0.1 / (0.15**2 + (math.pi * index / 960) ** 2)
                re = (other[index] + threshold) ** 0.2 - (one[index] + threshold) ** 0.2
                re10 = (other[index] + 10 * threshold) ** 0.2 - (one[index] + 10 * threshold) ** 0.2
                sums[0] += re * re / width
                sums[1] += re10 * re10 / width
                sums[2] += (one[index] + threshold) ** 0.4 / width
            fine.append(sums[0] / width)
            coarse.append(sums[1] / width)
            loud.append(sums[2] / width)
        err4 += (sum(fine) / 17) ** 2
        err16 += (sum(value**2 for value in coarse) / 17) ** 4
        loudness += sum(loud) / 17
    count = len(starts)
    return (
        100 * (err4 / count) ** 0.25 / math.sqrt(loudness),
        100 * (err16 / count) ** 0.0625 / math.sqrt(loudness),
    )


def literal_pitch(reference: Sequence[float], candidate: Sequence[float]) -> float:
    def emphasised(samples: list[float]) -> list[float]:
        return [sample - 0.8 * before for before, sample in zip([0.0, *samples], samples, strict=False)]

    def correlation(samples: list[float], start: int, lag: int) -> float:
        now, then = samples[start : start + 320], samples[start - lag : start - lag + 320]
        xy = sum(x * y for x, y in zip(now, then, strict=True))
        return xy / math.sqrt(sum(x * x for x in now) * sum(y * y for y in then) + 320)

    left, right = emphasised(filtered(reference)), emphasised(filtered(candidate))
    frames = (len(reference) - 640 + 160) // 160
    differences = []
    for frame in range(2, frames - 2):
        correlations = [correlation(left, 160 * frame, lag) for lag in range(32, 257)]
        best = max(correlations)
        if best > 0.7:
            lag = 32 + correlations.index(best)
            differences.append(abs(best - correlation(right, 160 * frame, lag)))
    return sum(differences) / len(differences)


@pytest.fixture
def pair(speech: NDArray[np.float64]) -> tuple[list[float], list[float]]:
    """A part that changes from frame to frame, so that the spreading in time shows."""
    reference = np.round(speech[:1600] * np.linspace(0.1, 1, 1600) ** 2)
    noise = np.random.default_rng(9).normal(scale=40, size=1600)
    return reference.tolist(), np.round(0.8 * reference + noise).tolist()


def test_err4_and_err16_are_as_defined(pair: tuple[list[float], list[float]]) -> None:
    comparison = compare_audio(*pair)
    err4, err16 = literal_errors(*pair)
    # the memory of the filter is float32 in the one and double in the other
    assert comparison.err4 == pytest.approx(err4, rel=2e-5)
    assert comparison.err16 == pytest.approx(err16, rel=2e-5)


def test_pitch_is_as_defined(pair: tuple[list[float], list[float]]) -> None:
    comparison = compare_audio(*pair)
    assert comparison.voiced_frames > 0
    assert comparison.pitch == pytest.approx(literal_pitch(*pair), rel=2e-4)
