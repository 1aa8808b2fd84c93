"""Decoding and encoding payloads with random tables: corners, limits, round trips."""

from collections.abc import Callable
from dataclasses import replace
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dred_reference.errors import PayloadError, WriteError
from dred_reference.payload import (
    LARGEST_MAGNITUDE,
    MOST_LATENTS,
    Header,
    Payload,
    decode_header,
    decode_payload,
    decode_symbols,
    encode_payload,
)
from dred_reference.range_decoder import RangeDecoder
from dred_reference.schedule import quantiser_level
from dred_reference.tables import LEVELS, CodedSymbol, QuantiserTables
from dred_reference.wire import WIRE_PROFILES, WireProfile

Maker = Callable[..., QuantiserTables]
WIRE, DRAFT, OLD = (WIRE_PROFILES[name] for name in ("experimental-12", "draft-32", "experimental-10"))


def header_of(payload: Payload) -> Header:
    return Header(payload.q0, payload.dq, payload.qmax, payload.offset)


@st.composite
def headers(draw: st.DrawFn) -> Header:
    q0, dq = draw(st.integers(0, 15)), draw(st.integers(0, 7))
    qmax = draw(st.integers(q0 + 1, 15)) if q0 < 14 and dq > 0 else 15
    return Header(q0, dq, qmax, draw(st.integers(-40, 16) | st.integers(-8175, 16)))


def symbols_for(draw: st.DrawFn, coding: tuple[CodedSymbol, ...]) -> tuple[int, ...]:
    # A zero where zero has no probability gets what rounding left of the range, and that may be nothing.
    return tuple(
        0
        if coded is None
        else draw(st.integers(1, 3) | st.integers(-99, -1) if coded[0] == 0 else st.integers(-3, 3))
        for coded in coding
    )


@st.composite
def contents(
    draw: st.DrawFn, tables: QuantiserTables
) -> tuple[Header, tuple[int, ...], list[tuple[int, ...]]]:
    header = draw(headers())
    state = symbols_for(draw, tables.state_symbols[header.q0])
    count = draw(st.integers(0, 4))
    levels = [quantiser_level(header.q0, header.dq, header.qmax, k) for k in range(count)]
    return header, state, [symbols_for(draw, tables.latent_symbols[level]) for level in levels]


@pytest.mark.clause("DRED-version")
def test_d1_nothing_behind_the_prefix(synthetic_tables: Maker) -> None:
    tables = synthetic_tables(1)
    for data, wire in ((b"", WIRE), (b"D", WIRE), (b"D\x0c", WIRE), (b"xx", WIRE), (b"", DRAFT)):
        with pytest.raises(PayloadError) as caught:
            decode_payload(data, wire, tables)
        assert (caught.value.rule, caught.value.stage, caught.value.position) == ("D1", "payload", len(data))


@pytest.mark.clause("DRED-version")
def test_d2_another_prefix_is_named(synthetic_tables: Maker) -> None:
    tables = synthetic_tables(1)
    for data, wire, words in (
        (b"D\x0a\x55\x55", WIRE, "experimental version 10: experimental-10 .libopus 1.5."),
        (b"D\x0b\x55\x55", WIRE, "experimental version 11, unknown"),
        (b"E\x0c\x55\x55", WIRE, "450c"),
        (b"D\x0a\x55\x55", OLD, "experimental-10"),
    ):
        with pytest.raises(PayloadError, match=words) as caught:
            decode_payload(data, wire, tables)
        assert (caught.value.rule, caught.value.position) == ("D2", 0)


@pytest.mark.clause("DRED-version")
def test_the_prefix_is_all_that_differs_between_profiles(synthetic_tables: Maker) -> None:
    tables = synthetic_tables(2)
    data = bytes(range(7, 40))
    assert decode_payload(b"D\x0c" + data, WIRE, tables) == decode_payload(data, DRAFT, tables)


@pytest.mark.official_model
@pytest.mark.clause("DRED-always-decodes", "DRED-stop", "RFC6716-4.1.2.1-zero")
def test_check_values_of_short_payloads(official_tables: QuantiserTables) -> None:
    zero = decode_payload(b"\x00", DRAFT, official_tables)
    assert (zero.q0, zero.dq, zero.qmax, zero.offset, zero.latents, zero.tell) == (0, 0, 15, 16, (), 117)
    ones = decode_payload(b"\xff", DRAFT, official_tables)
    assert (ones.q0, ones.dq, ones.offset, ones.latents) == (15, 7, 16, ())
    many = decode_payload(b"\xff" * 20, DRAFT, official_tables)
    assert (many.q0, many.dq, many.offset) == (15, 7, -8175)


