"""A stream in numbers, checked by hand."""

import json

import jsonschema

from dred_conformance.inputs import InputError
from dred_conformance.inspection import Inspector
from dred_conformance.inspection.json_form import as_json, inspect_schema
from dred_conformance.inspection.summary import StreamStatistics
from dred_reference.wire import WIRE_PROFILES


def summarised(source, records, model=None):
    inspector = Inspector(WIRE_PROFILES["experimental-12"], model)
    statistics = StreamStatistics()
    for index, record in enumerate(records):
        data, named = record if isinstance(record, tuple) else (record, {})
        statistics.add(inspector.inspect(source(data, index, **named), tree=False))
    summary = statistics.summary()
    schema = {"$defs": inspect_schema()["$defs"], "$ref": "#/$defs/summary"}
    jsonschema.Draft202012Validator(schema).validate(json.loads(json.dumps(as_json(summary))))
    return summary


def test_empty_stream(source) -> None:
    summary = summarised(source, [])
    assert summary.packets == 0
    assert summary.base_bits_per_s == 0
    assert summary.coverage_ms is None
    assert summary.remarks == ()


def test_counts_bytes_and_rates(source, packets) -> None:
    dred = packets.dred(bytes.fromhex("6a30"), frame=bytes(20))  # 1 + 1 + 1 + 20, then id 1 + payload 4
    zeros = packets.code3(bytes(10), frame=bytes(17))  # 1 + 1 + 1 + 17 + 10
    plain = b"\x48" + bytes(29)
    invalid = b"\x4b\x00\xaa"
    lost = (b"", {"lost": True})
    faulty = (b"", {"fault": InputError("I2", "cut")})
    summary = summarised(source, [dred, zeros, plain, invalid, lost, faulty, plain])
    assert (summary.packets, summary.lost, summary.valid, summary.with_dred) == (7, 1, 4, 1)
    assert summary.duration_ms == 80
    assert summary.total_bytes == 28 + 30 + 30 + 3 + 30
    assert summary.dred_bytes == 4
    assert summary.padding_bytes == 1 + 10
    # 4 packets of 20 ms: a byte is 100 bits per second
    assert summary.base_bits_per_s == 100 * (28 + 30 + 30 + 30 - 4 - 11)
    assert summary.dred_bits_per_s == 400
    assert summary.padding_bits_per_s == 1100
    assert summary.dred_share.mean == 4 / 28
    assert {tally.value: tally.count for tally in summary.rejections} == {"R5 (packet)": 1, "I2 (input)": 1}
    assert {told.code: told.count for told in summary.reasons} == {
        "padding-zeros": 1, "no-code-3": 2, "packet-error": 1, "lost": 1, "input-fault": 1,
    }  # fmt: skip
    assert {told.code: told.first_packet for told in summary.reasons}["no-code-3"] == 2
    assert {tally.value: tally.count for tally in summary.extensions} == {"126": 1}
    assert [(tally.value, tally.count) for tally in summary.packet_durations] == [("20 ms", 4)]


def test_coverage_offsets_and_levels(source, packets, model) -> None:
    offsets = ("6a30", "6b03b0", "9070")  # facts A3: 10, -102, 2
    records = [packets.dred(bytes.fromhex(data) + bytes([0x35] * 30)) for data in offsets]
    summary = summarised(source, records, model)
    inspector = Inspector(WIRE_PROFILES["experimental-12"], model)
    latents = [len(inspector.inspect(source(data), tree=False).dred.latents) for data in records]
    assert summary.latents.mean == sum(latents) / 3
    assert summary.coverage_ms.largest == 40 * max(latents)
    assert sum(each.count for each in summary.coverage_histogram) == 3
    assert summary.coverage_histogram[-1].from_ms <= 40 * max(latents) < summary.coverage_histogram[-1].to_ms
    assert summary.offset_ms.smallest == -255
    assert summary.offset_ms.largest == 25
    assert (summary.offsets_negative, summary.offsets_zero) == (1, 0)
    assert {tally.value for tally in summary.levels} == {"q0 6, dQ 5, qmax 15", "q0 9, dQ 0, qmax 15"}


def test_losses_that_the_next_packet_covers(source, packets, model) -> None:
    data = packets.dred(bytes.fromhex("6a30") + bytes([0x35] * 30))
    report = Inspector(WIRE_PROFILES["experimental-12"], model).inspect(source(data))
    reach = int(-report.dred.coverage.oldest_ms) // 20
    assert reach >= 2
    lost = (b"", {"lost": True})
    assert summarised(source, [data, lost, data], model).lost_covered == 1
    assert summarised(source, [lost] * (reach + 3) + [data], model).lost_covered == reach
    assert summarised(source, [data, lost, b"\x48aa", data], model).lost_covered == 0
    assert summarised(source, [data, lost, lost], model).lost_covered == 0
    assert summarised(source, [lost, data]).lost_covered == 0


def test_remarks(source, packets) -> None:
    jumping = [bytes([config << 3]) + b"aa" for config in range(32)]
    assert "encrypted" in summarised(source, jumping).remarks[0]
    assert "libopus sends DRED when" in summarised(source, [b"\x48aa"]).remarks[0]
    headers_only = summarised(source, [packets.dred(b"\x6a\x30")])
    assert "only the headers" in headers_only.remarks[0]
