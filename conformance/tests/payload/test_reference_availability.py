"""What deployed decoders say is available, by both rules."""

from collections.abc import Callable
from typing import Any

import pytest

from dred_reference.availability import Availability, availability
from dred_reference.extension import Extension
from dred_reference.packet_padding import add_extensions
from dred_reference.payload import Header, encode_payload
from dred_reference.tables import QuantiserTables
from dred_reference.wire import WIRE_PROFILES

WIRE = WIRE_PROFILES["experimental-12"]
Maker = Callable[..., QuantiserTables]


def packet(tables: QuantiserTables, offset: int, count: int) -> bytes:
    """A packet with `count` latents that all decode: their symbols are dear enough."""

    def loud(coding: tuple[tuple[int, int] | None, ...]) -> list[int]:
        return [0 if coded is None else 40 for coded in coding]

    state, latent = loud(tables.state_symbols[2]), loud(tables.latent_symbols[2])
    payload = encode_payload(Header(2, 0, 15, offset), state, [latent] * count, WIRE, tables).payload
    return add_extensions(b"\x08speech", [Extension(126, 0, payload)])


@pytest.mark.clause("DRED-availability", "DRED-availability-end")
@pytest.mark.parametrize(
    ("offset", "latents", "rate", "samples", "dred_end"),
    [
        (10, 3, 48000, 3 * 1920 - 1200, 0),
        (16, 1, 48000, 0, 0),
        (0, 2, 16000, 1280, 0),
        (-10, 2, 48000, 2 * 1920 + 1200, 1200),
        (-7, 2, 12000, 960 + 210, 210),
        (3, 1, 8000, 320 - 60, 0),
    ],
)
def test_samples_reach_back_from_the_offset(
    synthetic_tables: Maker, offset: int, latents: int, rate: int, samples: int, dred_end: int
) -> None:
    tables = synthetic_tables(2)
    answer = availability(packet(tables, offset, latents), rate, rate, WIRE, tables)
    assert answer == Availability(samples, dred_end)


@pytest.mark.clause("DRED-availability", "DRED-availability-1.6.1")
@pytest.mark.parametrize(
    ("offset", "wanted_ms", "latents_2026", "latents_161"),
    [
        (10, 1000, 26, 26),
        (1, 1000, 26, 26),
        (0, 1000, 25, 26),  # 100 feature frames, 50 chunks: 25 latents
        (-3, 1000, 25, 26),
        (-200, 1000, 13, 26),  # (400 - 200 + 3) / 4 = 50 frames, 25 chunks
        (-5000, 1000, 0, 26),  # a negative sum counts as 0
        (16, 40, 2, 2),  # (16 + 16 + 3) / 4 = 8 frames; 2 + 4 = 6 frames, 3 chunks
        (16, 0, 1, 1),  # 19 / 4 = 4 frames, 2 chunks; 2 frames, 1 chunk
        (16, 10000, 26, 26),
    ],
)
def test_the_rules_differ_in_how_many_latents_they_read(
    synthetic_tables: Maker, offset: int, wanted_ms: int, latents_2026: int, latents_161: int
) -> None:
    tables = synthetic_tables(2)
    data = packet(tables, offset, 30)
    for rule, latents in (("2026-06", latents_2026), ("1.6.1", latents_161)):
        answer = availability(data, 48000, 48 * wanted_ms, WIRE, tables, rule=rule)
        assert answer.samples == max(0, latents * 1920 - offset * 120), rule


@pytest.mark.clause("DRED-availability")
def test_no_dred_means_zeros(synthetic_tables: Maker) -> None:
    tables = synthetic_tables(2)
    assert availability(b"\x08speech", 48000, 48000, WIRE, tables) == Availability(0, 0)
    fine: dict[str, Any] = {"packet": b"\x08", "sampling_rate": 48000, "max_samples": 9}
    wrong: list[dict[str, Any]] = [{"sampling_rate": 0}, {"max_samples": -1}, {"rule": "1.5"}]
    wrong += [{"sampling_rate": 192001}, {"max_samples": 2**31}]
    for arguments in wrong:
        with pytest.raises(ValueError, match="sampling rate"):
            availability(**(fine | arguments), wire=WIRE, tables=tables)