@pytest.mark.clause("DRED-state", "DRED-latents", "DRED-write-state", "DRED-write-latents")
@given(data=st.data(), seed=st.integers(1, 4), wire=st.sampled_from([WIRE, DRAFT]))
def test_what_is_encoded_is_decoded(
    synthetic_tables: Maker, data: st.DataObject, seed: int, wire: WireProfile
) -> None:
    tables = synthetic_tables(seed, 5, 4)
    header, state, latents = data.draw(contents(tables))
    written = encode_payload(header, state, latents, wire, tables)
    assert written.latent_count == len(latents)
    read = decode_payload(written.payload, wire, tables)
    assert header_of(read) == header
    assert read.state == state
    assert read.latents == tuple(latents[: len(read.latents)])
    # Only latents of the last seven bits are lost, and reading on finds them where the stop rule gave up.
    size = len(written.payload) - len(wire.prefix)
    decoder = RangeDecoder(written.payload[len(wire.prefix) :])
    decode_header(decoder)
    decode_symbols(decoder, tables.state_symbols[header.q0])
    for index, latent in enumerate(latents):
        assert (8 * size - decoder.tell() > 7) == (index < len(read.latents))
        level = quantiser_level(header.q0, header.dq, header.qmax, index)
        assert decode_symbols(decoder, tables.latent_symbols[level]) == latent
    assert size == (decoder.tell() + 7) // 8


@pytest.mark.clause("DRED-write-last", "DRED-last-latent", "DRED-stop")
@given(data=st.data(), seed=st.integers(1, 4))
def test_keep_last_brings_the_last_latent_over(
    synthetic_tables: Maker, data: st.DataObject, seed: int
) -> None:
    tables = synthetic_tables(seed, 2, 3)
    header, state, latents = data.draw(contents(tables))
    plain = encode_payload(header, state, latents, WIRE, tables)
    kept = encode_payload(header, state, latents, WIRE, tables, keep_last=True)
    lost = len(latents) - len(decode_payload(plain.payload, WIRE, tables).latents)
    assert kept.payload == plain.payload + (b"\x00" if lost > 0 else b"")
    read = decode_payload(kept.payload, WIRE, tables)
    assert read.latents[: len(latents)] == tuple(latents)
    # The added byte leaves more than 7 bits behind the last latent: a decoder reads one that nobody wrote.
    assert (len(read.latents) > len(latents)) == (lost > 0)


@pytest.mark.clause("DRED-write-state", "DRED-write-latents", "DRED-symbol-skip")
def test_symbols_that_cannot_be_written_are_refused(synthetic_tables: Maker) -> None:
    tables = synthetic_tables(4, 7, 6)
    header = Header(3, 0, 15, 0)
    state = [0 if coded is None else 1 for coded in tables.state_symbols[3]]
    latent = [0 if coded is None else 1 for coded in tables.latent_symbols[3]]
    encode_payload(header, state, [latent], WIRE, tables)
    dead = tables.latent_symbols[3].index(None)
    alive = next(k for k, coded in enumerate(tables.latent_symbols[3]) if coded is not None)
    wrong = [latent[:-1], [*latent, 0], [v + (k == dead) for k, v in enumerate(latent)]]
    wrong += [[v + (k == alive) * LARGEST_MAGNITUDE for k, v in enumerate(latent)]]
    for bad in wrong:
        with pytest.raises(WriteError, match="W1"):
            encode_payload(header, state, [bad], WIRE, tables)
    with pytest.raises(WriteError, match="W1"):
        encode_payload(header, state[:-1], [latent], WIRE, tables)
    with pytest.raises(WriteError, match="W1"):
        encode_payload(header, state, [latent] * (MOST_LATENTS + 1), WIRE, tables)
    for budget in (-1, 2**20 + 1):
        with pytest.raises(WriteError, match="W1"):
            encode_payload(header, state, [latent], WIRE, tables, max_bytes=budget)


