"""Dequantisation and quantisation, against float32 arithmetic done one rounding at a time."""

import math
import struct
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dred_reference.errors import WriteError
from dred_reference.latent import dequantise, quantise, tanh_approximation
from dred_reference.payload import Payload
from dred_reference.schedule import quantiser_level
from dred_reference.tables import QuantiserTables

Maker = Callable[..., QuantiserTables]


def f32(value: float) -> float:
    """Round to float32. One double operation rounded to float32 is the float32 operation."""
    return float(struct.unpack("<f", struct.pack("<f", value))[0])


def tanh32(x: float) -> float:
    n0, n1, n2 = f32(952.52801514), f32(96.39235687), f32(0.60863042)
    d0, d1, d2 = f32(952.72399902), f32(413.36801147), f32(11.88600922)
    square = f32(x * x)
    numerator = f32(f32(f32(f32(n2 * square) + n1) * square) + n0)
    denominator = f32(f32(f32(f32(d2 * square) + d1) * square) + d0)
    return max(-1.0, min(1.0, f32(f32(numerator * x) / denominator)))


def quantised(x: float, scale: int, dead_zone: int, r: int, p0: int) -> int:
    delta = f32(dead_zone / 256)
    scaled = f32(f32(x * scale) / 256)
    scaled = f32(scaled - f32(delta * tanh32(f32(scaled / f32(delta + f32(0.1))))))
    return 0 if r == 0 or p0 == 255 else math.floor(f32(0.5 + scaled))


def payload_of(state: list[int], latents: list[list[int]], levels: list[int]) -> Payload:
    rows = tuple(map(tuple, latents))
    return Payload(levels[0] if levels else 3, 0, 15, 0, tuple(state), rows, tuple(levels), 1 << 31, 1)


@pytest.mark.clause("DRED-dequantise", "DRED-scale-zero", "DRED-level-input")
@given(data=st.data(), seed=st.integers(1, 4))
def test_values_are_rounded_once(synthetic_tables: Maker, data: st.DataObject, seed: int) -> None:
    tables = synthetic_tables(seed, 6, 4)
    symbol = st.integers(-300, 300) | st.integers(-(2**31), 2**31)
    state = data.draw(st.lists(symbol, min_size=4, max_size=4))
    used = data.draw(st.lists(st.integers(0, 15), min_size=1, max_size=3))
    latents = [data.draw(st.lists(symbol, min_size=6, max_size=6)) for _ in used]
    values = dequantise(payload_of(state, latents, used), tables)
    assert values.state.dtype == values.latents.dtype == np.float32

    def value(v: int, scale: int) -> float:
        return f32(f32(v) * 256 / (scale or 1))

    scales = tables.state_quant_scales_q8[used[0]].tolist()
    assert values.state.tolist() == [value(v, s) for v, s in zip(state, scales, strict=True)]
    for row, latent, level in zip(values.latents.tolist(), latents, used, strict=True):
        scales = tables.latent_quant_scales_q8[level].tolist()
        assert row[:-1] == [value(v, s) for v, s in zip(latent, scales, strict=True)]
        assert row[-1] == level / 8 - 1


@pytest.mark.clause("DRED-level-input")
def test_no_latent_is_an_empty_array(synthetic_tables: Maker) -> None:
    tables = synthetic_tables(1, 6, 4)
    assert dequantise(payload_of([0] * 4, [], []), tables).latents.shape == (0, 7)


@pytest.mark.clause("DRED-quantise")
def test_tanh_check_values() -> None:
    x = np.array([0.1, 0.5, 1, 2, 4, 10, -10], dtype=np.float32)
    wanted = [0.09964813, 0.46208173, 0.76164424, 0.96398872, 0.99934304, 1.0, -1.0]
    assert tanh_approximation(x) == pytest.approx(wanted, abs=6e-8)
    assert np.max(np.abs(tanh_approximation(x) - np.tanh(x))) < 1e-3


