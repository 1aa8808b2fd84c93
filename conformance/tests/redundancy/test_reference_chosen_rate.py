"""Our rate rule: every ramp is on offer, the best one is taken, and budgets are kept."""

import itertools
import math
from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from dred_reference.payload import Header, encode_header
from dred_reference.range_encoder import RangeEncoder
from dred_reference.redundancy import Choice, RedundancyWriter
from dred_reference.redundancy.chosen_rate import ChosenRate
from dred_reference.redundancy.rate_model import ALL_AGES, AS_HEARD, LIBOPUS_1_6, Aim, age_weights
from dred_reference.redundancy.schedules import all_schedules
from dred_reference.redundancy.symbol_costs import SymbolCosts
from dred_reference.schedule import quantiser_level
from dred_reference.tables import QuantiserTables

UNLIMITED = 4096


@dataclass(frozen=True, eq=False)
class Moment:
    """A history as it is after some packet."""

    latents: NDArray[np.float32]
    states: NDArray[np.float32]
    activity: NDArray[np.uint8]
    dred_offset: int = 10
    latent_offset: int = 0


def speech(tables: QuantiserTables, seed: int, spread: float = 30.0) -> Moment:
    random = np.random.default_rng(seed)
    return Moment(
        random.laplace(0, spread, (104, tables.latent_dim)).astype(np.float32),
        random.laplace(0, spread, (104, tables.state_dim)).astype(np.float32),
        np.ones(416, dtype=np.uint8),
    )


def headers() -> list[tuple[int, int, int]]:
    return [
        (q0, dq, qmax)
        for q0, dq, qmax in itertools.product(range(16), range(8), range(16))
        if (qmax > q0 if q0 < 14 and dq > 0 else qmax == 15)
    ]


@pytest.mark.clause("ENC-chosen-rate", "ENC-chosen-barrier")
@pytest.mark.parametrize("barrier", [None, 8])
def test_every_ramp_is_on_offer_once(barrier: int | None) -> None:
    found = all_schedules(26, barrier)
    ramps = {tuple(quantiser_level(*header, index) for index in range(26)): header for header in headers()}
    expected = {
        levels
        for levels in ramps
        if barrier is None or not any(a <= barrier < b for a, b in itertools.pairwise(levels))
    }
    assert {tuple(levels) for levels in found.levels.tolist()} == expected
    assert len(found.headers) == len(expected)


def test_the_bits_of_a_header_are_those_that_the_coder_spends() -> None:
    found = all_schedules(26)
    for header, bits in zip(found.headers, found.header_bits, strict=True):
        encoder = RangeEncoder(64)
        before = encoder.tell_frac()
        encode_header(encoder, Header(*header, 10))
        assert (encoder.tell_frac() - before) / 8 == pytest.approx(bits, abs=0.26)


def test_of_two_headers_for_the_same_ramp_the_cheaper_one_is_used() -> None:
    ramps: dict[tuple[int, ...], float] = {}
    for header in headers():
        encoder = RangeEncoder(64)
        encode_header(encoder, Header(*header, 10))
        levels = tuple(quantiser_level(*header, index) for index in range(9))
        ramps[levels] = min(ramps.get(levels, math.inf), encoder.tell_frac() / 8)
    found = all_schedules(9)
    for levels, bits in zip(found.levels.tolist(), found.header_bits, strict=True):
        assert bits == pytest.approx(ramps[tuple(levels)] - 1, abs=0.26)  # a coder starts at one bit


@pytest.mark.parametrize("recent_share", [0.0, 0.25, 1.0])
def test_weights_add_up_and_fall_with_age(recent_share: float) -> None:
    weights = age_weights(26, recent_share)
    assert weights.sum() == pytest.approx(1)
    assert (np.diff(weights) <= 0).all()
    assert weights[0] / weights[5] == pytest.approx(
        (recent_share * 1.0 / sum(math.exp(-0.4 * k) for k in range(26)) + (1 - recent_share) / 26)
        / (recent_share * math.exp(-2) / sum(math.exp(-0.4 * k) for k in range(26)) + (1 - recent_share) / 26)
    )


