"""The inspector on streams that libopus made, against what libopus says of them."""

from collections import Counter

import pytest

from dred_conformance.inputs import open_input
from dred_conformance.inspection import Inspector
from dred_conformance.inspection.dred_section import NamedTables
from dred_conformance.inspection.summary import StreamStatistics
from dred_reference.wire import WIRE_PROFILES

WIRE = WIRE_PROFILES["experimental-12"]
pytestmark = [pytest.mark.interop, pytest.mark.official_model]


@pytest.fixture(scope="module")
def official(official_tables) -> NamedTables:
    return NamedTables("libopus-1.6", official_tables)


def test_offsets_and_latents_are_those_of_libopus(source, interop_expected, official) -> None:
    seen = 0
    for entry in interop_expected:
        report = Inspector(WIRE, official).inspect(source(bytes.fromhex(entry["packet"])))
        assert report.rejection is None
        assert len(report.frame_bytes) == entry["frames"]
        if not entry.get("payload"):
            assert report.dred is None
            continue
        seen += 1
        dred = report.dred
        assert dred.frame == entry["ext_frame"]
        assert dred.payload_bytes == len(entry["payload"]) // 2
        assert dred.offset_2p5ms == entry["dred_offset"]
        assert min(len(dred.latents), 26) == entry["nb_latents"]
        start = bytes.fromhex(entry["packet"])[dred.position :]
        assert start.startswith(bytes.fromhex(entry["payload"]))
        levels = [int(8 * (value + 1)) for value in entry["latents"][25::26]]
        assert [latent.level for latent in dred.latents][: len(levels)] == levels
    assert seen > 200


def test_every_stream_is_read_to_its_end(interop_streams, official) -> None:
    findings: Counter[str] = Counter()
    streams = 0
    for path in interop_streams:
        statistics = StreamStatistics()
        inspector = Inspector(WIRE, official)
        with open_input(str(path)) as opened:
            assert opened.container == "bit"
            for record in opened.packets:
                if record.index % 16 < 2:  # pairs, so that packets are compared with the one before
                    statistics.add(inspector.inspect(record, tree=record.index % 64 == 0))
        summary = statistics.summary()
        streams += 1
        assert summary.rejections == ()
        assert summary.valid == summary.packets - summary.lost
        if path.stem == "voip16_20ms_20k":
            assert summary.with_dred == 0
            assert [told.code for told in summary.reasons] == ["no-code-3"]
        else:
            assert summary.with_dred > summary.valid // 2
        findings.update({told.code: told.count for told in summary.findings})
    assert streams == 22
    # libopus' own encoder: its payloads are explained, nothing is added, nothing is misplaced
    assert findings["not-canonical"] + findings["bytes-after"] <= 8
    assert findings["last-latent-lost"] > 20
    assert findings["level-ramp"] > 50
    assert findings["offset-negative"] > 20
    assert not set(findings) & {"past-the-end", "dred-twice-on-frame", "beyond-deployed"}
    # only in the first packet after silence
    assert findings["offset-contradicts"] < streams
