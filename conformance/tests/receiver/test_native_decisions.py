"""What the native receiver plays, in cases worked by hand."""

import pytest

import dred_native

from .native_streams import (
    CELT_2P5,
    CELT_20,
    HYBRID_20,
    LBRR,
    SILK_20,
    SILK_40,
    SILK_60,
    decide,
    packet,
)

PLAIN = packet()


def concealed(*parts: tuple[int, int]) -> list[tuple[int, int, str, None, None]]:
    return [(start, length, "concealment", None, None) for start, length in parts]


@pytest.mark.clause("RX-regular", "RX-concealment", "RX-parse")
def test_packets_follow_one_another_and_holes_are_concealed() -> None:
    arrivals = [(0, 7, PLAIN), (960, 7, packet(CELT_2P5, count=3)), (2880, 7, packet(SILK_60))]
    assert decide(arrivals, 4000) == [
        (0, 960, "regular", 0, None),
        (960, 360, "regular", 960, None),
        *concealed((1320, 480), (1800, 480), (2280, 480), (2760, 120)),
        (2880, 1120, "regular", 2880, None),
    ]


@pytest.mark.clause("RX-dred")
def test_a_hole_of_80_ms_before_offset_10() -> None:
    (*hole, last) = decide([(3840, 0, packet(dred=(10, 3)))], 4800)
    assert hole == [(480 * i, 480, "dred", 3840, 8 - i) for i in range(8)]
    assert last == (3840, 960, "regular", 3840, None)


@pytest.mark.clause("RX-dred")
def test_the_oldest_and_the_newest_feature_of_a_packet() -> None:
    # Offset 2: 240 samples. Frame k is from 720 + 480 k before the packet, for 4 latents k = 0..15; the first
    # 40 ms are too old and the last 10 too new.
    found = decide([(9600, 0, packet(dred=(2, 4)))], 9600)
    features = {start: feature for start, _, source, _, feature in found if source == "dred"}
    assert features == {9600 - 960 - 480 * k: k for k in range(16)}
    assert {start for start, *_ in found} - set(features) == {0, 480, 960, 9120}
    # One sample decides: at 9600 - 721 there are 720 + 241 samples, which is frame 0, at 9600 - 719 too few.
    for start, feature in ((8879, 0), (8881, None)):
        arrivals = [(start - 960, 0, PLAIN), (9600, 0, packet(dred=(2, 4)))]
        (block,) = [each for each in decide(arrivals, 9600) if each[0] == start]
        assert block[4] == feature


@pytest.mark.clause("RX-dred", "DRED-frame-offset")
def test_the_frame_of_the_redundancy_moves_its_features() -> None:
    arrivals = [(1920, 0, packet(dred=(-4, 3), count=2, dred_frame=1))]
    # 1920 + 120 (8 - 4) = 2400: 5 frames, less the 2.
    assert [feature for *_, feature in decide(arrivals, 1920)] == [3, 2, 1, 0]


@pytest.mark.clause("RX-dred")
def test_the_first_packet_that_reaches_serves() -> None:
    near, far = packet(dred=(0, 2)), packet(dred=(0, 3))
    arrivals = [(2880, 0, near), (3840, 0, packet(CELT_20)), (4800, 0, far)]
    # The nearest has frames 0 to 7: floor(2880 / 480) - 2 = 4. For the last 10 ms all that it knows is too
    # old; there the last one has floor((4800 - 2400) / 480) - 2 = 3.
    assert [(p, k) for *_, p, k in decide(arrivals, 2880)] == [
        *[(2880, k) for k in (4, 3, 2, 1, 0)],
        (4800, 3),
    ]
    assert decide(arrivals[1:2], 480) == concealed((0, 480))


@pytest.mark.clause("RX-dred")
def test_redundancy_that_is_too_short_leaves_the_rest_to_others() -> None:
    arrivals = [(4800, 0, packet(dred=(0, 1))), (5760, 0, packet(dred=(0, 3)))]
    # 10 - 2 = 8 of the first, which has 4; 12 - 2 = 10 of the second, which has 12.
    found = [(p, k) for *_, p, k in decide(arrivals, 4800)]
    assert found == [*[(5760, k) for k in range(10, 5, -1)], *[(4800, k) for k in (3, 2, 1, 0)], (5760, 1)]


