"""The account that an encoder keeps: which samples became which latent, and where it ends."""

import math
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dred_model import ModelBundle
from dred_reference.encoding import LatentEncoder
from dred_reference.errors import WriteError
from dred_reference.location import find_dred
from dred_reference.payload import decode_payload
from dred_reference.redundancy import SpeechHistory, is_active
from dred_reference.tables import QuantiserTables
from dred_reference.wire import WIRE_PROFILES

Make = Callable[..., tuple[SpeechHistory, Any]]

# Offsets and latent offsets of consecutive frames, in units of 2.5 ms and of 20 ms (facts 6.3).
STANDARD = {
    2.5: [(2, 0), (1, 0), (0, 0), (-1, 0), (-2, 0), (-3, 0), (-4, 0), (3, 0)],
    5: [(2, 0), (0, 0), (-2, 0), (4, 0)],
    10: [(2, 0), (6, 0)],
    20: [(10, 0)],
    40: [(10, 1)],
    60: [(10, 2)],
    120: [(10, 5)],
}
# With restricted delay: curr starts at 40 - 11 = 29 instead of 40 + 64 - 11 = 93.
RESTRICTED = {
    2.5: [(1, 0), (0, 0), (-1, 0), (-2, 0), (-3, 0), (-4, 0), (-5, 0), (2, 0)],
    5: [(1, 0), (-1, 0), (-3, 0), (3, 0)],
    10: [(1, 0), (5, 0)],
    20: [(9, 0)],
    40: [(9, 1)],
    60: [(9, 2)],
}
CASES = [
    *((duration, rate, None, pairs) for duration, pairs in STANDARD.items() for rate in (16000, 48000)),
    *((duration, 48000, 0, pairs) for duration, pairs in RESTRICTED.items()),
    *((20, rate, None, STANDARD[20]) for rate in (8000, 12000, 24000, 96000)),
    (20, 16000, 191, [(6, 1)]),  # floor((40 + 191 - 11 + 20) / 40) = 6: enough before any step
    (20, 16000, 190, [(13, 0)]),  # 5 is not
]


@pytest.mark.clause("ENC-offset-start", "ENC-offset-step", "ENC-offset-enough")
@pytest.mark.parametrize(("duration", "rate", "extra_delay", "pairs"), CASES)
def test_offsets_of_equal_frames(
    make_history: Make, duration: float, rate: int, extra_delay: int | None, pairs: list[tuple[int, int]]
) -> None:
    history, _ = make_history(rate, 1, extra_delay)
    found = []
    for _ in range(2 * len(pairs)):
        history.add(np.zeros(int(rate * duration / 1000)), False)
        found.append((history.dred_offset, history.latent_offset))
    assert found == 2 * pairs


@pytest.mark.clause("ENC-offset-start", "ENC-offset-step", "ENC-offset-enough")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    durations=st.lists(st.sampled_from([1, 2, 4, 8, 16, 24]), min_size=1, max_size=25),
    extra_delay=st.sampled_from([None, 0, 80]),
)
def test_the_offset_says_where_the_newest_usable_latent_ends(
    make_history: Make, durations: list[int], extra_delay: int | None
) -> None:
    """From the start of the decoded audio to the end of the latent, to the nearest unit, for any frames."""
    history, extractor = make_history(16000, 1, extra_delay)
    behind = 40 + (64 if extra_delay is None else extra_delay)
    frame_start = 0
    for units in durations:
        history.add(np.zeros(40 * units), False)
        latent_end = 160 * len(extractor.frames) - 11 - 320 * history.latent_offset
        audio_start = frame_start - behind
        if len(history.latents) > history.latent_offset:
            assert abs(40 * history.dred_offset - (latent_end - audio_start)) <= 20
        frame_start += 40 * units


@pytest.mark.clause("ENC-step", "ENC-offset-start")
def test_eleven_zeros_come_before_the_first_sample(make_history: Make) -> None:
    history, extractor = make_history()
    signal = np.arange(1, 1601)
    for start in range(0, 1600, 40):
        history.add(signal[start : start + 40] / 32768, True)
    seen = np.concatenate(extractor.frames)
    assert len(seen) == 1600
    assert seen[:11].tolist() == [0] * 11
    assert seen[11:].tolist() == signal[: 1600 - 11].tolist()


@pytest.mark.clause("ENC-step", "ENC-history", "ENC-net-input")
def test_latents_and_states_are_those_of_the_encoder_newest_first(
    make_history: Make, encoder_model: ModelBundle
) -> None:
    history, extractor = make_history(48000, 2)
    generator = np.random.default_rng(3)
    for _ in range(7):
        history.add(generator.uniform(-1, 1, (960, 2)), True)
    encoder = LatentEncoder(encoder_model.to_reference_encoder())
    expected = []
    for index in range(7):
        older, newer = (np.mean(frame) / 4096 for frame in extractor.frames[2 * index : 2 * index + 2])
        features = np.zeros(40)
        features[[0, 1, 20, 21]] = older, (2 * index + 1) % 5, newer, (2 * index + 2) % 5
        expected.append(encoder.step(features))
    assert history.latents.dtype == history.states.dtype == np.float32
    assert np.array_equal(
        history.latents, np.array([latent for latent, _ in expected[::-1]], dtype=np.float32)
    )
    assert np.array_equal(history.states, np.array([state for _, state in expected[::-1]], dtype=np.float32))