@pytest.mark.clause("ENC-chosen-rate")
@pytest.mark.parametrize("limit", [60, 130, 300, 700])
def test_within_a_limit_no_other_choice_is_expected_to_be_better(
    encoder_tables: QuantiserTables, limit: int
) -> None:
    moment, most = speech(encoder_tables, 3), 5
    rate = ChosenRate(encoder_tables, limit, most, model=LIBOPUS_1_6, is_mean=False)
    choice = rate.choose(moment, limit)
    assert choice is not None
    costs = SymbolCosts(encoder_tables)
    latents, state = costs.latents(moment.latents[0 : 2 * most : 2]), costs.states(moment.states[:1])[0]
    weights = age_weights(most, 0.25)

    def error(header: tuple[int, int, int], count: int) -> float:
        levels = [quantiser_level(*header, index) for index in range(count)]
        known = sum(weights[index] * LIBOPUS_1_6.errors[level] for index, level in enumerate(levels))
        return float(known + LIBOPUS_1_6.unknown_error * weights[count:].sum())

    def fits(header: tuple[int, int, int], count: int) -> bool:
        levels = [quantiser_level(*header, index) for index in range(count)]
        bits = state[header[0]] + sum(latents[index, level] for index, level in enumerate(levels))
        encoder = RangeEncoder(64)
        encode_header(encoder, Header(*header, 10))
        return float(bits) + encoder.tell_frac() / 8 <= 8 * limit - 1  # a bit less than there is

    def crosses(header: tuple[int, int, int]) -> bool:
        return header[0] <= 8 < quantiser_level(*header, most - 1)

    best = min(
        error(header, count)
        for header in headers()
        if not crosses(header)
        for count in range(1, most + 1)
        if fits(header, count)
    )
    assert error((choice.q0, choice.dq, choice.qmax), choice.max_latents) <= best + 1e-12
    written = RedundancyWriter(encoder_tables, "kept").write(moment, choice)
    assert written is not None
    assert len(written.data) <= limit


@pytest.mark.clause("ENC-chosen-price")
@pytest.mark.parametrize("budget", [60.0, 120.0])
def test_packets_cost_the_budget_in_the_mean(encoder_tables: QuantiserTables, budget: float) -> None:
    rate = ChosenRate(encoder_tables, budget, 13)
    writer = RedundancyWriter(encoder_tables, "kept")
    sizes = []
    for seed in range(80 + 56 * 9):  # nine swells behind the start
        moment = speech(encoder_tables, seed, spread=12 + 6 * math.sin(seed / 9))
        choice = rate.choose(moment, UNLIMITED)
        assert choice is not None
        written = writer.write(moment, choice)
        assert written is not None
        rate.spent(len(written.data))
        sizes.append(len(written.data))
    assert np.mean(sizes[80:]) == pytest.approx(budget, rel=0.05)


@pytest.mark.clause("ENC-chosen-barrier")
def test_no_choice_crosses_the_barrier_of_the_official_model(encoder_tables: QuantiserTables) -> None:
    crossed_without = 0
    for budget, seed in itertools.product((40, 70, 100, 150, 250, 400), range(6)):
        moment = speech(encoder_tables, seed)
        choice = ChosenRate(encoder_tables, budget, model=LIBOPUS_1_6).choose(moment, UNLIMITED)
        assert choice is not None
        assert not choice.q0 <= 8 < quantiser_level(choice.q0, choice.dq, choice.qmax, 25)
        free = ChosenRate(
            encoder_tables,
            budget,
            model=replace(LIBOPUS_1_6, barrier=None),
            aim=replace(ALL_AGES, recent_share=1.0),
        ).choose(moment, UNLIMITED)
        assert free is not None
        crossed_without += free.q0 <= 8 < quantiser_level(free.q0, free.dq, free.qmax, 25)
    assert crossed_without  # or the barrier would not have been tried


