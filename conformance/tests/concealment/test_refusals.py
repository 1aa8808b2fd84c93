"""What a concealer refuses, and that it goes on as if nothing had been asked; reset and looking ahead."""

import copy
from typing import Any

import numpy as np
import pytest

from dred_reference.analysis import FeatureExtractor, PitchTracker
from dred_reference.concealment import Concealer, PredictionWithoutModel
from dred_reference.errors import FeatureError
from dred_reference.vocoder import SourceFilterVocoder

from .recording import Floats, RecordingVocoder

SPEECH = np.random.default_rng(1).normal(0, 0.1, (30, 160))
KNOWN = np.random.default_rng(2).normal(0, 0.5, 20)


def concealer() -> Concealer:
    extractor = FeatureExtractor(PitchTracker())
    return Concealer(PredictionWithoutModel(), extractor, SourceFilterVocoder())


def heard(frames: Floats) -> Concealer:
    listening = concealer()
    for frame in frames:
        listening.update(frame)
    return listening


def spoilt(array: Floats, value: float) -> Floats:
    changed = array.copy()
    changed[7] = value
    return changed


@pytest.mark.clause("PLC-history", "PLC-conceal")
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1025.0, -1e300])
def test_numbers_that_are_refused(value: float) -> None:
    bad, zeros = spoilt(np.zeros(20), value), np.zeros(20)
    ours, untouched = heard(SPEECH[:4]), heard(SPEECH[:4])
    calls: list[tuple[Any, ...]] = [(bad,), (None, (bad, None)), (zeros, (None, bad))]
    for call in calls:
        with pytest.raises(FeatureError) as caught:
            ours.conceal(*call)
        assert (caught.value.rule, caught.value.position) == ("N3", 7)
    for take in (ours.update, ours.remember):
        with pytest.raises(FeatureError) as caught:
            take(spoilt(np.zeros(160), value))
        assert (caught.value.rule, caught.value.position) == ("N3", 7)
    np.testing.assert_array_equal(ours.conceal(KNOWN), untouched.conceal(KNOWN))


@pytest.mark.clause("PLC-history", "PLC-conceal")
@pytest.mark.parametrize("shape", [(), (0,), (159,), (161,), (160, 1), (19,), (21,), (1, 20)])
def test_shapes_that_are_refused(shape: tuple[int, ...]) -> None:
    ours = concealer()
    array = np.zeros(shape)
    calls: list[tuple[Any, ...]] = [(array,), (None, (array, None))]
    for call in calls:
        with pytest.raises(FeatureError, match=r"^N3"):
            ours.conceal(*call)
    assert not ours.concealing


@pytest.mark.clause("PLC-history")
@pytest.mark.parametrize("shape", [(), (161,), (160, 1), (1, 160), (0, 160)])
def test_frames_that_are_refused(shape: tuple[int, ...]) -> None:
    ours = concealer()
    for take in (ours.update, ours.remember):
        with pytest.raises(FeatureError, match=r"^N3"):
            take(np.zeros(shape))


@pytest.mark.clause("PLC-priming")
@pytest.mark.parametrize("count", [0, 1, 3])
def test_priming_of_another_length(count: int) -> None:
    with pytest.raises(FeatureError, match=r"^N3"):
        concealer().conceal(None, count * (None,))


@pytest.mark.clause("PLC-conceal")
def test_the_loudest_that_is_allowed() -> None:
    ours = heard(np.sign(SPEECH[:20]) * 1024)
    for known in (None, np.full(20, 1024.0), np.full(20, -1024.0), None):
        assert np.abs(ours.conceal(known)).max() <= 1


@pytest.mark.clause("PLC-reset")
def test_after_a_reset_all_is_as_at_first() -> None:
    vocoder = RecordingVocoder()
    ours = Concealer(PredictionWithoutModel(), FeatureExtractor(PitchTracker()), vocoder)

    def play() -> list[Floats]:
        made = []
        for frame in SPEECH[:20]:
            ours.update(frame)
            made.append(ours.conceal())
        return made

    first = play()
    ours.reset()
    assert not ours.concealing
    np.testing.assert_array_equal(play(), first)


def test_frames_that_nobody_goes_on_from() -> None:
    ours, other = heard(SPEECH[:6]), heard(SPEECH[:6])
    for each in (ours, other):
        each.conceal(KNOWN)
        each.conceal(None)
    vocoder = copy.deepcopy(ours._vocoder)
    with ours.looking_ahead():
        ours.conceal(None)
        ours.update(SPEECH[0])
        ours.conceal(KNOWN)
    ours._vocoder = vocoder  # it alone does not go back
    for frame in SPEECH[6:9]:
        assert ours.concealing
        np.testing.assert_array_equal(ours.conceal(None), other.conceal(None))
        ours.update(frame)
        other.update(frame)
        ours.conceal(None)
        other.conceal(None)


def test_looking_ahead_before_a_hole() -> None:
    ours, other = heard(SPEECH[:6]), heard(SPEECH[:6])
    vocoder = copy.deepcopy(ours._vocoder)
    with ours.looking_ahead():
        ours.conceal(None)
        ours.update(SPEECH[7])
        ours.conceal(None)
    assert not ours.concealing
    ours._vocoder = vocoder
    np.testing.assert_array_equal(ours.conceal(None), other.conceal(None))


def test_made_and_remembered_apart() -> None:
    ours, other = heard(SPEECH[:6]), heard(SPEECH[:6])
    made = [ours.synthesise(None) for _ in range(3)]
    for frame in made:
        ours.remember(frame)
    np.testing.assert_array_equal(made, [other.conceal(None) for _ in range(3)])
    for each in (ours, other):
        each.update(SPEECH[6])
    np.testing.assert_array_equal(ours.conceal(None), other.conceal(None))
