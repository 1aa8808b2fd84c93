"""State, latents, coverage, and what encoding again reveals."""

import random

import pytest

from dred_conformance.inspection import Inspector
from dred_conformance.inspection.dred_section import NamedTables
from dred_model import synthetic_model
from dred_reference.payload import Header, decode_payload, encode_payload
from dred_reference.wire import WIRE_PROFILES

WIRE = WIRE_PROFILES["experimental-12"]


def codes(report) -> set[str]:
    return {finding.code for finding in report.findings}


def written(tables, seed: int, latents: int, *, header: Header | None = None, **named) -> bytes:
    """A payload of small random symbols, as trained models make them."""
    chance = random.Random(seed)

    def symbols(rows) -> list[int]:
        # a value of probability zero cannot be coded
        drawn = [chance.choice((0, 0, 0, 0, 1, -1, 2)) for _ in rows]
        return [
            0 if coded is None else value or coded[0] == 0 for coded, value in zip(rows, drawn, strict=True)
        ]

    header = header or Header(6, 5, 15, 10)
    levels = [min(header.qmax, header.q0 + ((8 * index + 8) >> 4)) for index in range(latents)]
    state = symbols(tables.state_symbols[header.q0])
    rows = [symbols(tables.latent_symbols[level]) for level in levels]
    return encode_payload(header, state, rows, WIRE, tables, **named).payload


def packet_of(packets, payload: bytes, **named) -> bytes:
    return packets.code3(packets.long_extension(126, payload), **named)


@pytest.mark.clause("DRED-schedule")
def test_levels_and_times_of_the_latents(look, packets, model) -> None:
    report = look(packet_of(packets, written(model.tables, 1, 19)), model)
    dred = report.dred
    # facts A4: q0 6, dQ 5
    expected = [6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15]
    levels = [latent.level for latent in dred.latents]
    assert levels[:19] == expected[: len(levels)]
    assert (dred.latents[0].from_ms, dred.latents[0].to_ms) == (-15, 25)
    assert (dred.latents[3].from_ms, dred.latents[3].to_ms) == (-135, -95)
    assert dred.coverage.newest_ms == 25
    assert dred.coverage.oldest_ms == 25 - 40 * len(levels)
    assert dred.coverage.duration_ms == 40 * len(levels)
    assert dred.model == "synthetic"


def test_bits_of_state_and_latents_add_up_to_what_the_coder_counts(look, packets, model) -> None:
    dred = look(packet_of(packets, written(model.tables, 2, 12)), model).dred
    header_bits = 15  # facts A3: (6, 5, total offset 6, 15) ends at 15, of which one is the decoder's own
    used = 8 * (dred.payload_bytes - 2) - dred.unused_bits
    total = header_bits + dred.state_bits + sum(latent.bits for latent in dred.latents)
    assert used == pytest.approx(total, abs=1.1)


@pytest.fixture(scope="module")
def small() -> NamedTables:
    """A model whose latents take few bits, so that they get lost."""
    return NamedTables(
        "synthetic", synthetic_model(5, latent_dim=2, state_dim=3).tables.to_reference_tables()
    )


@pytest.mark.clause("DRED-last-latent")
def test_lost_latents_are_told_exactly_when_they_are_lost(look, packets, small) -> None:
    lost = 0
    for seed in range(150):
        latents = 1 + seed % 9
        payload = written(small.tables, seed, latents)
        decoded = len(decode_payload(payload, WIRE, small.tables).latents)
        found = codes(look(packet_of(packets, payload), small))
        assert "not-canonical" not in found
        assert "bytes-after" not in found
        if "last-latent-lost" in found:
            assert decoded < latents
        if decoded < latents:
            lost += 1
            assert found & {"last-latent-lost", "last-latent-unclear"}
    assert lost > 3


def test_words_of_a_lost_latent(look, packets) -> None:
    # latents of two values take few bits
    for seed in range(40):
        tables = synthetic_model(seed, latent_dim=2, state_dim=2).tables.to_reference_tables()
        payload = written(tables, seed, 5)
        report = look(packet_of(packets, payload), NamedTables("synthetic", tables))
        finding = next((each for each in report.findings if each.code == "last-latent-lost"), None)
        if finding is not None:
            decoded = len(report.dred.latents)
            assert f"decoders read {decoded}" in finding.text
            assert finding.clause == "DRED-last-latent"
            return
    pytest.fail("no payload of these tables loses a latent")