@pytest.mark.clause("RX-dred")
def test_what_is_no_redundancy_of_this_profile_is_none() -> None:
    other = dred_native.pad_packet(PLAIN, [(126, 0, b"\x44\x0c" + bytes(40))])
    broken = b"\x4b\x41\x02\x00\x00" + bytes([(5 << 1) | 1, 0xFF])[:2]
    found = decide([(960, 0, other), (1920, 0, broken), (2880, 0, packet(dred=(0, 3)))], 960)
    assert [(p, k) for *_, p, k in found] == [(2880, 4), (2880, 3)]


@pytest.mark.clause("RX-block", "RX-lbrr")
def test_lbrr_begins_where_it_fits_and_cuts_the_block_before() -> None:
    arrivals = [(0, 0, PLAIN), (2640, 0, packet(frame=LBRR))]
    expected = [
        (0, 960, "regular", 0, None),
        *concealed((960, 480), (1440, 240)),
        (1680, 960, "lbrr", 2640, None),
        (2640, 960, "regular", 2640, None),
    ]
    assert decide(arrivals, 3600) == expected
    assert decide(arrivals, 2000)[3:] == [(1680, 320, "lbrr", 2640, None)]
    assert decide(arrivals, 2640, lbrr=False)[1:] == concealed(
        (960, 480), (1440, 480), (1920, 480), (2400, 240)
    )


@pytest.mark.clause("RX-lbrr")
def test_lbrr_needs_a_hole_of_its_own_length() -> None:
    arrivals = [(0, 0, PLAIN), (1800, 0, packet(frame=LBRR))]
    assert decide(arrivals, 1800)[1:] == concealed((960, 480), (1440, 360))


@pytest.mark.clause("RX-lbrr")
def test_only_the_nearest_packet_at_hand_gives_lbrr() -> None:
    arrivals = [(960, 0, packet(CELT_20)), (1920, 0, packet(frame=LBRR))]
    assert decide(arrivals, 960) == concealed((0, 480), (480, 480))
    # Of 40 ms in the place of 20: it lies before the start.
    assert decide([(960, 0, packet(SILK_40, frame=b"\x20\x00"))], 960) == concealed((0, 480), (480, 480))
    assert decide([(1920, 0, packet(SILK_40, frame=b"\x20\x00"))], 1920) == [(0, 1920, "lbrr", 1920, None)]


@pytest.mark.clause("RX-lbrr", "RX-dred")
def test_lbrr_goes_before_dred_and_dred_before_concealment() -> None:
    arrivals = [(2400, 0, packet(HYBRID_20, (0, 1), frame=LBRR))]
    assert decide(arrivals, 2400) == [
        (0, 480, "dred", 2400, 3),
        (480, 480, "dred", 2400, 2),
        (960, 480, "dred", 2400, 1),
        (1440, 960, "lbrr", 2400, None),
    ]
    assert [each[2] for each in decide(arrivals, 1440, dred=False)] == ["concealment"] * 3


@pytest.mark.clause("RX-clock")
def test_a_packet_is_on_time_up_to_the_last_sample() -> None:
    for late, source in ((0, "regular"), (1, "concealment")):
        arrivals = [(0, 5000, PLAIN), (960, 5000 + 960 + 2880 + late, PLAIN)]
        found = decide(arrivals, 1920, delay_48k=2880)
        assert (found[1][2], len(found)) == (source, 2 + late)


@pytest.mark.clause("RX-clock", "RX-block", "RX-dred")
def test_redundancy_serves_from_when_its_packet_is_at_hand() -> None:
    # Due at t is t + 600 after the first arrival; the last packet comes at 2040, so it is at hand from 1440.
    arrivals = [(0, 100, PLAIN), (2880, 100 + 2040, packet(dred=(0, 3)))]
    assert decide(arrivals, 2880, delay_48k=600) == [
        (0, 960, "regular", 0, None),
        *concealed((960, 480)),
        (1440, 480, "dred", 2880, 1),
        (1920, 480, "dred", 2880, 0),
        *concealed((2400, 480)),
    ]
    late = [arrivals[0], (2880, 100 + 2041, arrivals[1][2])]
    assert [k for *_, k in decide(late, 2880, delay_48k=600)] == [None, None, None, 0, None]
    # It waits for both; nothing is late for a receiver without delay.
    assert [k for *_, k in decide(late, 2880)] == [None, 2, 1, 0, None]


