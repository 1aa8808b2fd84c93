"""What is written for a packet, by each of the three rules."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from dred_model import named_synthetic_model
from dred_reference.errors import WriteError
from dred_reference.latent import quantise
from dred_reference.payload import Header, Payload, decode_payload, encode_payload
from dred_reference.redundancy import RULES, Choice, Redundancy, RedundancyWriter, SpeechHistory
from dred_reference.tables import QuantiserTables
from dred_reference.wire import WIRE_PROFILES

Make = Callable[..., tuple[SpeechHistory, Any]]

WIRE = WIRE_PROFILES["experimental-12"]
TABLES = named_synthetic_model("synthetic-9-7x9-enc8x8x8x8").tables.to_reference_tables()
# Level 9 and beyond costs nothing: there are latents that no bits are spent on.
DEAD_TABLES = named_synthetic_model("synthetic-9-7x9-dead9-enc8x8x8x8").tables.to_reference_tables()
ALL = Choice(4, 3, 15, 26, 1000)


@dataclass
class FakeHistory:
    """A history made of given numbers."""

    latents: NDArray[np.float32]
    states: NDArray[np.float32]
    activity: NDArray[np.uint8]
    dred_offset: int = 10
    latent_offset: int = 0


def fake_history(
    fill: int, active_units: list[int], *, seed: int = 1, latent_offset: int = 0, offset: int = 10
) -> FakeHistory:
    """Return a history of random numbers; `active_units`: silence and speech in turn, in 2.5 ms."""
    generator = np.random.default_rng(seed)
    runs = [np.full(count, index % 2, dtype=np.uint8) for index, count in enumerate(active_units)]
    activity = np.concatenate([*runs, np.zeros(416, dtype=np.uint8)])[:416]
    latents = generator.normal(0, 4, (fill, 7)).astype(np.float32)
    return FakeHistory(
        latents, generator.normal(0, 6, (fill, 9)).astype(np.float32), activity, offset, latent_offset
    )


def decoded(redundancy: Redundancy, tables: QuantiserTables = TABLES) -> Payload:
    return decode_payload(WIRE.prefix + redundancy.data, WIRE, tables)


def literal(
    history: FakeHistory, choice: Choice, last_extra: int, tables: QuantiserTables
) -> tuple[tuple[int, int, bytes] | None, int]:
    """Facts 6.5 step by step, with the payload writer as its coder: (offset, lo, data) and last_extra."""

    def voice(step: int) -> bool:
        return any(value == 1 for value in history.activity[8 * step : 8 * step + 16])

    fill = min(len(history.latents), 52)
    lo, delayed, extra = history.latent_offset, False, 0
    if history.activity[0] and last_extra > 0:
        lo, delayed, last_extra = last_extra, True, 0
    while lo < fill - 1 and not voice(lo):
        lo, extra = lo + 1, extra + 1
    if not delayed:
        last_extra = extra
    header = Header(choice.q0, choice.dq, choice.qmax, history.dred_offset - 8 * extra)
    if lo >= fill:
        return None, last_extra
    encoded, previous = 0, False
    for i in range(0, min(2 * choice.max_latents, fill - lo), 2):
        rows = history.latents[lo : lo + i + 1 : 2]
        symbols = quantise(history.states[lo], rows, choice.q0, choice.dq, choice.qmax, tables)
        try:
            trial = encode_payload(
                header, symbols.state, symbols.latents, WIRE, tables, max_bytes=choice.max_bytes
            )
        except WriteError:
            return None, last_extra
        if trial.latent_count < len(rows):
            break
        active = voice(lo + i)
        if active or previous:
            encoded, data = i + 2, trial.payload[2:]
        previous = active
    if encoded == 0 or (encoded <= 2 and extra > 0):
        return None, last_extra
    return (header.offset, lo, data), last_extra


levels = st.one_of(
    st.tuples(st.integers(0, 13), st.integers(1, 7)).flatmap(
        lambda pair: st.integers(pair[0] + 1, 15).map(lambda qmax: (*pair, qmax))
    ),
    st.tuples(st.integers(0, 15), st.just(0), st.just(15)),
    st.tuples(st.integers(14, 15), st.integers(0, 7), st.just(15)),
)
choices = st.builds(
    lambda levels, latents, size: Choice(*levels, latents, size),
    levels,
    st.integers(0, 26),
    st.one_of(st.integers(0, 60), st.integers(0, 1000)),
)
histories = st.builds(
    fake_history,
    st.one_of(st.integers(0, 104), st.integers(0, 8)),
    st.lists(st.integers(0, 120), max_size=6),
    seed=st.integers(0, 5),
    latent_offset=st.integers(0, 2),
    offset=st.integers(-5, 10),
)
tables_of = st.sampled_from([TABLES, DEAD_TABLES])


@pytest.mark.clause(
    "ENC-write-skip", "ENC-write-offset", "ENC-write-delayed", "ENC-write-state", "ENC-write-latents",
    "ENC-write-budget", "ENC-write-trim", "ENC-write-none", "ENC-write-size",
)  # fmt: skip
@settings(max_examples=60)
@given(st.lists(st.tuples(histories, choices), min_size=1, max_size=4), tables_of)
def test_deployed_is_the_rule_taken_step_by_step(
    packets: list[tuple[FakeHistory, Choice]], tables: QuantiserTables
) -> None:
    writer, last_extra = RedundancyWriter(tables), 0
    for history, choice in packets:
        expected, last_extra = literal(history, choice, last_extra, tables)
        found = writer.write(history, choice)
        assert (None if found is None else (found.offset, found.first, found.data)) == expected


@pytest.mark.clause("ENC-write-size", "ENC-write-budget", "ENC-write-latents", "ENC-write-state")
@settings(max_examples=80)
@given(st.lists(st.tuples(histories, choices), min_size=1, max_size=2), tables_of, st.sampled_from(RULES))
def test_what_is_written_decodes_to_what_was_quantised(
    packets: list[tuple[FakeHistory, Choice]], tables: QuantiserTables, rule: str
) -> None:
    writer = RedundancyWriter(tables, rule)
    for history, choice in packets:
        found = writer.write(history, choice)
        if found is None:
            continue
        payload = decoded(found, tables)
        assert len(found.data) <= choice.max_bytes
        assert 1 <= found.latents <= choice.max_latents
        assert (payload.q0, payload.dq, payload.qmax) == (choice.q0, choice.dq, choice.qmax)
        assert payload.offset == found.offset
        rows = history.latents[found.first :: 2][: found.latents]
        symbols = quantise(history.states[found.first], rows, choice.q0, choice.dq, choice.qmax, tables)
        assert payload.state == symbols.state == found.state_symbols
        assert symbols.latents == found.latent_symbols
        assert payload.latents == symbols.latents[: len(payload.latents)]  # a decoder may lose the last ones
        assert len(found.tells) == found.latents + 1
        assert len(found.data) == (found.tells[-1] + 7) // 8
        assert payload.tell == found.tells[len(payload.latents)]


@pytest.mark.clause("ENC-kept-last", "DRED-last-latent", "DRED-stop")
@settings(max_examples=80)
@given(histories, choices, tables_of)
def test_kept_hides_no_latent_and_gives_up_as_few_as_possible(
    history: FakeHistory, choice: Choice, tables: QuantiserTables
) -> None:
    """The sizes of all numbers of latents come from the payload writer, and what is read from the decoder."""
    found = RedundancyWriter(tables, "kept").write(history, choice)
    if len(history.latents) > 52:
        return  # deployed looks back on fewer steps, so it is no measure there
    wanted = RedundancyWriter(tables, "deployed").write(history, choice)
    if found is not None:
        assert len(decoded(found, tables).latents) == found.latents
        assert wanted is not None
        assert (found.offset, found.first) == (wanted.offset, wanted.first)
    if wanted is None:
        return
    header = Header(choice.q0, choice.dq, choice.qmax, wanted.offset)
    rows = history.latents[wanted.first :: 2][: choice.max_latents + 4]
    symbols = quantise(history.states[wanted.first], rows, choice.q0, choice.dq, choice.qmax, tables)
    readable = []
    for count in range(1, len(rows) + 1):
        trial = encode_payload(
            header, symbols.state, symbols.latents[:count], WIRE, tables, max_bytes=choice.max_bytes
        )
        read = len(decode_payload(trial.payload, WIRE, tables).latents)
        if trial.latent_count == count == read:
            readable.append(count)
    best = next((count for count in readable if wanted.latents <= count <= wanted.latents + 4), None)
    if best is None:
        best = without_silence(history, wanted.first, wanted.latents - 1)
        while best and best not in readable:
            best = without_silence(history, wanted.first, best - 1)
    assert (found.latents if found else 0) == best


def without_silence(history: FakeHistory, first: int, count: int) -> int:
    """Drop latents until the last one, or the one before it, has an active moment."""

    def voice(latent: int) -> bool:
        start = 8 * (first + 2 * latent)
        return 1 in history.activity[start : start + 16].tolist()

    while count and not voice(count - 1) and not (count > 1 and voice(count - 2)):
        count -= 1
    return count


@pytest.mark.clause("ENC-kept-last", "DRED-stop", "DRED-last-latent")
def test_kept_takes_each_of_its_ways_out_and_knows_the_last_bit_of_the_stop_rule() -> None:
    """Cheap latents, many of them: some packets stay, some grow, some shrink; 7 bits are too few."""
    ways, left_before_last = set(), set()
    for seed in range(150):
        units = 16 * (seed % 20 + 1)
        history = fake_history(52, [0, units], seed=seed)
        choice = Choice(13, 3, 15, 26 if seed % 3 else (units + 15) // 32 + 1, 400)
        deployed = RedundancyWriter(TABLES).write(history, choice)
        kept = RedundancyWriter(TABLES, "kept").write(history, choice)
        assert deployed
        assert kept
        assert len(decoded(kept).latents) == kept.latents
        ways.add(int(np.sign(kept.latents - deployed.latents)))
        left_before_last.add(8 * len(deployed.data) - deployed.tells[-2])
        is_read = len(decoded(deployed).latents) == deployed.latents
        assert (kept.latents == deployed.latents) == is_read
    assert ways == {-1, 0, 1}
    assert {7, 8} <= left_before_last


def speech_around_silence(make_history: Make, rule: str) -> list[Redundancy | None]:
    """Thirty active frames of 20 ms, fifteen of digital silence, five active ones."""
    history, _ = make_history(48000)
    writer = RedundancyWriter(TABLES, rule)
    generator = np.random.default_rng(5)
    written = []
    for index in range(50):
        active = not 30 <= index < 45
        history.add(generator.normal(0, 0.1, 960) if active else np.zeros(960), active)
        written.append(writer.write(history, ALL))
    return written


def offsets(written: list[Redundancy | None]) -> list[int | None]:
    return [None if redundancy is None else redundancy.offset for redundancy in written]


@pytest.mark.clause("ENC-write-skip", "ENC-write-offset", "ENC-write-delayed", "DRED-silence")
def test_deployed_offsets_around_300_ms_of_silence(make_history: Make) -> None:
    """Facts 6.5: confirmed with a real encoder."""
    written = speech_around_silence(make_history, "deployed")
    assert offsets(written)[28:] == [10, 10, 10, *range(2, -103, -8), 2, 10, 10, 10, 10]
    last, first = written[44], written[45]
    assert last
    assert first
    assert (first.state_symbols, first.latent_symbols) == (last.state_symbols, last.latent_symbols)
    assert first.first == last.first + 1  # one step on, the same latents lie one step further back


@pytest.mark.clause("ENC-corrected-offset")
def test_corrected_signals_the_true_offset_of_the_same_latents(make_history: Make) -> None:
    deployed = speech_around_silence(make_history, "deployed")
    corrected = speech_around_silence(make_history, "corrected")
    assert offsets(corrected)[28:] == [10, 10, 10, *range(2, -111, -8), 10, 10, 10, 10]
    assert [index for index in range(50) if offsets(corrected)[index] != offsets(deployed)[index]] == [45]
    for ours, theirs in zip(corrected, deployed, strict=True):
        assert ours
        assert theirs
        assert (ours.state_symbols, ours.latent_symbols) == (theirs.state_symbols, theirs.latent_symbols)


@pytest.mark.clause("ENC-kept-onset")
def test_kept_sends_the_newest_latent_at_once_after_silence(make_history: Make) -> None:
    written = speech_around_silence(make_history, "kept")
    assert offsets(written)[28:] == [10, 10, 10, *range(2, -103, -8), 10, 10, 10, 10, 10]
    assert written[45]
    assert written[45].first == 0


@pytest.mark.clause("ENC-kept-history", "ENC-history")
def test_deployed_looks_back_on_52_steps_and_kept_on_104() -> None:
    """Behind 0.8 s of silence step 39 is the newest to send; up to step 51 is active, one more is kept."""
    history = fake_history(104, [8 * 40, 416])
    deployed = RedundancyWriter(TABLES).write(history, ALL)
    kept = RedundancyWriter(TABLES, "kept").write(history, ALL)
    assert deployed
    assert kept
    assert deployed.first == kept.first == 39
    assert deployed.offset == kept.offset == 10 - 8 * 39
    assert deployed.latents == 7  # steps 39, 41, .. 51
    assert kept.latents >= 8
    assert kept.latent_symbols[:7] == deployed.latent_symbols


@pytest.mark.clause("ENC-write-trim")
@pytest.mark.parametrize(
    ("speech_units", "latents"), [(1, 2), (16, 2), (17, 3), (32, 3), (33, 4), (160, 11), (416, 26)]
)
def test_one_silent_latent_behind_the_last_active_one_is_kept(speech_units: int, latents: int) -> None:
    found = RedundancyWriter(TABLES).write(fake_history(52, [0, speech_units]), ALL)
    assert found
    assert found.latents == latents


@pytest.mark.clause("ENC-write-none")
def test_nothing_is_sent_of_silence_or_of_a_lone_latent_behind_it() -> None:
    for rule in RULES:
        writer = RedundancyWriter(TABLES, rule)
        assert writer.write(fake_history(52, []), ALL) is None
        assert writer.write(fake_history(0, [0, 416]), ALL) is None
        assert writer.write(fake_history(3, [0, 416], latent_offset=5), ALL) is None
    skipped_one = fake_history(3, [16, 20])
    alone = Choice(4, 3, 15, 1, 1000)
    assert RedundancyWriter(TABLES).write(skipped_one, alone) is None
    not_skipped = RedundancyWriter(TABLES).write(fake_history(3, [0, 20]), alone)
    assert not_skipped
    assert not_skipped.latents == 1


@pytest.mark.clause("ENC-write-skip", "ENC-write-delayed")
def test_the_search_for_speech_ends_at_the_oldest_step_and_counts_those_before_it() -> None:
    writer = RedundancyWriter(TABLES)
    assert writer.write(fake_history(5, []), ALL) is None  # skips 4 steps, not 5
    found = writer.write(fake_history(5, [0, 416]), ALL)
    assert found
    assert (found.first, found.latents, found.offset) == (4, 1, 10)


@pytest.mark.clause("ENC-activity-voice", "ENC-write-delayed")
def test_undecided_frames_are_not_active_but_end_a_silence() -> None:
    writer = RedundancyWriter(TABLES)
    silent = fake_history(52, [80, 300])
    assert writer.write(silent, ALL)
    undecided = fake_history(52, [88, 300])
    undecided.activity[:8] = 255
    found = writer.write(undecided, ALL)
    assert found
    assert (found.first, found.offset) == (
        10,
        10 - 8,
    )  # from step 9 on, which is not active, and counted from 0


@pytest.mark.parametrize(
    "choice",
    [
        Choice(16, 3, 15, 26, 100), Choice(4, 8, 15, 26, 100), Choice(4, 3, 4, 26, 100),
        Choice(4, 0, 9, 26, 100), Choice(4, 3, 15, -1, 100), Choice(4, 3, 15, 1025, 100),
        Choice(4, 3, 15, 26, -1), Choice(4, 3, 15, 26, (1 << 20) + 1),
    ],
)  # fmt: skip
@pytest.mark.parametrize("rule", RULES)
def test_a_choice_out_of_its_range_is_refused(choice: Choice, rule: str) -> None:
    with pytest.raises(WriteError) as caught:
        RedundancyWriter(TABLES, rule).write(fake_history(52, [0, 416]), choice)
    assert (caught.value.rule, caught.value.stage) == ("W1", "payload")


def test_a_value_that_cannot_be_coded_is_refused() -> None:
    history = fake_history(52, [0, 416])
    history.latents[4, 2] = np.nan
    with pytest.raises(WriteError) as caught:
        RedundancyWriter(TABLES).write(history, ALL)
    assert caught.value.rule == "W1"


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="deployed, corrected, kept"):
        RedundancyWriter(TABLES, "best")