def test_a_higher_limit_never_buys_less(encoder_tables: QuantiserTables) -> None:
    moment = speech(encoder_tables, 8)
    errors = []
    for limit in range(20, 600, 20):
        choice = ChosenRate(encoder_tables, limit, is_mean=False).choose(moment, limit)
        if choice is None:
            assert not errors
            continue
        weights = age_weights(26, 0.25)
        levels = [quantiser_level(choice.q0, choice.dq, choice.qmax, k) for k in range(choice.max_latents)]
        known = sum(weights[k] * LIBOPUS_1_6.errors[level] for k, level in enumerate(levels))
        errors.append(known + LIBOPUS_1_6.unknown_error * weights[len(levels) :].sum())
    assert len(errors) > 20
    assert errors == sorted(errors, reverse=True)


def test_nothing_is_chosen_where_there_is_nothing_to_say(encoder_tables: QuantiserTables) -> None:
    moment = speech(encoder_tables, 1)
    rate = ChosenRate(encoder_tables, 100)
    assert rate.choose(replace(moment, activity=np.zeros(416, dtype=np.uint8)), UNLIMITED) is None
    assert (
        rate.choose(replace(moment, latents=moment.latents[:0], states=moment.states[:0]), UNLIMITED) is None
    )
    assert rate.choose(moment, 0) is None
    assert rate.choose(moment, 3) is None  # no state fits


def test_a_pause_is_skipped_as_the_writer_skips_it(encoder_tables: QuantiserTables) -> None:
    activity = np.ones(416, dtype=np.uint8)
    activity[:160] = 0  # 400 ms
    activity[240:] = 0
    moment = replace(speech(encoder_tables, 2), activity=activity)
    choice = ChosenRate(encoder_tables, 400).choose(moment, UNLIMITED)
    assert choice is not None
    written = RedundancyWriter(encoder_tables, "kept").write(moment, replace(choice, max_latents=26))
    assert written is not None
    assert choice.max_latents <= written.latents
    assert written.first == 19  # the first step whose 40 ms hold speech
    assert written.offset == 10 - 8 * 19


@pytest.mark.parametrize(("budget", "latents"), [(0.5, 26), (math.nan, 26), (100, 0), (100, 53)])
def test_budgets_and_numbers_out_of_range_are_refused(
    encoder_tables: QuantiserTables, budget: float, latents: int
) -> None:
    with pytest.raises(ValueError, match="budget"):
        ChosenRate(encoder_tables, budget, latents)


def test_the_choice_does_not_depend_on_what_was_remembered(encoder_tables: QuantiserTables) -> None:
    used = ChosenRate(encoder_tables, 120, is_mean=False)
    for seed in range(12):  # more latents and states than are remembered
        assert used.choose(speech(encoder_tables, seed), UNLIMITED) is not None
    moment = speech(encoder_tables, 0)
    fresh = ChosenRate(encoder_tables, 120, is_mean=False)
    chosen: Choice | None = used.choose(moment, 120)
    assert chosen == fresh.choose(moment, 120)


@pytest.mark.parametrize(
    "wrong",
    [(-0.1, 100, 1, 1), (1.1, 100, 1, 1), (1, 0, 1, 1), (1, 100, 0, 1), (1, 100, 1.5, 1), (1, 100, 1, 0)],
)
def test_aims_out_of_range(wrong: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="no aim"):
        Aim(*wrong)


def test_what_is_heard_most_often_gets_more_of_the_same_bytes(encoder_tables) -> None:
    moment, choices = speech(encoder_tables, 1), {}
    for aim in (ALL_AGES, AS_HEARD):
        choice = ChosenRate(encoder_tables, 60, model=LIBOPUS_1_6, is_mean=False, aim=aim).choose(moment, 60)
        assert choice is not None
        choices[aim] = choice
    assert choices[AS_HEARD].max_latents <= choices[ALL_AGES].max_latents
    assert choices[AS_HEARD].q0 <= choices[ALL_AGES].q0
    assert choices[AS_HEARD] != choices[ALL_AGES]
