"""What the extension reader records."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dred_reference.errors import ExtensionError
from dred_reference.extension import parse_extensions
from dred_reference.trace import Trace


@pytest.mark.clause("EXT-header", "EXT-area")
@given(area=st.binary(max_size=60), frames=st.integers(1, 8))
def test_the_trace_accounts_for_every_bit_read(area: bytes, frames: int) -> None:
    trace = Trace("padding", source="padding")
    try:
        extensions = parse_extensions(area, frames, trace=trace)
    except ExtensionError as error:
        extensions = error.extensions
    position = 0
    for field in trace.fields:
        assert field.start_bit == position
        position = field.end_bit
        assert field.clause.startswith("EXT-")
    payloads = [
        field.value
        for field in trace.fields
        if field.name == "payload" and field.clause != "EXT-padding-rest"
    ]
    assert payloads == [e.payload for e in extensions if e.payload or e.id >= 32]


@pytest.mark.clause("EXT-repeat")
def test_repeated_payloads_are_named() -> None:
    trace = Trace("padding", source="padding")
    parse_extensions(b"\x51\x02ab\x04xyz", 2, trace=trace)
    names = [(field.name, field.start_bit // 8, field.value) for field in trace.fields]
    assert names == [
        ("id", 0, 40),
        ("L", 0, 1),
        ("lacing", 1, 2),
        ("payload", 2, b"ab"),
        ("id", 4, 2),
        ("L", 4, 0),
        ("payload", 5, b"xyz"),
    ]
    assert trace.fields[-1].note == "extension 40 repeated for frame 1"
