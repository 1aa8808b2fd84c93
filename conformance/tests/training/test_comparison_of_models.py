"""Bits at equal errors, and pitch along ramps: on numbers whose result is known."""

from collections.abc import Callable

import numpy as np
import pytest

from dred_training.equal_distortion import Curve, compared, curve
from dred_training.outcomes import Outcome
from dred_training.pitch_along_ramps import pitch_along_ramps
from dred_training.ramps import CONSTANT, RISING, Ramp

AGES = 10


def outcome(
    ramp: Ramp, pitch: Callable[[int, int], float], bits: float = 40.0, total: float = 1.0
) -> Outcome:
    levels = ramp.levels(AGES)
    errors = np.array([pitch(level, levels[0]) for level in levels])
    flat = np.full(AGES, 0.5)
    return Outcome("m", ramp, 100.0, np.full(AGES, bits), flat, errors, flat, flat, total, 1.0)


def made(bits: list[float], totals: list[float]) -> list[Outcome]:
    pairs = zip(bits, totals, strict=True)
    return [outcome(Ramp(level, 0), lambda *_: 0.0, each, total) for level, (each, total) in enumerate(pairs)]


def test_the_rising_ramps_are_all_that_a_header_can_announce() -> None:
    assert len(RISING) == len(set(RISING)) == 105
    assert all(max(ramp.levels(26)) > ramp.q0 for ramp in RISING)
    assert [ramp.name for ramp in (Ramp(6, 3), Ramp(6, 0), Ramp(6, 3, 9))] == ["6+3", "6", "6+3<=9"]
    assert Ramp(6, 3, 9).levels(26)[-1] == 9


def test_a_model_that_costs_three_halves_everywhere_is_said_to() -> None:
    reference = curve(made([40, 20, 10], [1.0, 2.0, 3.0]), "total")
    candidate = curve(made([60, 30, 15], [1.0, 2.0, 3.0]), "total")
    found = compared(reference, candidate)
    assert found is not None
    assert found.mean == pytest.approx(1.5)
    assert [error for error, _ in found.points] == pytest.approx([1.0, 1.5, 2.0, 2.5, 3.0])
    assert [share for _, share in found.points] == pytest.approx([1.5] * 5)
    assert candidate.bits_at(np.array([1.5])).tolist() == pytest.approx([np.sqrt(60 * 30) * 25])


def test_the_state_counts_where_it_is_asked_for() -> None:
    with_state = curve(made([40, 20], [1.0, 2.0]), "total", with_state=True)
    assert with_state.bits == pytest.approx(((100 + 200) / 0.4, (100 + 400) / 0.4)[::-1])


def test_levels_that_are_no_use_are_left_out() -> None:
    found = curve(made([40, 30, 20, 0], [1.0, 2.5, 2.0, 9.0]), "total")
    assert found.errors == (1.0, 2.0)


def test_models_that_reach_no_error_in_common_are_not_compared() -> None:
    assert compared(Curve((1.0, 2.0), (9.0, 8.0)), Curve((2.5, 3.0), (9.0, 8.0))) is None
    assert compared(Curve((), ()), Curve((1.0, 3.0), (9.0, 8.0))) is None


def test_a_jump_behind_a_level_is_found() -> None:
    def deployed(level: int, start: int) -> float:
        if level < 9:
            return 0.02
        return 0.1 if start >= 9 else 0.4  # it takes the zero for a pitch

    found = pitch_along_ramps(
        [outcome(ramp, deployed) for ramp in CONSTANT], [outcome(ramp, deployed) for ramp in RISING]
    )
    assert found.dropped_from == 9
    assert found.worst is not None
    assert (found.worst.error, found.holds) == (0.02, True)
    assert found.jump.error == pytest.approx(0.3)
    assert found.jump.level >= 9
    assert found.along[0] is None
    assert found.along[8] == pytest.approx(0.02)
    assert 0.1 < (found.along[12] or 0) < 0.4


def test_a_wrong_pitch_below_the_level_where_it_is_dropped_is_told() -> None:
    def bad(level: int, start: int) -> float:
        return 0.2 if level == 5 and start < 5 else 0.009 * level

    found = pitch_along_ramps(
        [outcome(ramp, bad) for ramp in CONSTANT], [outcome(ramp, bad) for ramp in RISING]
    )
    assert (found.dropped_from, found.holds) == (7, False)
    assert found.worst is not None
    assert found.worst.level == 5


def test_a_model_without_any_pitch_does_not_hold() -> None:
    same = [outcome(ramp, lambda *_: 0.5) for ramp in CONSTANT]
    found = pitch_along_ramps(same, [outcome(RISING[0], lambda *_: 0.5)])
    assert (found.dropped_from, found.worst, found.holds) == (0, None, False)