@pytest.mark.clause("DRED-quantise")
@given(x=st.floats(-1e7, 1e7, width=32))
def test_tanh_is_rounded_after_every_operation(x: float) -> None:
    assert float(tanh_approximation(np.array([x], dtype=np.float32))[0]) == tanh32(x)


@st.composite
def levels(draw: st.DrawFn) -> tuple[int, int, int]:
    q0, dq = draw(st.integers(0, 15)), draw(st.integers(0, 7))
    return q0, dq, draw(st.integers(q0 + 1, 15)) if q0 < 14 and dq > 0 else 15


@pytest.mark.clause("DRED-quantise", "DRED-symbol-skip")
@given(data=st.data(), seed=st.integers(1, 4), header=levels())
def test_symbols_are_those_of_single_roundings(
    synthetic_tables: Maker, data: st.DataObject, seed: int, header: tuple[int, int, int]
) -> None:
    tables = synthetic_tables(seed, 5, 3)
    q0, dq, qmax = header
    value = st.floats(-20, 20, width=32) | st.floats(-(2.0**20), 2.0**20, width=32)
    state = data.draw(st.lists(value, min_size=3, max_size=3))
    latents = data.draw(st.lists(st.lists(value, min_size=5, max_size=5), max_size=3))
    symbols = quantise(state, np.reshape(latents, (-1, 5)), q0, dq, qmax, tables)

    def row(kind: str, level: int, values: list[float]) -> tuple[int, ...]:
        names = ("quant_scales", "dead_zone", "r", "p0")
        columns = [getattr(tables, f"{kind}_{name}_q8")[level].tolist() for name in names]
        return tuple(quantised(x, *parameters) for x, *parameters in zip(values, *columns, strict=True))

    assert symbols.state == row("state", q0, state)
    for index, (latent, found) in enumerate(zip(latents, symbols.latents, strict=True)):
        assert found == row("latent", quantiser_level(q0, dq, qmax, index), latent)


@pytest.mark.clause("DRED-quantise")
def test_halves_and_the_dead_zone_by_hand() -> None:
    def table(value: int) -> Any:
        return np.full((16, 6), value, dtype=np.uint8)

    plain = QuantiserTables(16, 6, 6, *[table(128), table(0), table(9), table(9)] * 2)
    values = [1.0, -1.0, 2.9, -2.9, 3.1, 0.0]
    # scale 1/2, no dead zone: floor(x / 2 + 1/2)
    assert quantise(values, [values], 3, 0, 15, plain).state == (1, 0, 1, -1, 2, 0)
    # A dead zone of 1/2 pulls them towards zero by half a step (times tanh): 0.16, -0.16, 0.96, -0.96, 1.06.
    wide = replace(plain, state_dead_zone_q8=table(128))
    assert quantise(values, [values], 3, 0, 15, wide).state == (0, 0, 1, -1, 1, 0)


@pytest.mark.clause("DRED-quantise")
def test_what_cannot_be_quantised_is_refused(synthetic_tables: Maker) -> None:
    tables = synthetic_tables(1, 5, 3)
    fine: dict[str, Any] = {"state": [0.0] * 3, "latents": [[0.0] * 5], "q0": 6, "dq": 3, "qmax": 15}
    quantise(**fine, tables=tables)
    wrong: list[dict[str, Any]] = [
        {"state": [0.0] * 4},
        {"latents": [[0.0] * 4]},
        {"latents": [0.0] * 5},
        {"state": [math.nan, 0, 0]},
        {"latents": [[0, 0, math.inf, 0, 0]]},
        {"state": [2.0**20 + 1, 0, 0]},
        {"q0": 16},
        {"q0": -1},
        {"dq": 8},
        {"qmax": 16},
        {"qmax": 6},
        {"dq": 0, "qmax": 14},
    ]
    for arguments in wrong:
        with pytest.raises(WriteError) as caught:
            quantise(**(fine | arguments), tables=tables)
        assert (caught.value.rule, caught.value.stage) == ("W1", "latent")
