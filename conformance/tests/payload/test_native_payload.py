"""Native payloads: headers, schedule, symbols of hand-made models, budgets, damaged payloads."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import dred_native
from dred_native import DredError, Model

EXPERIMENTAL = "experimental-12"
DRAFT = "draft-32"


def make_model(latent_dim: int, state_dim: int, entries: Any) -> Model:
    """Make a model of eight tables; ``entries(table, shape)`` gives the table's 16 rows."""
    shapes = [(16, latent_dim)] * 4 + [(16, state_dim)] * 4
    tables = [np.array(entries(index % 4, shape), dtype=np.uint8) for index, shape in enumerate(shapes)]
    return Model("made", latent_dim, state_dim, *tables)


def full(scale: int, dead_zone: int, r: int, p0: int) -> Any:
    return lambda table, shape: np.full(shape, (scale, dead_zone, r, p0)[table])


def random_entries(seed: int) -> Any:
    generator = np.random.default_rng(seed)

    def table(index: int, shape: tuple[int, int]) -> NDArray[Any]:
        values = generator.integers(1, 256, shape)
        stops_coding = (0, 0, 0, 255)[index]
        return np.where(generator.random(shape) < 0.1, stops_coding, values)

    return table


SILENT = make_model(3, 2, full(128, 0, 0, 255))  # no dimension has symbols
EVEN = make_model(2, 3, full(128, 0, 100, 128))


def decode(payload: bytes, model: Model = EVEN, wire: str = DRAFT, **more: Any) -> Any:
    return dred_native.decode_payload(payload, wire, model, **more)


def encode(model: Model, header: Any, state: Any, latents: Any, **more: Any) -> Any:
    return dred_native.encode_payload(*header, state, latents, DRAFT, model, **more)


# q0, dQ, 16 - offset, qmax, tell, bytes: Appendix A3 of the facts.
HEADERS = [
    (6, 5, 6, 15, 15, "6a30"),
    (6, 5, 118, 15, 23, "6b03b0"),
    (4, 3, 6, 9, 19, "4635c0"),
    (9, 0, 14, 15, 14, "9070"),
    (15, 7, 300, 15, 22, "ff0960"),
    (13, 1, 31, 14, 15, "d2fc"),
]


@pytest.mark.clause(
    "DRED-header-q0",
    "DRED-header-dq",
    "DRED-offset-extra",
    "DRED-offset-low",
    "DRED-offset-sign",
    "DRED-qmax",
)
@pytest.mark.parametrize(("q0", "dq", "total_offset", "qmax", "tell", "data"), HEADERS)
def test_known_headers_read(q0: int, dq: int, total_offset: int, qmax: int, tell: int, data: str) -> None:
    decoded = decode(bytes.fromhex(data), SILENT)
    header = (decoded["q0"], decoded["dq"], 16 - decoded["offset"], decoded["qmax"], decoded["tell"])
    assert header == (q0, dq, total_offset, qmax, tell)


@pytest.mark.clause("DRED-write-header", "DRED-write-qmax")
@pytest.mark.parametrize(("q0", "dq", "total_offset", "qmax", "tell", "data"), HEADERS)
def test_known_headers_written(q0: int, dq: int, total_offset: int, qmax: int, tell: int, data: str) -> None:
    written = encode(SILENT, (q0, dq, qmax, 16 - total_offset), [0, 0], [])
    assert (written["payload"].hex(), written["latent_count"]) == (data, 0)
    assert 8 * (len(written["payload"]) - 1) < tell <= 8 * len(written["payload"])


@pytest.mark.clause("DRED-write-header", "DRED-write-qmax", "DRED-qmax")
@pytest.mark.parametrize("dq", range(8))
@pytest.mark.parametrize("q0", range(16))
def test_every_level_header_is_read_again(q0: int, dq: int) -> None:
    choices = range(q0 + 1, 16) if q0 < 14 and dq > 0 else [15]
    for qmax in range(-1, 17):
        for offset in (16, 0, -15, -16, -8175):
            if qmax in choices:
                written = encode(SILENT, (q0, dq, qmax, offset), [0, 0], [])
                decoded = decode(written["payload"], SILENT)
                assert [decoded[name] for name in ("q0", "dq", "qmax", "offset")] == [q0, dq, qmax, offset]
            else:
                with pytest.raises(DredError, match=r"^W1"):
                    encode(SILENT, (q0, dq, qmax, offset), [0, 0], [])