def test_added_bytes_are_told_with_their_place(look, packets, model) -> None:
    for added in (bytes(4), b"\x5a\xa5\x33\xcc"):
        payload = written(model.tables, 6, 6)
        assert payload[-1] != 0
        data = packet_of(packets, payload + added)
        report = look(data, model)
        finding = next(each for each in report.findings if each.code == "bytes-after")
        told = data[finding.start_bit // 8 : finding.end_bit // 8]
        # the first of foreign bytes may by chance be what one latent more ends with
        assert added.endswith(told)
        assert len(told) >= 3
        assert ("probably added" in finding.text) == (added == bytes(4))
        assert f"{len(told)} zero bytes" in finding.text or f"{len(told)} bytes may" in finding.text


def test_byte_that_keeps_the_last_latent(look, packets, small) -> None:
    kept = told = 0
    for seed in range(150):
        latents = 1 + seed % 9
        plain = written(small.tables, seed, latents)
        payload = written(small.tables, seed, latents, keep_last=True)
        if payload == plain:
            continue
        kept += 1
        found = codes(look(packet_of(packets, payload), small))
        # a byte more may by chance be exactly what more latents give: then nothing can be said
        assert not found & {"last-latent-lost", "not-canonical", "bytes-after"}
        told += "keep-last-byte" in found
    assert kept > 3
    assert told >= 10


def test_cut_payload_reads_past_its_end(look, packets, model) -> None:
    payload = written(model.tables, 7, 8)
    found = codes(look(packet_of(packets, payload[:9]), model))
    assert "past-the-end" in found
    assert "not-canonical" in found
    assert "no-latents" in found


@pytest.mark.clause("DRED-always-decodes")
def test_damaged_payload_is_no_error(look, packets, model) -> None:
    payload = bytearray(written(model.tables, 8, 8))
    for position in range(2, len(payload)):
        damaged = bytearray(payload)
        damaged[position] ^= 0x55
        report = look(packet_of(packets, bytes(damaged)), model)
        assert report.rejection is None
        assert report.dred is not None


def test_more_latents_than_libopus_decodes(look, packets, model) -> None:
    report = look(packet_of(packets, written(model.tables, 9, 40)), model)
    assert len(report.dred.latents) > 26
    assert "beyond-deployed" in codes(report)
    assert "beyond-deployed" not in codes(look(packet_of(packets, written(model.tables, 9, 20)), model))


@pytest.mark.parametrize(
    ("header", "latents", "warned"),
    [
        (Header(6, 5, 15, 10), 12, True),  # 6 .. 12
        (Header(6, 5, 8, 10), 12, False),  # stays at 8
        (Header(9, 5, 15, 10), 12, False),  # starts above
        (Header(4, 5, 15, 10), 5, False),  # 4 .. 6
    ],
)
def test_level_ramp_is_a_matter_of_the_official_model(look, packets, model, header, latents, warned) -> None:
    payload = packet_of(packets, written(model.tables, 10, latents, header=header))
    official = NamedTables("libopus-1.6", model.tables)
    assert ("level-ramp" in codes(look(payload, official))) == warned
    assert "level-ramp" not in codes(look(payload, model))


def test_same_symbols_must_move_with_time(source, packets, model) -> None:
    def run(second_offset: int, between: bytes | None = None) -> set[str]:
        inspector = Inspector(WIRE, model)
        payloads = [written(model.tables, 11, 6, header=Header(6, 5, 15, o)) for o in (10, second_offset)]
        data = [packet_of(packets, payload) for payload in payloads]
        if between is not None:
            data.insert(1, between)
        reports = [inspector.inspect(source(packet, index)) for index, packet in enumerate(data)]
        return codes(reports[-1])

    assert "offset-contradicts" not in run(2)  # 20 ms later, 20 ms further back
    assert "offset-contradicts" in run(10)
    assert "offset-contradicts" in run(-6)
    assert "offset-contradicts" not in run(10, between=b"")


def test_packets_that_do_not_follow_each_other_cannot_contradict(source, packets, model) -> None:
    data = packet_of(packets, written(model.tables, 11, 6))
    for index, contradicts in ((1, True), (2, False)):
        inspector = Inspector(WIRE, model)
        inspector.inspect(source(data, 0))
        assert ("offset-contradicts" in codes(inspector.inspect(source(data, index)))) == contradicts