@pytest.mark.clause("ENC-history", "ENC-kept-history")
def test_104_steps_are_remembered(make_history: Make) -> None:
    history, _ = make_history()
    counts, newest = [], []
    for index in range(110):
        history.add(np.full(320, index / 200), True)
        counts.append(len(history.latents))
        newest.append(history.latents[0].copy())
    assert counts == [*range(1, 105), *([104] * 6)]
    assert np.array_equal(history.latents, newest[:5:-1])


@pytest.mark.clause("ENC-activity-memory")
def test_activity_is_remembered_per_2p5_ms_newest_first(make_history: Make) -> None:
    history, _ = make_history(48000)
    assert history.activity.tolist() == [0] * 416
    history.add(np.zeros(960), True)
    history.add(np.zeros(120), None)
    history.add(np.zeros(480), False)
    assert history.activity.tolist() == [0] * 4 + [255] + [1] * 8 + [0] * 403
    assert history.activity.dtype == np.uint8
    for _ in range(9):
        history.add(np.zeros(5760), True)
    assert history.activity.tolist() == [1] * 416


@pytest.mark.clause("ENC-activity-voice")
def test_a_step_is_active_if_anything_in_40_ms_was() -> None:
    activity = np.zeros(416, dtype=np.uint8)
    activity[39] = 1
    assert [step for step in range(60) if is_active(activity, step)] == [3, 4]
    activity[39] = 255
    assert not any(is_active(activity, step) for step in range(60))
    activity[[39, 415]] = 0, 1
    assert [step for step in range(60) if is_active(activity, step)] == [50, 51]


@pytest.mark.parametrize(
    ("rate", "samples"), [(48000, 0), (48000, 119), (48000, 961), (48000, 5880), (16000, 39), (8000, 21)]
)
def test_a_frame_that_opus_does_not_have_is_refused(make_history: Make, rate: int, samples: int) -> None:
    history, _ = make_history(rate)
    with pytest.raises(WriteError, match="frame") as caught:
        history.add(np.zeros(samples), True)
    assert (caught.value.rule, caught.value.stage) == ("W1", "audio")


def test_after_a_refusal_the_history_is_as_before(make_history: Make) -> None:
    history, extractor = make_history(48000)
    other, _ = make_history(48000)
    good = np.random.default_rng(1).uniform(-1, 1, 960)
    spoilt = good.copy()
    spoilt[500] = math.nan
    for frame in (good, spoilt, good):
        if frame is spoilt:
            with pytest.raises(WriteError):
                history.add(frame, True)
            with pytest.raises(WriteError):
                history.add(np.zeros((960, 2)), True)
        else:
            history.add(frame, True)
            other.add(frame, True)
    assert len(extractor.frames) == 4
    assert np.array_equal(history.latents, other.latents)
    assert np.array_equal(history.activity, other.activity)


@pytest.mark.parametrize("extra_delay", [-1, 48000])
def test_a_delay_out_of_its_range_is_refused(make_history: Make, extra_delay: int) -> None:
    with pytest.raises(WriteError) as caught:
        make_history(48000, 1, extra_delay)
    assert caught.value.rule == "W1"


REAL = {
    "audio48_2p5ms_128k": (2.5, None),
    "audio48_5ms_96k": (5, None),
    "audio48_10ms_64k": (10, None),
    "voip24_20ms_40k_swb": (20, None),
    "lowdelay48_20ms_64k": (20, 0),
    "voip16_40ms_32k": (40, None),
    "voip16_60ms_32k": (60, None),
}


def packets_of(path: Path, count: int) -> list[bytes]:
    data, start, packets = path.read_bytes(), 0, []
    while start < len(data) and len(packets) < count:
        (size,) = struct.unpack_from(">I", data, start)
        packets.append(data[start + 8 : start + 8 + size])
        start += 8 + size
    return packets


@pytest.mark.interop
@pytest.mark.official_model
@pytest.mark.clause("ENC-offset-start", "ENC-offset-step", "ENC-write-offset")
@pytest.mark.parametrize("name", REAL)
def test_real_encoders_signal_these_offsets_less_what_they_skip(
    make_history: Make, interop_streams: list[Path], official_tables: QuantiserTables, name: str
) -> None:
    """Skipped silence takes whole steps of 8 off an offset; the rest of the account shows in every packet."""
    duration, extra_delay = REAL[name]
    wire = WIRE_PROFILES["experimental-12"]
    (path,) = [path for path in interop_streams if path.stem == name]
    history, _ = make_history(16000, 1, extra_delay)
    compared = 0
    for packet in packets_of(path, 150):
        history.add(np.zeros(int(16 * duration)), False)
        found = find_dred(packet, wire) if packet else None
        if found is not None:
            offset = decode_payload(found.payload, wire, official_tables, max_latents=0).offset
            assert (history.dred_offset - offset) % 8 == 0
            assert offset <= history.dred_offset
            compared += 1
    assert compared > 100
