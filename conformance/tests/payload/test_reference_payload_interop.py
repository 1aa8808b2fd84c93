"""Real packets of libopus: where the DRED is, what it says, and the same bytes from the same symbols."""

from collections import Counter
from typing import Any

import pytest

from dred_reference.availability import availability
from dred_reference.location import broken_placement_rules, find_dred
from dred_reference.payload import (
    Header,
    Payload,
    decode_header,
    decode_payload,
    decode_symbols,
    encode_payload,
)
from dred_reference.range_decoder import RangeDecoder
from dred_reference.schedule import quantiser_level
from dred_reference.tables import QuantiserTables
from dred_reference.wire import WIRE_PROFILES

pytestmark = [pytest.mark.interop, pytest.mark.official_model]
WIRE = WIRE_PROFILES["experimental-12"]
Entries = list[dict[str, Any]]


@pytest.mark.clause("DRED-locate", "DRED-frame-offset", "DRED-offset-sign", "DRED-stop", "DRED-decode-all")
def test_location_offset_and_number_of_latents(
    interop_expected: Entries, official_tables: QuantiserTables
) -> None:
    for entry in interop_expected:
        found = find_dred(bytes.fromhex(entry["packet"]), WIRE)
        assert found is not None
        assert (found.payload.hex(), found.frame) == (entry["payload"], entry["ext_frame"])
        read = decode_payload(found.payload, WIRE, official_tables, frame_offset=found.frame_offset)
        assert (read.offset, len(read.latents)) == (entry["dred_offset"], entry["nb_latents"])


@pytest.mark.clause("DRED-one-per-frame", "DRED-one-per-packet", "DRED-first-frame")
def test_libopus_keeps_the_placement_rules(interop_expected: Entries) -> None:
    broken: Counter[str] = Counter()
    for entry in interop_expected:
        rules = broken_placement_rules(bytes.fromhex(entry["packet"]), WIRE)
        broken.update(rules)
        assert ("DRED-first-frame" in rules) == (entry["ext_frame"] > 0)
    assert set(broken) <= {"DRED-first-frame"}


@pytest.mark.clause("DRED-availability", "DRED-availability-end")
def test_availability_of_a_second(interop_expected: Entries, official_tables: QuantiserTables) -> None:
    for entry in interop_expected:
        answer = availability(bytes.fromhex(entry["packet"]), 48000, 48000, WIRE, official_tables)
        assert (answer.samples, answer.dred_end) == (entry["avail_48k"], entry["dred_end_48k"])


@pytest.mark.clause("DRED-availability-1.6.1")
def test_the_rule_that_facts_ascribe_to_1_6_1_is_not_what_it_did(
    interop_expected: Entries, official_tables: QuantiserTables
) -> None:
    """One packet tells the rules apart: its offset is so negative that the newer rule stops a latent earlier.

    The recorded answer, from libopus 1.6.1 by its README, is that of the newer rule.
    """
    differing = []
    for entry in interop_expected:
        packet = bytes.fromhex(entry["packet"])
        answer = availability(packet, 48000, 48000, WIRE, official_tables, rule="1.6.1")
        assert answer.dred_end == entry["dred_end_48k"]
        if answer.samples != entry["avail_48k"]:
            differing.append((entry["stream"], entry["index"], answer.samples - entry["avail_48k"]))
    assert differing == [("audio48_5ms_96k", 1946, 1920)]


def symbols_until(read: Payload, data: bytes, count: int, tables: QuantiserTables) -> list[tuple[int, ...]]:
    """Decode `count` latents, whatever the stop rule says."""
    decoder = RangeDecoder(data)
    decode_header(decoder)
    assert decode_symbols(decoder, tables.state_symbols[read.q0]) == read.state
    levels = [quantiser_level(read.q0, read.dq, read.qmax, k) for k in range(count)]
    return [decode_symbols(decoder, tables.latent_symbols[level]) for level in levels]


@pytest.mark.clause(
    "DRED-write-header", "DRED-write-state", "DRED-write-latents", "DRED-last-latent", "DRED-write-last"
)
def test_encoding_the_symbols_gives_the_payload_back(
    interop_expected: Entries, official_tables: QuantiserTables
) -> None:
    """Byte for byte; where the stop rule loses the last latents, with them."""
    lost: Counter[int] = Counter()
    for entry in interop_expected:
        payload = bytes.fromhex(entry["payload"])
        read = decode_payload(payload, WIRE, official_tables)
        header = Header(read.q0, read.dq, read.qmax, read.offset)
        for more in range(5):
            latents = symbols_until(read, payload[2:], len(read.latents) + more, official_tables)
            assert latents[: len(read.latents)] == list(read.latents)
            written = encode_payload(header, read.state, latents, WIRE, official_tables)
            if written.payload == payload:
                break
        else:
            pytest.fail(f"{entry['stream']} {entry['index']} is not reproduced")
        lost[more] += 1
        if more > 0:
            # The lost ones together cost at most 7 bits, and a byte more would have saved them.
            kept = encode_payload(header, read.state, latents, WIRE, official_tables, keep_last=True)
            assert kept.payload == payload + b"\x00"
            again = decode_payload(kept.payload, WIRE, official_tables)
            assert list(again.latents[: len(latents)]) == latents
    assert lost == {0: 254, 1: 30, 2: 4, 3: 1}
