"""Tracks of features that no one spoke: multiples of 1/256, so that float32 holds them exactly."""

from collections.abc import Sequence

from dred_conformance.vectors.generate.random_source import RandomSource

__all__ = ["Track", "drawn", "gliding", "jumping", "steady", "with_feature"]

Track = list[list[float]]
UNIT = 256
PITCH, VOICING = 18, 19
_SPREAD = (3.0, 1.5, *[0.75] * 16)  # of the cepstrum


def steady(count: int, loudness: float, pitch: float) -> Track:
    """Return frames that are all the same."""
    cepstrum = [loudness, *[0.25 if place % 2 else -0.25 for place in range(1, PITCH)]]
    return [[*cepstrum, pitch, 0.4375] for _ in range(count)]


def with_feature(track: Sequence[Sequence[float]], feature: int, values: Sequence[float]) -> Track:
    """Return frames in which one feature takes some values by turns."""
    return [
        [values[number % len(values)] if place == feature else value for place, value in enumerate(row)]
        for number, row in enumerate(track)
    ]


def gliding(count: int, first: float, last: float) -> Track:
    """Return frames whose pitch goes from one value to another."""
    steps = [round(UNIT * (first + (last - first) * number / (count - 1))) / UNIT for number in range(count)]
    return with_feature(steady(count, 2.0, 0.0), PITCH, steps)


def jumping(source: RandomSource, count: int) -> Track:
    """Return frames each of which has a pitch of its own."""
    pitches = [source.between(-384, 384) / UNIT for _ in range(count)]
    return with_feature(steady(count, 2.0, 0.0), PITCH, pitches)


def drawn(source: RandomSource, count: int) -> Track:
    """Return frames that have nothing in common."""

    def value(spread: float) -> float:
        largest = round(spread * UNIT)
        return source.between(-largest, largest) / UNIT

    return [[*(value(spread) for spread in _SPREAD), value(1.25), value(0.5)] for _ in range(count)]