@pytest.mark.clause("DRED-schedule")
@pytest.mark.parametrize(
    ("q0", "dq", "qmax", "levels"),
    [
        (6, 5, 15, [6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15]),
        (4, 3, 15, [4, 4, 5, 5, 5, 5, 6, 6, 6, 6, 7, 7, 7, 7, 8, 8, 8, 8, 9, 9, 9, 9, 10, 10, 10, 10]),
        (9, 5, 12, [9, 10, 10, 11, 11, 12, 12, 12]),
        (0, 1, 15, [0] * 4 + [1] * 8 + [2] * 8 + [3] * 6),
        (5, 0, 15, [5] * 30),
        (0, 7, 9, [*range(10), 9, 9]),
    ],
)
def test_levels_of_the_schedule(q0: int, dq: int, qmax: int, levels: list[int]) -> None:
    payload = encode(SILENT, (q0, dq, qmax, 0), [0, 0], [])["payload"]
    decoded = decode(payload, SILENT, max_latents=len(levels), stop_bits=-99)
    assert decoded["levels"] == levels


@pytest.mark.clause("DRED-decode-all", "DRED-symbol-skip")
def test_latents_without_symbols_end_at_1024() -> None:
    decoded = decode(bytes(9), SILENT)
    assert decoded["latents"] == [[0, 0, 0]] * 1024
    assert decode(bytes(9), SILENT, max_latents=5000)["latents"] == decoded["latents"]


@pytest.mark.clause("DRED-version", "DRED-always-decodes")
@pytest.mark.parametrize(
    ("wire", "payload", "rule", "position", "word"),
    [
        (EXPERIMENTAL, b"", "D1", 0, ""),
        (EXPERIMENTAL, b"D\x0c", "D1", 2, ""),
        (EXPERIMENTAL, b"ab", "D1", 2, ""),
        (EXPERIMENTAL, b"D\x0aabc", "D2", 0, "experimental-10 (libopus 1.5)"),
        (EXPERIMENTAL, b"D\x0dabc", "D2", 0, "experimental-13"),
        (EXPERIMENTAL, b"E\x0cabc", "D2", 0, "prefix"),
        ("experimental-10", b"D\x0aabc", "D2", 0, "experimental-10 (libopus 1.5)"),
        (DRAFT, b"", "D1", 0, ""),
    ],
)
def test_payloads_that_are_not_of_the_profile(
    wire: str, payload: bytes, rule: str, position: int, word: str
) -> None:
    with pytest.raises(DredError) as caught:
        decode(payload, wire=wire)
    assert (caught.value.rule, caught.value.stage, caught.value.position) == (rule, "payload", position)
    assert word in caught.value.message


@pytest.mark.clause("DRED-frame-offset", "DRED-version")
def test_the_prefix_is_cut_off_and_the_frame_offset_added() -> None:
    assert decode(b"D\x0cabcdef", wire=EXPERIMENTAL) == decode(b"abcdef")
    assert decode(b"abcdef", frame_offset=8)["offset"] == decode(b"abcdef")["offset"] + 8


@pytest.mark.clause("DRED-always-decodes", "DRED-stop")
@given(st.binary(min_size=1, max_size=200), st.integers(0, 5))
def test_damaged_payloads_decode_and_are_written_again(data: bytes, seed: int) -> None:
    model = make_model(7, 11, random_entries(seed))
    decoded = decode(data, model)
    header = [decoded[name] for name in ("q0", "dq", "qmax", "offset")]
    written = encode(model, header, decoded["state"], decoded["latents"])
    assert written["latent_count"] == len(decoded["latents"])
    again = decode(written["payload"], model, max_latents=len(decoded["latents"]), stop_bits=-(2**20))
    for name in ("q0", "dq", "qmax", "offset", "state", "latents", "levels"):
        assert again[name] == decoded[name]
    # A reader takes an extra offset of 0, which costs eight bits; a writer leaves it out.
    assert again["tell"] in {decoded["tell"], decoded["tell"] - 8}


@st.composite
def symbols(draw: st.DrawFn, model: Model) -> tuple[list[int], list[int], list[list[int]]]:
    q0 = draw(st.integers(0, 15))
    dq = draw(st.integers(0, 7))
    qmax = draw(st.integers(q0 + 1, 15)) if q0 < 14 and dq > 0 else 15
    values = st.integers(-3, 3) | st.integers(-300, 300)
    state = draw(st.lists(values, min_size=model.state_dim, max_size=model.state_dim))
    latent = st.lists(values, min_size=model.latent_dim, max_size=model.latent_dim)
    return [q0, dq, qmax, draw(st.integers(-8175, 16))], state, draw(st.lists(latent, max_size=12))


