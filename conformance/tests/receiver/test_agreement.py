"""The decisions of both implementations, over streams that nobody would send."""

import random

import numpy as np
import pytest

from dred_reference.receiver import Arrival, decide, redundancy_reader
from dred_reference.tables import QuantiserTables
from dred_reference.wire import WIRE_PROFILES

from . import native_streams as streams

TABLES = QuantiserTables(
    levels=16,
    latent_dim=2,
    state_dim=3,
    **{
        f"{part}_{name}": np.full((16, size), value, np.uint8)
        for part, size in (("latent", 2), ("state", 3))
        for name, value in (("quant_scales_q8", 128), ("dead_zone_q8", 0), ("r_q8", 100), ("p0_q8", 128))
    },
)
READ = redundancy_reader(WIRE_PROFILES[streams.WIRE], TABLES)
CONFIGS = (0, 3, 4, 8, 9, 10, 11, 12, 13, 14, 15, 16, 20, 28, 29, 31)


def some_packets(generator: random.Random) -> list[bytes]:
    packets = [b"", b"\xff", b"\x4b\x00", b"\x48", b"\x0b\xc1"]
    for _ in range(25):
        config = generator.choice(CONFIGS)
        frame = bytes([generator.randrange(256) for _ in range(generator.choice((0, 1, 2, 5)))])
        dred = (generator.randrange(-40, 17), generator.randrange(0, 6)) if generator.random() < 0.6 else None
        longest = {0: 4, 1: 2, 2: 1, 3: 1}[config % 4] if config < 12 else 3
        count = generator.randrange(1, longest + 1)
        packets.append(
            streams.packet(
                config, dred, frame=frame, count=count, stereo=generator.random() < 0.4,
                dred_frame=generator.randrange(count),
            )
        )  # fmt: skip
    return packets


def a_stream(generator: random.Random, packets: list[bytes]) -> list[Arrival]:
    time, arrivals = generator.choice((-960, 0, 0, 0, 5)), []
    for _ in range(generator.randrange(40)):
        packet = generator.choice(packets)
        if generator.random() < 0.6:
            delay = generator.choice((0, 0, 240, 3000, generator.randrange(20000)))
            arrivals.append(Arrival(time, time + delay, packet))
        if generator.random() < 0.1:
            arrivals.extend(arrivals[-1:])
        time += generator.choice((120, 480, 960, 960, 960, 1920, 2880, generator.randrange(4000)))
    arrivals.sort(key=lambda each: each.arrival_48k)
    return arrivals


@pytest.mark.clause("RX-parse", "RX-duplicate", "RX-clock", "RX-regular")
@pytest.mark.clause("RX-block", "RX-lbrr", "RX-dred", "RX-concealment")
@pytest.mark.parametrize("seed", range(12))
def test_both_implementations_decide_alike(seed: int) -> None:
    generator = random.Random(seed)
    packets = some_packets(generator)
    seen = set()
    for _ in range(40):
        arrivals = a_stream(generator, packets)
        duration = generator.randrange(60000)
        delay = generator.choice((None, None, 0, 960, 2880, 7777))
        lbrr, dred = generator.random() < 0.8, generator.random() < 0.8
        expected = decide(arrivals, duration, READ if dred else None, delay_48k=delay, lbrr=lbrr)
        found = streams.decide(
            [(each.timestamp_48k, each.arrival_48k, each.packet) for each in arrivals],
            duration, delay_48k=delay, lbrr=lbrr, dred=dred,
        )  # fmt: skip
        assert found == [
            (each.start_48k, each.duration_48k, each.source, each.packet_48k, each.feature)
            for each in expected
        ]
        seen |= {each.source for each in expected}
    assert seen == {"regular", "lbrr", "dred", "concealment"}