@pytest.mark.clause("RX-block", "RX-clock")
def test_a_packet_that_is_still_to_come_cuts_the_block() -> None:
    arrivals = [(0, 0, PLAIN), (1200, 1200, PLAIN)]
    assert decide(arrivals, 2160, delay_48k=0) == [
        (0, 960, "regular", 0, None),
        *concealed((960, 240)),
        (1200, 960, "regular", 1200, None),
    ]


@pytest.mark.clause("RX-lbrr", "RX-clock")
def test_lbrr_of_the_packet_at_hand_plays_over_one_that_is_not() -> None:
    # At 960 only the packet at 1920 is there; the one at 1440 comes just in time, and is never played.
    arrivals = [(0, 0, PLAIN), (1920, 900, packet(frame=LBRR)), (1440, 1440, PLAIN)]
    assert decide(arrivals, 2880, delay_48k=0) == [
        (0, 960, "regular", 0, None),
        (960, 960, "lbrr", 1920, None),
        (1920, 960, "regular", 1920, None),
    ]


@pytest.mark.clause("RX-regular")
def test_a_packet_that_begins_before_the_cursor_is_never_played() -> None:
    arrivals = [(0, 0, packet(SILK_60)), (960, 0, PLAIN), (3000, 0, PLAIN)]
    assert decide(arrivals, 3960) == [
        (0, 2880, "regular", 0, None),
        *concealed((2880, 120)),
        (3000, 960, "regular", 3000, None),
    ]


@pytest.mark.clause("RX-duplicate", "RX-parse", "RX-clock")
def test_which_packets_count() -> None:
    refused = b"\x4b\x00"
    arrivals = [
        (0, -900000, refused),  # no frame: it counts nowhere, so the clock begins with the next but two
        (0, -800000, b""),
        (-960, -700000, packet(frame=LBRR)),
        (480, 480, packet(SILK_20)),
        (480, 481, packet(SILK_60)),
        (1920, 5000, packet(SILK_20)),  # too late, and so the next is too: the first one counts
        (1920, 1000, packet(SILK_60)),
    ]
    assert decide(arrivals, 2400, delay_48k=0) == [
        *concealed((0, 480)),
        (480, 960, "regular", 480, None),
        *concealed((1440, 480), (1920, 480)),
    ]


@pytest.mark.clause("RX-lbrr")
@pytest.mark.parametrize("stereo", [False, True])
@pytest.mark.parametrize(
    ("configs", "mid", "side"),
    [
        ((0, 1, 4, 5, 8, 9, 12, 13, 14, 15), 0x40, 0x10),
        ((2, 6, 10), 0x20, 0x04),
        ((3, 7, 11), 0x10, 0x01),
    ],
)
def test_where_the_lbrr_flag_lies(configs: tuple[int, ...], mid: int, side: int, stereo: bool) -> None:
    for config in configs:
        for bit in range(8):
            frame = bytes([1 << bit, 0])
            expected = 1 << bit == mid or (stereo and 1 << bit == side)
            assert dred_native.has_lbrr(packet(config, frame=frame, stereo=stereo)) == expected


@pytest.mark.clause("RX-lbrr")
def test_packets_without_lbrr_flag() -> None:
    for config in range(16, 32):
        assert not dred_native.has_lbrr(packet(config, frame=b"\xff\xff"))
    assert not dred_native.has_lbrr(packet(frame=b"\xff"))
    assert not dred_native.has_lbrr(b"\x48")
    # The first frame decides.
    two = dred_native.write_packet(SILK_20, False, 3, [b"", b"\xff\xff"], vbr=True)
    assert not dred_native.has_lbrr(two)
    with pytest.raises(dred_native.DredError, match="R1"):
        dred_native.has_lbrr(b"")


def test_no_duration_no_decision() -> None:
    assert decide([(0, 0, PLAIN)], 0) == []
    assert decide([], 1000) == concealed((0, 480), (480, 480), (960, 40))
