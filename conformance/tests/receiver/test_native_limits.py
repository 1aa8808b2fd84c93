"""The native receiver with hostile times, wrong types, and long streams."""

import random
import time
from typing import Any

import pytest

import dred_native

from .native_streams import CELT_2P5, MODEL, WIRE, Arrival, decide, packet

MOST = 2**53
TEN_HOURS = 36000 * 48000
PLAIN = packet()
SECOND = 48000


def refused(*arrivals: Any, duration: int = 960, **settings: Any) -> dred_native.DredError:
    with pytest.raises(dred_native.DredError) as caught:
        dred_native.receiver_decisions(arrivals, duration, WIRE, MODEL, **settings)
    assert (caught.value.rule, caught.value.stage) == ("W1", "receiver")
    return caught.value


@pytest.mark.parametrize("beyond", [MOST + 1, -MOST - 1, 2**63 - 1, -(2**63), 2**80])
def test_times_beyond_the_limits_are_refused(beyond: int) -> None:
    refused((beyond, 0, PLAIN))
    refused((0, beyond, PLAIN))
    refused((0, beyond, b""))  # of what is no packet too
    refused((0, 0, PLAIN), delay_48k=beyond)
    refused((0, 0, PLAIN), duration=beyond)


def test_durations_are_ten_hours_at_most() -> None:
    refused(duration=TEN_HOURS + 1)
    refused(duration=-1)


def test_times_at_the_limits_are_times() -> None:
    arrivals = [(MOST, -MOST, PLAIN), (0, MOST, PLAIN), (MOST - 960, -MOST, packet(dred=(10, 3)))]
    for delay in (None, MOST, -MOST, 0):
        sources = [each[2] for each in decide(arrivals, 960, delay_48k=delay)]
        assert sources == (["regular"] if delay is None else ["concealment"] * 2)
    assert decide([(0, -MOST, PLAIN), (MOST, MOST, PLAIN)], 960, delay_48k=MOST)[0][2] == "regular"


@pytest.mark.parametrize(
    "arrival",
    [(0, 0), (0, 0, PLAIN, 1), 7, None, (0.5, 0, PLAIN), (0, 0, "x"), ("0", 0, PLAIN), (0, None, PLAIN)],
)
def test_other_types_are_refused(arrival: Any) -> None:
    with pytest.raises(TypeError):
        dred_native.receiver_decisions([arrival], 960, WIRE, MODEL)


def test_a_wire_profile_that_is_not_known() -> None:
    with pytest.raises(dred_native.DredError, match="W1"):
        dred_native.receiver_decisions([], 0, "draft-99", MODEL)
    # One that is recognised only has no redundancy.
    arrivals = [(960, 0, packet(dred=(10, 3)))]
    found = dred_native.receiver_decisions(arrivals, 960, "experimental-10", MODEL)
    assert [each[2] for each in found] == ["concealment"] * 2


def test_any_bytes_are_taken() -> None:
    bytes_like: list[Any] = [bytearray(PLAIN), memoryview(PLAIN)]
    found = decide([(960 * i, 0, each) for i, each in enumerate(bytes_like)], 1920)
    assert [each[2] for each in found] == ["regular"] * 2


def lossy(duration: int, loss: float, seed: int, redundant: bytes) -> list[Arrival]:
    """Return packets of 2.5 ms of which some are lost, with jitter of up to 80 ms."""
    source = random.Random(seed)
    sent = [(at, at + source.randrange(3840), redundant) for at in range(0, duration, 120)]
    return sorted((each for each in sent if source.random() >= loss), key=lambda each: each[1])


@pytest.mark.parametrize("delay", [None, 1920])
def test_minutes_of_short_packets_take_moments(delay: int | None) -> None:
    duration = 120 * SECOND
    arrivals = lossy(duration, 0.7, 1, packet(CELT_2P5, (4, 26)))
    begin = time.perf_counter()
    found = decide(arrivals, duration, delay_48k=delay)
    assert time.perf_counter() - begin < 5
    assert {each[2] for each in found} == {"regular", "dred", "concealment"}
    if delay is None:  # only the end has nothing behind it
        assert min(each[0] for each in found if each[2] == "concealment") > duration - 4000
    assert len(found) <= duration // 480 + 3 * len(arrivals) + 1


@pytest.mark.parametrize("delay", [None, 60 * SECOND])
def test_a_long_hole_does_not_look_at_every_packet_for_every_block(delay: int | None) -> None:
    # Half an hour of nothing, behind it 60 s of packets whose redundancy does not reach back.
    hole = 1800 * SECOND
    packets = [packet(CELT_2P5, (0, 1)), packet(CELT_2P5)]
    arrivals = [(0, 0, PLAIN), *((hole + 120 * i, 0, packets[i % 2]) for i in range(24000))]
    begin = time.perf_counter()
    found = decide(arrivals, hole, delay_48k=delay)
    assert time.perf_counter() - begin < 10
    # The first packet has four frames, and the last 10 ms are made from one that comes 10 ms after it.
    known = [(start - hole, p and p - hole, k) for start, _, source, p, k in found if source == "dred"]
    assert known == [(-2400, 0, 3), (-1920, 0, 2), (-1440, 0, 1), (-960, 0, 0), (-480, 480, 0)]
