"""Activity from energy alone."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from dred_reference.errors import WriteError
from dred_reference.redundancy import ActivityDetector

FRAME = 960


def tone(level_db: float, count: int = FRAME) -> NDArray[np.float64]:
    """A square wave, whose energy is the square of its amplitude."""
    return 10 ** (level_db / 20) * np.sign(np.sin(np.arange(count) / 10 + 0.05))


@pytest.mark.clause("ENC-activity-energy")
def test_digital_silence_is_inactive_from_the_start() -> None:
    detector = ActivityDetector(48000)
    assert not detector.is_active(np.zeros(FRAME))
    assert not detector.is_active(np.full((FRAME, 2), 2.0**-16))  # rounds to zero in 16 bits
    assert detector.is_active(np.full(FRAME, 2.0**-15))


@pytest.mark.clause("ENC-activity-energy")
def test_what_lies_25_db_below_the_peak_is_inactive() -> None:
    detector = ActivityDetector(48000)
    assert detector.is_active(tone(-10))
    assert detector.is_active(tone(-34.9))
    assert not detector.is_active(tone(-35.1))
    assert detector.is_active(tone(-10))


@pytest.mark.clause("ENC-activity-energy")
def test_the_peak_decays_3_db_in_13_and_a_half_seconds() -> None:
    """.95 per second: 10 * log10(.95) = -.2228 dB."""
    for seconds, is_active in ((8, False), (10, True)):
        detector = ActivityDetector(48000)
        detector.is_active(tone(-10))
        for _ in range(50 * seconds):
            assert not detector.is_active(np.zeros(FRAME))
        assert detector.is_active(tone(-37)) == is_active  # 2 dB below, which takes 9 seconds


@pytest.mark.clause("ENC-activity-energy")
@pytest.mark.parametrize("count", [120, 480, 2880])
def test_the_decay_does_not_depend_on_the_frame_size(count: int) -> None:
    detector = ActivityDetector(48000)
    detector.is_active(tone(-10))
    for _ in range(480000 // count):
        detector.is_active(np.zeros((count, 2)))
    assert detector.is_active(tone(-37.1))
    assert not detector.is_active(tone(-37.4))


def test_no_samples_are_no_activity() -> None:
    assert not ActivityDetector(48000).is_active([])


@pytest.mark.parametrize("bad", [math.nan, math.inf, 1e300])
def test_a_sample_that_is_no_finite_number_is_refused(bad: float) -> None:
    detector = ActivityDetector(48000)
    with pytest.raises(WriteError) as caught:
        detector.is_active([0.0, bad])
    assert (caught.value.rule, caught.value.stage) == ("W1", "audio")
    assert detector.is_active(tone(-60))


def test_another_shape_or_rate_is_refused() -> None:
    with pytest.raises(WriteError):
        ActivityDetector(48000).is_active(np.zeros((1, 2, 3)))
    with pytest.raises(WriteError):
        ActivityDetector(0)
