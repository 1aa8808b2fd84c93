"""From the data of a record to symbols and values, and back."""

from collections.abc import Callable

import numpy as np
import pytest

from dred_conformance.upstream import (
    Record,
    UpstreamError,
    decode_record,
    decode_record_symbols,
    encode_record,
)
from dred_model import named_synthetic_model
from dred_reference.latent import dequantise
from dred_reference.payload import Header, decode_payload, encode_payload
from dred_reference.tables import CodedSymbol, QuantiserTables
from dred_reference.wire import WIRE_PROFILES

DRAFT = WIRE_PROFILES["draft-32"]
Symbols = tuple[tuple[int, ...], list[tuple[int, ...]]]


@pytest.fixture(scope="module")
def tables() -> QuantiserTables:
    return named_synthetic_model("synthetic-1").tables.to_reference_tables()


def uniform_tables(p0: int, decay: int, scale: int, dim: int) -> QuantiserTables:
    four = [np.full((16, dim), value, dtype=np.uint8) for value in (scale, 0, decay, p0)]
    return QuantiserTables(16, dim, dim, *four, *four)


def possible(value: int, coded: CodedSymbol) -> int:
    """Return the value, or what can be coded in its place: only 0, or anything but 0."""
    if coded is None:
        return 0
    probability_of_zero, _ = coded
    return value if value or probability_of_zero else 1


def random_symbols(tables: QuantiserTables, q0: int, latents: int, seed: int) -> Symbols:
    """Return symbols of all sizes, as far as the tables can code them."""
    generator = np.random.default_rng(seed)

    def row(coding: tuple[CodedSymbol, ...]) -> tuple[int, ...]:
        values = np.trunc(generator.laplace(scale=4, size=len(coding))).astype(int).tolist()
        return tuple(possible(value, coded) for value, coded in zip(values, coding, strict=True))

    return row(tables.state_symbols[q0]), [row(tables.latent_symbols[q0]) for _ in range(latents)]


def test_known_symbols_give_known_bytes() -> None:
    """The bytes are a check value of the coder, made outside this project: p0 128 and decay 100, of 256."""
    tables = uniform_tables(128, 100, 128, 5)
    record = encode_record(9, (0, 1, -1, 2, -3), [(7, 8, -15, 0, 29)], tables)
    assert record == Record(9, 2, bytes.fromhex("50bc9242eaf843f3d23bfffffc"))
    state, latents = decode_record(record, tables)
    assert state.dtype == latents.dtype == np.float32
    assert state.tolist() == [0, 2, -2, 4, -6]  # symbol * 256 / 128
    assert latents.tolist() == [[14, 16, -30, 0, 58, 9 / 8 - 1]]


@pytest.mark.parametrize("q0", range(16))
def test_symbols_come_back_at_every_level(tables: QuantiserTables, q0: int) -> None:
    state, latents = random_symbols(tables, q0, 1 + q0, seed=q0)
    found = decode_record_symbols(encode_record(q0, state, latents, tables), tables)
    assert (found.state, list(found.latents)) == (state, latents)
    assert found.levels == (q0,) * len(latents)


def test_symbols_come_back_with_tables_full_of_odd_cases(
    synthetic_tables: Callable[..., QuantiserTables],
) -> None:
    odd = synthetic_tables(3)
    for q0 in range(16):
        state, latents = random_symbols(odd, q0, 25, seed=100 + q0)
        record = encode_record(q0, state, latents, odd)
        found = decode_record_symbols(record, odd)
        assert (found.state, list(found.latents)) == (state, latents)
        assert len(record.data) == (found.tell + 7) // 8


def test_values_are_those_of_the_latent_stage(tables: QuantiserTables) -> None:
    state, latents = random_symbols(tables, 7, 4, seed=1)
    record = encode_record(7, state, latents, tables)
    expected = dequantise(decode_record_symbols(record, tables), tables)
    values = decode_record(record, tables)
    assert values[0].shape == (tables.state_dim,)
    assert values[1].shape == (4, tables.latent_dim + 1)
    assert values[0].tobytes() == expected.state.tobytes()
    assert values[1].tobytes() == expected.latents.tobytes()
    assert set(values[1][:, -1]) == {np.float32(7 / 8 - 1)}


def test_a_record_is_a_payload_of_slope_zero_without_its_header(tables: QuantiserTables) -> None:
    """The same symbols in both forms: the payload costs the header more, and nothing else."""
    state, latents = random_symbols(tables, 5, 6, seed=2)
    payload = encode_payload(Header(5, 0, 15, 0), state, latents, DRAFT, tables, keep_last=True)
    in_payload = decode_payload(payload.payload, DRAFT, tables, max_latents=6)
    in_record = decode_record_symbols(encode_record(5, state, latents, tables), tables)
    assert (in_payload.state, in_payload.latents) == (in_record.state, in_record.latents)
    header_bits = 4 + 3 + 1 + 5
    assert in_payload.tell - in_record.tell == pytest.approx(header_bits, abs=1)


@pytest.mark.parametrize("data", [b"", b"\x00", b"\xff" * 3, bytes(range(40))])
def test_all_latents_are_decoded_whatever_bits_remain(tables: QuantiserTables, data: bytes) -> None:
    found = decode_record_symbols(Record(4, 50, data), tables)
    assert len(found.latents) == 25
    with_zeros = decode_record_symbols(Record(4, 50, data + bytes(4000)), tables)
    assert with_zeros == found  # past the end zeros are read


def test_a_record_without_latents_has_a_state(tables: QuantiserTables) -> None:
    state, _ = random_symbols(tables, 3, 0, seed=5)
    record = encode_record(3, state, [], tables)
    assert record.chunks == 0
    values = decode_record(record, tables)
    assert values[0].shape == (tables.state_dim,)
    assert values[1].shape == (0, tables.latent_dim + 1)


@pytest.mark.parametrize("cut", [1, 2])
def test_the_bytes_are_as_few_as_hold_all_bits(tables: QuantiserTables, cut: int) -> None:
    state, latents = random_symbols(tables, 0, 8, seed=6)
    record = encode_record(0, state, latents, tables)
    shorter = decode_record_symbols(Record(0, 16, record.data[:-cut]), tables)
    whole = decode_record_symbols(record, tables)
    assert len(record.data) == (whole.tell + 7) // 8
    assert cut == 1 or shorter.latents != whole.latents


def test_what_cannot_be_coded_is_refused(tables: QuantiserTables) -> None:
    state, latents = random_symbols(tables, 6, 26, seed=7)
    with pytest.raises(UpstreamError, match="52 chunks"):
        encode_record(6, state, latents, tables)
    with pytest.raises(UpstreamError, match="q0 is 16"):
        encode_record(16, state, [], tables)
    with pytest.raises(UpstreamError, match=r"the state: \d+ symbols, not"):
        encode_record(6, state[:-1], [], tables)
    with pytest.raises(UpstreamError, match=r"latent 1: symbol 0 is 1048577"):
        encode_record(6, state, [latents[0], (1 << 20 | 1, *latents[1][1:])], tables)


def test_a_zero_that_the_tables_rule_out_is_refused() -> None:
    with pytest.raises(UpstreamError, match="the state: a symbol without probability"):
        encode_record(0, (1, 0), [], uniform_tables(0, 100, 128, 2))


def test_data_beyond_the_limit_is_refused() -> None:
    costly = uniform_tables(128, 1, 128, 3)
    with pytest.raises(UpstreamError, match="latent 0 does not fit in 100000 bytes"):
        encode_record(0, (0, 0, 0), [(1 << 20, 0, 0)], costly)
