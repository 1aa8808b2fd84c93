"""Native dequantisation and quantisation, each operation rounded to float32."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import dred_native
from dred_model import ModelBundle, save_model
from dred_native import DredError, Model

F = np.float32


def uniform_model(
    scale: int, dead_zone: int, r: int = 100, p0: int = 128, dims: tuple[int, int] = (2, 3)
) -> Model:
    tables = [
        np.full((16, dim), value, dtype=np.uint8) for dim in dims for value in (scale, dead_zone, r, p0)
    ]
    return Model("uniform", *dims, *tables)


def payload_of(model: Model, state: list[int], latents: list[list[int]], q0: int = 6) -> bytes:
    return dred_native.encode_payload(q0, 7, 15, 10, state, latents, "draft-32", model)["payload"]


def quantise_one(value: float, scale: int, dead_zone: int) -> int:
    state = np.array([value, 0, 0], dtype=F)
    symbols = dred_native.quantise(
        uniform_model(scale, dead_zone), 0, 0, 15, state, np.zeros((0, 2), dtype=F)
    )
    return symbols["state"][0]


def literal_quantise(value: np.float32, scale: int, dead_zone: int) -> int:
    """Facts 6.5 and 5.6 with NumPy scalars, which round every operation to float32."""
    delta = F(dead_zone) / F(256)
    x = value * F(scale) / F(256)
    t = x / (delta + F(0.1))
    square = t * t
    numerator = (F(0.60863042) * square + F(96.39235687)) * square + F(952.52801514)
    denominator = (F(11.88600922) * square + F(413.36801147)) * square + F(952.72399902)
    x -= delta * max(F(-1), min(F(1), numerator * t / denominator))
    return int(np.floor(F(0.5) + x))


@pytest.mark.clause("DRED-dequantise", "DRED-scale-zero")
@given(st.lists(st.integers(-(2**20), 2**20), min_size=3, max_size=3), st.integers(0, 255))
def test_values_are_symbols_over_the_scale(state: list[int], scale: int) -> None:
    model = uniform_model(scale, 0)
    values = dred_native.decode_latents(payload_of(model, state, []), "draft-32", model)["state"]
    assert values.dtype == F
    # The product is exact in float64 and the quotient of two float32 is rounded once.
    wanted = [F(symbol * 256) / F(scale or 1) for symbol in state]
    assert values.tobytes() == np.array(wanted, dtype=F).tobytes()


@pytest.mark.clause("DRED-level-input", "DRED-schedule", "DRED-dequantise")
def test_each_latent_has_its_values_and_its_level() -> None:
    model = uniform_model(64, 0)
    latents = [[1, -2], [0, 3], [5, -7]]
    decoded = dred_native.decode_latents(payload_of(model, [0, 1, -1], latents), "draft-32", model)
    assert decoded["latent_count"] == 3
    assert decoded["state"].tolist() == [0.0, 4.0, -4.0]
    assert decoded["latents"].tolist() == [[4.0, -8.0, -0.25], [0.0, 12.0, -0.125], [20.0, -28.0, 0.0]]
    assert not np.signbit(decoded["latents"][1][0])


@pytest.mark.clause("DRED-level-input")
@pytest.mark.parametrize(("q0", "wanted"), [(0, -1.0), (7, -0.125), (15, 0.875)])
def test_level_inputs(q0: int, wanted: float) -> None:
    model = uniform_model(64, 0)
    decoded = dred_native.decode_latents(payload_of(model, [0, 0, 0], [[9, 9]], q0), "draft-32", model)
    assert decoded["latents"][0, -1] == wanted


@pytest.mark.clause("DRED-quantise")
@pytest.mark.parametrize(
    ("value", "scale", "dead_zone", "symbol"),
    [
        (0.0, 200, 30, 0),
        (1.2, 128, 0, 1),  # 0.6
        (1.2, 128, 64, 0),
        (-1.2, 128, 64, 0),
        (5.0, 128, 64, 2),  # 2.5 less 0.25
        (1.0, 128, 0, 1),  # 0.5 rounds up
        (-1.0, 128, 0, 0),  # -0.5 rounds up too
        (-1.5, 128, 0, -1),
        (3.0, 0, 10, 0),
        (1000.0, 255, 255, 995),  # 996.09 less 0.996 by a saturated tanh
    ],
)
def test_quantised_values(value: float, scale: int, dead_zone: int, symbol: int) -> None:
    assert quantise_one(value, scale, dead_zone) == symbol


@pytest.mark.clause("DRED-quantise")
@given(
    st.floats(-(2**20), 2**20, width=32) | st.floats(-9, 9, width=32),
    st.integers(0, 255),
    st.integers(0, 255),
)
def test_quantisation_is_that_of_the_formula(value: float, scale: int, dead_zone: int) -> None:
    assert quantise_one(value, scale, dead_zone) == literal_quantise(F(value), scale, dead_zone)


@pytest.mark.clause("DRED-quantise", "DRED-symbol-skip")
@pytest.mark.parametrize(("r", "p0"), [(0, 10), (10, 255)])
def test_dimensions_without_symbols_quantise_to_0(r: int, p0: int) -> None:
    model = uniform_model(255, 0, r, p0)
    symbols = dred_native.quantise(model, 0, 0, 15, np.full(3, 9, dtype=F), np.full((2, 2), 9, dtype=F))
    assert symbols == {"state": [0, 0, 0], "latents": [[0, 0], [0, 0]]}


@pytest.mark.clause("DRED-quantise")
@pytest.mark.parametrize(
    ("levels", "state", "latents"),
    [
        ((16, 0, 15), [0, 0, 0], [[0, 0]]),
        ((0, 8, 15), [0, 0, 0], [[0, 0]]),
        ((3, 1, 3), [0, 0, 0], [[0, 0]]),
        ((3, 0, 14), [0, 0, 0], [[0, 0]]),
        ((0, 0, 15), [0, 0], [[0, 0]]),
        ((0, 0, 15), [0, 0, 0], [[0]]),
        ((0, 0, 15), [np.nan, 0, 0], [[0, 0]]),
        ((0, 0, 15), [0, 0, 0], [[0, np.inf]]),
        ((0, 0, 15), [0, 0, -(2**21)], [[0, 0]]),
        ((0, 0, 15), [0, 0, 0], [[0, 0]] * 1025),
    ],
)
def test_values_that_have_no_symbols(levels: Any, state: Any, latents: Any) -> None:
    with pytest.raises(DredError) as caught:
        dred_native.quantise(
            uniform_model(255, 9), *levels, np.array(state, dtype=F), np.array(latents, dtype=F)
        )
    assert (caught.value.rule, caught.value.stage) == ("W1", "latent")


@pytest.mark.interop
@pytest.mark.official_model
@pytest.mark.clause("DRED-dequantise", "DRED-level-input", "DRED-quantise", "DRED-scale-zero")
def test_state_and_latents_of_real_packets(
    interop_expected: list[dict[str, Any]], official_model: ModelBundle, tmp_path: Any
) -> None:
    save_model(official_model, tmp_path / "model")
    model = dred_native.load_model(tmp_path / "model")
    for entry in interop_expected:
        packet = bytes.fromhex(entry["packet"])
        decoded = dred_native.decode_packet_latents(packet, "experimental-12", model)
        symbols = dred_native.decode_packet(packet, "experimental-12", model)
        assert decoded is not None
        assert symbols is not None
        wanted: NDArray[np.float32] = np.array(entry["latents"], dtype=F).reshape(-1, 26)
        assert decoded["state"].tobytes() == np.array(entry["state"], dtype=F).tobytes()
        assert decoded["latents"].tobytes() == wanted.tobytes()
        # Without a dead zone a dequantised value is the middle of its own step.
        flat = [getattr(model, f"{part}_{name}") for part in ("latent", "state") for name in TABLES]
        flat[1], flat[5] = np.zeros_like(flat[1]), np.zeros_like(flat[5])
        middle = Model("flat", 25, 50, *flat)
        levels = [symbols[name] for name in ("q0", "dq", "qmax")]  # type: ignore[literal-required]
        again = dred_native.quantise(middle, *levels, decoded["state"], np.ascontiguousarray(wanted[:, :25]))
        assert again == {"state": symbols["state"], "latents": symbols["latents"]}


TABLES = ("quant_scales_q8", "dead_zone_q8", "r_q8", "p0_q8")
