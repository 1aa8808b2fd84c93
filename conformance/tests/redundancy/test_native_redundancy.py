"""The writing rule of the core: which latents go into a payload, and what its bytes decode to."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import dred_native
from dred_native import DredError, Model

DRAFT = "draft-32"  # no prefix: the payload is what the range coder wrote
UNITS = 416
RULES = ("deployed", "corrected", "kept")
NEVER = -(1 << 20)  # bits left at which no decoder stops


def make_model(seed: int, latent_dim: int = 4, state_dim: int = 3, least_p0: int = 1) -> Model:
    """Make random tables in which every value has a code, some entries stop a dimension from being coded."""
    generator = np.random.default_rng(seed)

    def table(index: int, dimension: int) -> NDArray[np.uint8]:
        values = generator.integers((1, 0, 1, least_p0)[index], 255, (16, dimension))
        stops = (0, 0, 0, 255)[index]
        return np.where(generator.random(values.shape) < 0.1, stops, values).astype(np.uint8)

    tables = [table(index, dimension) for dimension in (latent_dim, state_dim) for index in range(4)]
    return Model(f"random-{seed}", latent_dim, state_dim, *tables)


MODELS = [make_model(seed, *dims) for seed, dims in enumerate([(4, 3), (1, 1), (9, 2), (2, 8)])]


@dataclass(frozen=True)
class Case:
    """All arguments of one call."""

    model: Model
    latents: NDArray[np.float32]
    states: NDArray[np.float32]
    activity: NDArray[np.uint8]
    dred_offset: int = 10
    latent_offset: int = 0
    last_extra: int = 0
    max_latents: int = 26
    max_bytes: int = 1000
    q0: int = 6
    dq: int = 5
    qmax: int = 15

    def write(self, rule: str = "deployed", **changes: Any) -> Any:
        arguments = vars(self) | changes
        history = [arguments.pop(name) for name in ("model", "latents", "states", "activity")]
        return dred_native.write_redundancy(*history, **arguments, rule=rule)

    def payload(self, first: int, count: int, offset: int) -> bytes:
        """Return what the writer of symbols makes of latents first, first + 2, ..., whatever they need."""
        levels = (self.model, self.q0, self.dq, self.qmax)
        rows = self.latents[first : first + 2 * count : 2]
        symbols = dred_native.quantise(*levels, self.states[first], rows)
        header = (self.q0, self.dq, self.qmax, offset)
        written = dred_native.encode_payload(*header, symbols["state"], symbols["latents"], DRAFT, self.model)
        return written["payload"]

    def read(self, payload: bytes, **options: Any) -> Any:
        return dred_native.decode_payload(payload, DRAFT, self.model, **options)


def make_case(seed: int, count: int = 104, spread: float = 3.0, **changes: Any) -> Case:
    generator = np.random.default_rng(seed)
    model = changes.pop("model", MODELS[0])
    latents = generator.normal(0, spread, (count, model.latent_dim)).astype(np.float32)
    states = generator.normal(0, spread, (count, model.state_dim)).astype(np.float32)
    activity = changes.pop("activity", np.ones(UNITS, np.uint8))
    return Case(model, latents, states, activity, **changes)


def expected_choice(case: Case, rule: str) -> tuple[int, int, int, int]:
    """Choose latents as the definition says: ``(count, first, offset, last_extra)``, 0 latents for none."""

    def active(step: int) -> bool:
        return any(case.activity[unit] == 1 for unit in range(8 * step, min(8 * step + 16, UNITS)))

    fill = min(len(case.latents), 104 if rule == "kept" else 52)
    first, delayed = case.latent_offset, False
    if rule != "kept" and case.activity[0] != 0 and case.last_extra > 0:
        first, delayed = case.last_extra, True
    extra = 0
    while first < fill - 1 and not active(first):
        first, extra = first + 1, extra + 1
    last_extra = 0 if delayed else extra
    skipped = extra if rule == "deployed" else first - case.latent_offset
    offset = case.dred_offset - 8 * skipped
    nothing = (0, 0, 0, last_extra)
    if first >= fill or not 0 <= 16 - offset <= 8191:
        return nothing

    def fits(count: int) -> bool:
        return first + 2 * (count - 1) < fill and len(case.payload(first, count, offset)) <= case.max_bytes

    if not fits(0):
        return nothing
    chosen, previous = 0, False
    for index in range(case.max_latents):
        if not fits(index + 1):
            break
        now = active(first + 2 * index)
        if now or previous:
            chosen = index + 1
        previous = now
    if chosen == 0 or (chosen == 1 and extra > 0):
        return nothing
    if rule == "kept":
        further = [chosen + more for more in range(5) if all(fits(chosen + n) for n in range(1, more + 1))]
        # With a dropped latent goes the silence behind it.
        shorter = [
            n
            for n in range(chosen - 1, 0, -1)
            if any(active(first + 2 * i) for i in (n - 1, n - 2) if i >= 0)
        ]
        read = [n for n in further + shorter if is_last_read(case, first, n, offset)]
        chosen = read[0] if read else 0
    return (chosen, first, offset, last_extra) if chosen else nothing


def is_last_read(case: Case, first: int, count: int, offset: int) -> bool:
    """Whether a decoder finds that many latents."""
    return len(case.read(case.payload(first, count, offset))["latents"]) == count


# Runs of activity, newest first.
activities = st.lists(
    st.tuples(st.integers(1, 120), st.sampled_from([0, 1, 1, 255, 2])), min_size=1, max_size=12
).map(lambda runs: np.resize(np.repeat(*np.array(runs, np.int64).T[::-1]), UNITS).astype(np.uint8))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    q0, dq = draw(st.integers(0, 15)), draw(st.integers(0, 7))
    qmax = draw(st.integers(q0 + 1, 15)) if q0 < 14 and dq > 0 else 15
    return make_case(
        draw(st.integers(0, 1 << 30)),
        draw(st.integers(0, 104)),
        draw(st.sampled_from([0.3, 2.0, 30.0])),
        model=draw(st.sampled_from(MODELS)),
        activity=draw(activities),
        dred_offset=draw(st.integers(-8300, 20) | st.integers(-4, 12)),
        latent_offset=draw(st.integers(0, 4) | st.integers(0, 110)),
        last_extra=draw(st.just(0) | st.integers(0, 110)),
        max_latents=draw(st.integers(0, 60)),
        max_bytes=draw(st.integers(0, 60) | st.just(2000)),
        q0=q0,
        dq=dq,
        qmax=qmax,
    )


@pytest.mark.clause("ENC-write-skip", "ENC-write-offset", "ENC-write-delayed", "ENC-write-latents")
@pytest.mark.clause("ENC-write-budget", "ENC-write-trim", "ENC-write-none", "ENC-activity-voice")
@pytest.mark.clause("ENC-corrected-offset", "ENC-kept-onset", "ENC-kept-history", "ENC-history")
@pytest.mark.parametrize("rule", RULES)
@given(case=cases())
def test_the_choice_is_that_of_the_definition(rule: str, case: Case) -> None:
    written = case.write(rule)
    got = tuple(written[name] for name in ("latents", "first", "offset", "last_extra"))
    assert got == expected_choice(case, rule)


@pytest.mark.clause(
    "ENC-write-size", "ENC-write-state", "DRED-write-header", "DRED-write-state", "DRED-quantise"
)
@pytest.mark.clause("DRED-write-latents", "DRED-write-budget", "DRED-write-qmax", "DRED-schedule")
@pytest.mark.parametrize("rule", RULES)
@given(case=cases())
def test_a_payload_decodes_to_the_quantised_values(rule: str, case: Case) -> None:
    written = case.write(rule)
    data, count, first = written["data"], written["latents"], written["first"]
    assert (len(data) > 0) == (count > 0)
    assert len(data) <= case.max_bytes
    if count == 0:
        assert (first, written["offset"]) == (0, 0)
        return
    read = case.read(data, max_latents=count, stop_bits=NEVER)
    assert [read[name] for name in ("q0", "dq", "qmax", "offset")] == [
        *(case.q0, case.dq, case.qmax, written["offset"])
    ]
    rows = case.latents[first : first + 2 * count : 2]
    symbols = dred_native.quantise(case.model, case.q0, case.dq, case.qmax, case.states[first], rows)
    assert (read["state"], read["latents"]) == (symbols["state"], symbols["latents"])
    assert data == case.payload(first, count, written["offset"])


@pytest.mark.clause("ENC-kept-last", "DRED-last-latent")
@given(case=cases())
def test_no_decoder_loses_the_last_latent_that_is_kept(case: Case) -> None:
    written = case.write("kept")
    if written["latents"]:
        assert len(case.read(written["data"])["latents"]) == written["latents"]


@pytest.mark.clause("ENC-kept-last", "DRED-last-latent")
def test_the_last_latent_is_lost_where_it_is_not_kept() -> None:
    lost = dict.fromkeys(RULES, 0)
    beyond, dropped = 0, 0
    for seed in range(300):
        budget = 20 if seed % 3 else 300
        case = make_case(seed, 60, model=MODELS[1], max_latents=2 + seed % 12, max_bytes=budget)
        for rule in RULES:
            written = case.write(rule)
            lost[rule] += len(case.read(written["data"])["latents"]) < written["latents"]
        beyond += written["latents"] > case.write("corrected")["latents"]
        dropped += written["latents"] < case.write("corrected")["latents"]
    assert lost["deployed"] == lost["corrected"] > 100
    assert lost["kept"] == 0
    assert beyond > 100
    assert dropped > 20


def silence_then_speech(rule: str, model: Model, silent: int = 15) -> list[Any]:
    """Write a payload per 20 ms: speech, silent packets, speech again."""
    generator = np.random.default_rng(5)
    latents = np.zeros((104, model.latent_dim), np.float32)
    states = np.zeros((104, model.state_dim), np.float32)
    activity = np.zeros(UNITS, np.uint8)
    last_extra, found = 0, []
    for packet in range(60 + silent + 4):
        latents = np.roll(latents, 1, axis=0)
        states = np.roll(states, 1, axis=0)
        latents[0], states[0] = (
            generator.normal(0, 9, rows.shape[1]).astype(np.float32) for rows in (latents, states)
        )
        activity = np.concatenate([np.full(8, not 60 <= packet < 60 + silent, np.uint8), activity[:-8]])
        written = Case(model, latents, states, activity, last_extra=last_extra, max_latents=5).write(rule)
        last_extra = written["last_extra"]
        found.append(written)
    return found[59:]


@pytest.mark.clause("ENC-write-skip", "ENC-write-offset", "ENC-write-delayed")
def test_offsets_around_300_ms_of_silence() -> None:
    # Facts 6.5: 10, 2, -6, ... -102 during silence, then +2 with the very latents of -102, then 10 again.
    found = silence_then_speech("deployed", MODELS[0])
    offsets = [written["offset"] for written in found]
    assert offsets == [10, *range(10, -103, -8), 2, 10, 10, 10]
    last, first_after = (MODELS[0], found[15]["data"]), (MODELS[0], found[16]["data"])
    symbols = [
        dred_native.decode_payload(data, DRAFT, model, max_latents=5, stop_bits=NEVER)
        for model, data in (last, first_after)
    ]
    assert [read["offset"] for read in symbols] == [-102, 2]
    assert symbols[0]["state"] == symbols[1]["state"]
    assert symbols[0]["latents"] == symbols[1]["latents"]


@pytest.mark.clause("ENC-corrected-offset", "ENC-kept-onset", "ENC-write-delayed")
def test_offsets_around_silence_by_the_other_rules() -> None:
    deployed, corrected, kept = (silence_then_speech(rule, MODELS[0]) for rule in RULES)
    assert [written["offset"] for written in corrected] == [10, *range(10, -103, -8), -110, 10, 10, 10]
    assert [written["offset"] for written in kept] == [10, *range(10, -103, -8), 10, 10, 10, 10]
    for ours, theirs in zip(corrected, deployed, strict=True):
        assert (ours["latents"], ours["first"]) == (theirs["latents"], theirs["first"])


@pytest.mark.clause("ENC-corrected-offset")
def test_a_true_offset_that_has_no_code_is_not_sent() -> None:
    # Newest usable step 2, but the delayed branch goes back to step 1: 8 units newer than 10.
    case = make_case(1, latent_offset=2, last_extra=1)
    assert case.write("deployed")["offset"] == 10
    assert case.write("corrected") == {"data": b"", "latents": 0, "offset": 0, "first": 0, "last_extra": 0}
    assert case.write("kept")["offset"] == 10


@pytest.mark.clause("DRED-write-header")
@pytest.mark.parametrize(("offset", "is_sent"), [(17, False), (16, True), (-8175, True), (-8176, False)])
@pytest.mark.parametrize("rule", RULES)
def test_offsets_that_the_header_holds(rule: str, offset: int, is_sent: bool) -> None:
    written = make_case(2, dred_offset=offset).write(rule)
    assert (written["latents"] > 0) == is_sent
    assert written["offset"] == (offset if is_sent else 0)


def test_huge_values_end_at_the_budget() -> None:
    case = make_case(1, 104, spread=1e5, max_bytes=40)
    assert case.write()["data"] == b""
    assert case.write(max_bytes=1 << 70)["latents"] == 26


def wrong(name: str, value: Any) -> Any:
    return pytest.param({name: value}, id=name if not isinstance(value, int) else f"{name}={value}")


NAN, LARGE = (np.full((104, 4), value, np.float32) for value in (np.nan, 2e6))
LATE_NAN = np.zeros((104, 3), np.float32)
LATE_NAN[103, 2] = np.nan


@pytest.mark.clause("DRED-write-qmax", "DRED-quantise")
@pytest.mark.parametrize(
    "changes",
    [
        wrong("latents", np.zeros((104, 5), np.float32)),
        wrong("latents", np.zeros((103, 4), np.float32)),
        wrong("latents", np.zeros((0, 4), np.float32)),
        wrong("latents", NAN),
        wrong("latents", LARGE),
        wrong("states", np.zeros((104, 4), np.float32)),
        wrong("states", LATE_NAN),
        wrong("activity", bytes(415)),
        wrong("activity", bytes(417)),
        wrong("latent_offset", -1),
        wrong("last_extra", -(1 << 70)),
        wrong("max_latents", -1),
        wrong("max_bytes", -1),
        wrong("q0", 16),
        wrong("q0", -1),
        wrong("dq", 8),
        wrong("qmax", 6),
        wrong("qmax", 16),
    ],
)
def test_arguments_out_of_range_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(DredError, match=r"^W1: ") as caught:
        make_case(1).write(**changes)
    assert caught.value.stage == "payload"
    assert caught.value.position is None


def test_more_than_the_longest_history_is_refused() -> None:
    with pytest.raises(DredError, match="more than 104"):
        make_case(1, 105).write()
    with pytest.raises(DredError, match="no rule"):
        make_case(1).write("strict")
    for array in (NAN, LARGE, np.zeros((3, 5), np.float32)):
        with pytest.raises(DredError, match=r"^W1"):
            dred_native.latent_costs(MODELS[0], array)


def test_a_value_without_code_is_refused() -> None:
    tables = [np.full((16, 1), value, np.uint8) for value in (255, 0, 100, 0)]
    model = Model("never 0", 1, 1, *tables, *tables)
    rows = np.ones((104, 1), np.float32)
    assert Case(model, rows, rows, np.ones(UNITS, np.uint8)).write()["latents"] == 26
    with pytest.raises(DredError, match="W1: a value that the model cannot code"):
        Case(model, 0 * rows, rows, np.ones(UNITS, np.uint8)).write()


@pytest.mark.parametrize(
    "changes",
    [
        {"latents": np.zeros((104, 4))},
        {"latents": np.zeros(416, np.float32)},
        {"states": [[0.0] * 3] * 104},
        {"activity": np.zeros(UNITS, np.int16)},
        {"activity": "a" * UNITS},
        {"dred_offset": 1.0},
        {"q0": "6"},
        {"rule": 3},
    ],
)
def test_wrong_types_are_type_errors(changes: dict[str, Any]) -> None:
    case = make_case(1)
    with pytest.raises(TypeError):
        case.write(**changes)


@pytest.mark.parametrize("far", [1 << 40, 1 << 63, 1 << 200])
def test_far_places_have_nothing_to_send(far: int) -> None:
    case = make_case(1)
    for changes in ({"latent_offset": far}, {"dred_offset": far}, {"dred_offset": -far}):
        assert case.write("corrected", **changes)["data"] == b""
    assert case.write(last_extra=far)["data"] == b""
    assert case.write("kept", last_extra=far)["latents"] > 0
    assert case.write(max_latents=far)["latents"] == 26
    assert case.write("kept", max_latents=far)["latents"] > 26