@pytest.mark.clause("DRED-always-decodes", "DRED-stop", "DRED-laplace-escape")
@given(data=st.binary(min_size=1, max_size=120), seed=st.integers(1, 6))
def test_any_bytes_decode_and_the_symbols_encode_back(
    synthetic_tables: Maker, data: bytes, seed: int
) -> None:
    tables = synthetic_tables(seed)
    read = decode_payload(data, DRAFT, tables)
    assert len(read.latents) == len(read.levels) <= MOST_LATENTS
    assert (1 << 23) < read.range_size <= 1 << 31
    assert len(read.latents) == MOST_LATENTS or 8 * len(data) - read.tell <= 7
    if max(map(abs, (*read.state, *chain(*read.latents)))) > LARGEST_MAGNITUDE:
        return
    written = encode_payload(header_of(read), read.state, read.latents, DRAFT, tables)
    again = decode_payload(written.payload + bytes(8), DRAFT, tables, max_latents=len(read.latents))
    # The header may have been coded in another way: an offset of few bits can be given in many.
    assert (header_of(again), again.state, again.latents) == (header_of(read), read.state, read.latents)


@pytest.mark.clause("DRED-stop", "DRED-decode-all")
def test_the_stop_rule_to_the_bit(synthetic_tables: Maker) -> None:
    tables = synthetic_tables(1)
    for size in range(1, 200):
        data = bytes((37 * k + size) & 255 for k in range(size))
        read = decode_payload(data, DRAFT, tables)
        for count in range(len(read.latents)):
            # Before each latent that was decoded more than 7 bits were left.
            assert 8 * size - decode_payload(data, DRAFT, tables, max_latents=count).tell > 7
        assert 8 * size - read.tell <= 7


@pytest.mark.clause("DRED-latents")
def test_max_latents_stops_early(synthetic_tables: Maker) -> None:
    tables = synthetic_tables(1)
    data = bytes(range(150))
    whole = decode_payload(data, DRAFT, tables)
    assert len(whole.latents) > 2
    for count in (0, 1, 2):
        read = decode_payload(data, DRAFT, tables, max_latents=count)
        assert read.latents == whole.latents[:count]
        assert read.levels == whole.levels[:count]
    assert decode_payload(data, DRAFT, tables, max_latents=10**9) == whole


@pytest.mark.clause("DRED-symbol-skip", "DRED-decode-all")
def test_latents_that_take_no_bits_end_at_the_limit(synthetic_tables: Maker) -> None:
    dead = np.zeros((LEVELS, 21), dtype=np.uint8)
    tables = replace(synthetic_tables(1), latent_r_q8=dead)
    data = bytes([0x30, 0x00]) + bytes(range(100))
    read = decode_payload(data, DRAFT, tables)
    assert len(read.latents) == MOST_LATENTS == 1024
    assert set(read.latents) == {(0,) * 21}
    assert len(decode_payload(data, DRAFT, tables, max_latents=2000).latents) == MOST_LATENTS


@pytest.mark.clause("DRED-frame-offset")
def test_the_frame_offset_is_added(synthetic_tables: Maker) -> None:
    tables = synthetic_tables(1)
    plain = decode_payload(b"\x61\x62\x63", DRAFT, tables)
    moved = decode_payload(b"\x61\x62\x63", DRAFT, tables, frame_offset=24)
    assert moved == replace(plain, offset=plain.offset + 24)


@pytest.mark.clause("DRED-symbol-skip")
def test_only_r_0_and_p0_255_are_skipped() -> None:
    def table(value: int) -> NDArray[np.uint8]:
        return np.full((LEVELS, 1), value, dtype=np.uint8)

    for p0, r, coded in ((0, 0, None), (255, 9, None), (0, 1, (0, 128)), (254, 255, (32512, 32640))):
        one = table(1)
        tables = QuantiserTables(LEVELS, 1, 1, one, one, table(r), table(p0), one, one, one, one)
        assert tables.latent_symbols == ((coded,),) * LEVELS


def test_tables_of_another_shape_are_refused(synthetic_tables: Maker) -> None:
    tables = synthetic_tables(1)
    with pytest.raises(ValueError, match="levels"):
        replace(tables, levels=15)
    with pytest.raises(ValueError, match="latent_dim"):
        replace(tables, latent_dim=257)
    with pytest.raises(ValueError, match="latent_quant_scales_q8"):
        replace(tables, latent_dim=20)
    with pytest.raises(ValueError, match="state_p0_q8"):
        replace(tables, state_p0_q8=tables.state_p0_q8.view(np.int8))