@pytest.mark.clause("DRED-write-state", "DRED-write-latents", "DRED-write-last", "DRED-last-latent")
@given(symbols(EVEN))
def test_symbols_are_read_as_written(drawn: Any) -> None:
    header, state, latents = drawn
    written = encode(EVEN, header, state, latents)
    decoded = decode(written["payload"])
    assert written["latent_count"] == len(latents)
    assert (decoded["state"], decoded["latents"]) == (state, latents[: len(decoded["latents"])])
    kept = encode(EVEN, header, state, latents, keep_last=True)
    found = decode(kept["payload"])["latents"]
    assert found[: len(latents)] == latents
    is_lost = len(decoded["latents"]) < len(latents)
    assert len(kept["payload"]) == len(written["payload"]) + is_lost
    assert len(found) == len(latents) or is_lost


@pytest.mark.clause("DRED-write-budget", "DRED-write-last")
@given(symbols(EVEN), st.integers(0, 40))
def test_a_budget_drops_latents_from_the_end(drawn: Any, max_bytes: int) -> None:
    header, state, latents = drawn
    sizes = [
        len(encode(EVEN, header, state, latents[:count])["payload"]) for count in range(len(latents) + 1)
    ]
    if sizes[0] > max_bytes:
        with pytest.raises(DredError, match=r"^W2"):
            encode(EVEN, header, state, latents, max_bytes=max_bytes)
        return
    written = encode(EVEN, header, state, latents, max_bytes=max_bytes)
    fitting = max(count for count, size in enumerate(sizes) if size <= max_bytes)
    assert written == {**encode(EVEN, header, state, latents[:fitting]), "latent_count": fitting}
    kept = encode(EVEN, header, state, latents, max_bytes=max_bytes, keep_last=True)
    assert len(kept["payload"]) <= max_bytes
    found = decode(kept["payload"])["latents"]
    assert found[: kept["latent_count"]] == latents[: kept["latent_count"]]


@pytest.mark.clause("DRED-last-latent", "DRED-write-last", "DRED-stop")
def test_a_cheap_last_latent_is_lost_unless_it_is_kept() -> None:
    # A zero costs one bit here (p0 = 128 of 256), so the second latent costs two.
    header, state = (6, 3, 15, 10), [0, 0, 0]
    lost = [[1, 5], [0, 0]]
    written = encode(EVEN, header, state, lost)
    decoded = decode(written["payload"])
    assert (written["latent_count"], decoded["latents"]) == (2, lost[:1])
    assert decode(written["payload"], max_latents=2, stop_bits=0)["latents"] == lost
    kept = encode(EVEN, header, state, lost, keep_last=True)
    assert kept["payload"] == written["payload"] + b"\x00"
    assert decode(kept["payload"])["latents"][:2] == lost


@pytest.mark.clause("DRED-symbol-skip", "DRED-write-latents", "DRED-write-state")
@pytest.mark.parametrize(
    ("r", "p0", "value", "is_codable"),
    [
        (0, 10, 0, True),
        (0, 10, 1, False),
        (9, 255, 0, True),
        (9, 255, -1, False),
        (9, 254, 5, True),
        (9, 0, 0, False),
    ],
)
def test_values_that_a_dimension_can_carry(r: int, p0: int, value: int, is_codable: bool) -> None:
    model = make_model(1, 1, full(1, 0, r, p0))
    if is_codable:
        written = encode(model, (0, 0, 15, 0), [value], [[value]] * 3)
        assert decode(written["payload"], model, max_latents=3, stop_bits=-99)["latents"] == [[value]] * 3
        return
    for state, latents in (([value], []), ([value or 1 if p0 == 0 else 0], [[value]])):
        with pytest.raises(DredError, match=r"^W1"):
            encode(model, (0, 0, 15, 0), state, latents)


@pytest.mark.clause("DRED-write-header", "DRED-write-budget")
@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("q0", -1),
        ("q0", 16),
        ("dq", 8),
        ("dq", -1),
        ("offset", 17),
        ("offset", -8176),
        ("offset", 2**70),
        ("state", [0, 0]),
        ("state", [2**20 + 1, 0, 0]),
        ("state", [2**80, 0, 0]),
        ("latents", [[0]]),
        ("latents", [[0, 0]] * 1025),
        ("max_bytes", -1),
    ],
)
def test_arguments_that_cannot_be_written(change: str, value: Any) -> None:
    arguments = {"q0": 3, "dq": 1, "qmax": 15, "offset": 0, "state": [0, 0, 0], "latents": []} | {
        change: value
    }
    with pytest.raises(DredError) as caught:
        dred_native.encode_payload(**arguments, wire=DRAFT, model=EVEN)  # type: ignore[arg-type]
    assert (caught.value.rule, caught.value.stage) == ("W1", "payload")


@pytest.mark.parametrize("more", [{"max_latents": -1}, {"frame_offset": 2**31}, {"stop_bits": 2**40}])
def test_options_out_of_range(more: Any) -> None:
    with pytest.raises(DredError, match=r"^W1"):
        decode(b"abc", **more)
