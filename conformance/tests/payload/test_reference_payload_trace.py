"""What the payload reader records, and that recording changes nothing."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dred_reference.payload import decode_payload
from dred_reference.tables import QuantiserTables
from dred_reference.trace import Trace
from dred_reference.wire import WIRE_PROFILES

WIRE = WIRE_PROFILES["experimental-12"]


@pytest.mark.clause("RFC6716-4.1.6.1-tell", "RFC6716-6-range")
@given(data=st.binary(min_size=1, max_size=80), seed=st.integers(1, 3))
def test_fields_follow_each_other_and_match_the_result(
    synthetic_tables: Callable[..., QuantiserTables], data: bytes, seed: int
) -> None:
    tables = synthetic_tables(seed, 7, 9)
    payload = b"D\x0c" + data
    trace = Trace("payload", source="payload")
    read = decode_payload(payload, WIRE, tables, trace=trace)
    assert read == decode_payload(payload, WIRE, tables)

    position = 0
    for field in trace.fields:
        assert field.start_bit == position
        position = field.end_bit
    values = {field.name: field.value for field in trace.fields}
    assert (values["q0"], values["dq"], values["qmax"]) == (read.q0, read.dq, read.qmax)
    assert read.state == tuple(values[f"state[{k}]"] for k in range(9))
    for index, latent in enumerate(read.latents):
        assert latent == tuple(values[f"latents[{index}][{k}]"] for k in range(7))
    assert values["unread"] == 8 * len(data) - read.tell


@pytest.mark.clause("RFC6716-4.1.2-symbol", "RFC6716-4.1.2.1-renorm", "RFC6716-4.1.3.3-icdf")
@given(data=st.binary(min_size=1, max_size=80), seed=st.integers(1, 3))
def test_the_recorded_intervals_replay_the_range(
    synthetic_tables: Callable[..., QuantiserTables], data: bytes, seed: int
) -> None:
    trace = Trace("payload", source="payload")
    read = decode_payload(b"D\x0c" + data, WIRE, synthetic_tables(seed, 7, 9), trace=trace)
    assert [symbol.name for symbol in trace.symbols[:3]] == ["q0", "dq", "offset.has_extra"]
    size, total_bits = 1 << 31, 33
    for symbol in trace.symbols:
        assert 0 <= symbol.fl <= symbol.fh <= symbol.ft
        scale = size // symbol.ft
        if symbol.value > 0:
            size = scale * (symbol.fh - symbol.fl)
        else:
            size -= scale * (symbol.ft - symbol.fh)
        while size <= 1 << 23:
            size, total_bits = size << 8, total_bits + 8
        assert (symbol.range_size, symbol.tell) == (size, total_bits - size.bit_length())
        assert 0 <= symbol.difference < size
    assert (size, trace.symbols[-1].tell) == (read.range_size, read.tell)
