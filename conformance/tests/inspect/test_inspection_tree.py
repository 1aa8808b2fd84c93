"""The tree: every bit of a packet in its place, for any packet."""

import json
from itertools import pairwise

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dred_conformance.inspection import Inspector
from dred_conformance.inspection.json_form import as_json, inspect_schema
from dred_reference.wire import WIRE_PROFILES

PACKET_SCHEMA = {**inspect_schema(), "$ref": "#/$defs/packet"}
for keyword in ("type", "properties", "required", "additionalProperties"):
    PACKET_SCHEMA.pop(keyword)
VALIDATOR = jsonschema.Draft202012Validator(PACKET_SCHEMA)


def check_spans(nodes, start: int, end: int) -> None:
    """Children lie in their parent, in order, without overlap."""
    spans = [(node.start_bit, node.end_bit) for node in nodes if node.start_bit is not None]
    for one, other in pairwise(spans):
        assert one[1] <= other[0]
    for first, last in spans:
        assert start <= first <= last <= end
    for node in nodes:
        if node.name != "DRED payload" and node.start_bit is not None:
            check_spans(node.children, node.start_bit, node.end_bit)


def check(report, data: bytes) -> None:
    VALIDATOR.validate(json.loads(json.dumps(as_json(report))))
    if report.rejection is not None and report.rejection.stage == "packet":
        return
    check_spans(report.tree, 0, 8 * len(data))
    # nothing of a valid packet is left out
    covered = sum(node.end_bit - node.start_bit for node in report.tree)
    assert covered == 8 * len(data)


def test_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(inspect_schema())


def flat(nodes, depth: int = 0):
    for node in nodes:
        yield depth, node
        yield from flat(node.children, depth + 1)


def test_fields_of_a_packet_by_name_bits_and_clause(look, packets) -> None:
    area = b"\x01\x01\x01\x01" + bytes([33 << 1 | 1, 1, 0x77]) + b"\x02" + b"\x06"
    report = look(packets.code3(area, frames=2, config=9))
    lines = [
        (depth, node.name, node.value, node.start_bit, node.end_bit) for depth, node in flat(report.tree)
    ]
    assert lines == [
        (0, "TOC byte", None, 0, 8),
        (1, "configuration", 9, 0, 5),
        (1, "stereo", False, 5, 6),
        (1, "frame count code", 3, 6, 8),
        (0, "frame count byte", None, 8, 16),
        (1, "VBR flag", False, 8, 9),
        (1, "padding flag", True, 9, 10),
        (1, "frame count", 2, 10, 16),
        (0, "padding length", 9, 16, 24),
        (0, "frame 0", None, 24, 40),
        (0, "frame 1", None, 40, 56),
        (0, "padding area", None, 56, 128),
        (1, "padding", None, 56, 88),
        (1, "extension 33", None, 88, 112),
        (2, "id", 33, 88, 95),
        (2, "L", 1, 95, 96),
        (2, "lacing", 1, 96, 104),
        (2, "payload", None, 104, 112),
        (1, "frame separator", None, 112, 120),
        (2, "id", 1, 112, 119),
        (2, "L", 0, 119, 120),
        (1, "extension 3", None, 120, 128),
        (2, "id", 3, 120, 127),
        (2, "L", 0, 127, 128),
    ]
    clauses = {node.name: node.clause for _, node in flat(report.tree)}
    assert clauses["extension 33"] == "EXT-long-lacing"
    assert clauses["frame separator"] == "EXT-separator-one"
    texts = {node.name: node.text for _, node in flat(report.tree)}
    assert texts["padding"] == "4 bytes of padding, 0x01 each"
    assert texts["configuration"] == "SILK, wideband, frames of 20 ms"
    assert texts["extension 3"] == "frame 1, 0 bytes"


def test_repeats_show_what_they_repeat(look, packets) -> None:
    # short extension 3 with one byte in frame 0, repeated (L = 0) for frames 1 and 2
    report = look(packets.code3(bytes.fromhex("07aa 04 bb cc"), frames=3))
    area = report.tree[-1]
    assert [node.name for node in area.children] == [
        "extension 3", "repeat", "repeated extension", "repeated extension",
    ]  # fmt: skip
    assert "then the next frame is current" in area.children[1].text
    assert "extension 3 repeated for frame 2" in area.children[3].text
    assert [(each.frame, each.repeated) for each in report.extensions] == [(0, False), (1, True), (2, True)]


def test_header_fields_of_dred(look, packets) -> None:
    report = look(packets.dred(bytes.fromhex("6b03b0")))
    payload = next(node for _, node in flat(report.tree) if node.name == "DRED payload")
    values = {node.name: node.value for node in payload.children}
    # facts A3: total offset 118 = 3 * 32 + 22
    assert values == {
        "prefix": None, "q0": 6, "dQ": 5, "extra offset flag": 1, "extra offset": 3, "offset": 22,
        "qmax": 15, "offset in all": -102,
    }  # fmt: skip
    texts = {node.name: node.text for node in payload.children}
    assert texts["extra offset"] == "240 ms further back"
    assert texts["offset"] == "newest speech ends 55 ms before 40 ms into the frame"


def test_symbols_have_lines_when_asked_for(source, packets, model) -> None:
    data = packets.dred(bytes.fromhex("6a30") + bytes(range(40)))

    def names(symbols: bool) -> list[str]:
        report = Inspector(WIRE_PROFILES["experimental-12"], model, symbols=symbols).inspect(source(data))
        return [node.name for _, node in flat(report.tree)]

    assert "state[0]" in names(True)
    assert "latents[0][20]" in names(True)
    assert not [name for name in names(False) if "[" in name]


def test_reports_without_tree_have_the_same_answers(source, packets, model) -> None:
    data = packets.dred(bytes.fromhex("6a30") + bytes(range(40)))
    inspector = Inspector(WIRE_PROFILES["experimental-12"], model)
    full, short = inspector.inspect(source(data)), inspector.inspect(source(data), tree=False)
    assert short.tree == ()
    assert [latent.symbols for latent in short.dred.latents] == [each.symbols for each in full.dred.latents]
    assert {latent.bits for latent in short.dred.latents} == {None}
    VALIDATOR.validate(json.loads(json.dumps(as_json(short))))


@pytest.mark.parametrize("wire", ["experimental-12", "draft-32"])
@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=120))
def test_any_bytes(look, model, wire: str, data: bytes) -> None:
    check(look(data, model, wire=wire), data)
    check(look(data, None, wire=wire), data)


@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    area=st.lists(
        st.one_of(
            st.sampled_from(
                [b"\x01", b"\x02", b"\x03\x00", b"\x03\x02", b"\x04", b"\x05", b"\x06", b"\x07\xaa"]
            ),
            st.binary(max_size=6).map(lambda payload: bytes([33 << 1 | 1, len(payload)]) + payload),
            st.binary(max_size=9).map(lambda data: bytes([0xFD, len(data) + 2]) + b"D\x0c" + data),
            st.binary(max_size=9).map(lambda data: b"\xfcD\x0c" + data),
        ),
        max_size=8,
    ).map(b"".join),
    frames=st.integers(1, 6),
)
def test_any_extensions(look, packets, model, area: bytes, frames: int) -> None:
    data = packets.code3(area, frames=frames, config=9)
    check(look(data, model), data)
