"""Our encoder's streams against those of libopus: the same clips, bytes, bursts and receiver."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from dred_conformance.encoding import (
    BaseSettings,
    EncoderModel,
    RateRequest,
    Stopwatch,
    StreamEncoder,
    make_rule,
    read_speech,
    wire_to_write,
)
from dred_conformance.encoding.model import encoder_model
from dred_conformance.inputs import open_input
from dred_conformance.receiving import ReceiverModel, ReceiverSettings, receive
from dred_model import ModelBundle

from .speech_streams import arrivals

CLIPS = (
    *("ka_en_US_kathleen_0", "ka_en_US_kathleen_1", "ka_en_US_kathleen_2", "ka_en_US_kathleen_3"),
    *("ls_en_1688_0", "ls_en_1688_1"),
)
BURSTS = (5, 10, 20, 40)  # packets of 20 ms
GAP = 12
FIRST = 20
pytestmark = [pytest.mark.official_model, pytest.mark.interop]


def bitrate(packets: list[bytes]) -> float:
    return 8 * sum(map(len, packets)) / (0.02 * len(packets))


def encoded(clip: Path, wanted: float, model: EncoderModel) -> list[bytes]:
    """Return packets of a clip that cost what is wanted, within a percent and not more."""
    speech = read_speech(clip, None, 1)
    asked = wanted
    for _ in range(4):
        request = RateRequest(round(asked), loss_percent=20, redundancy_ms=1000)
        encoder = StreamEncoder(
            speech, BaseSettings(complexity=10), round(asked), make_rule("ours", request, model), model,
            wire_to_write(None, model), stopwatch=Stopwatch(),
        )  # fmt: skip
        packets = [packet.data for packet in encoder.packets()]
        if 0.99 * wanted <= bitrate(packets) <= wanted:
            break
        asked *= 0.996 * wanted / bitrate(packets)
    assert 0.98 * wanted <= bitrate(packets) <= wanted
    return packets


def bursts(count: int, length: int, phase: int) -> set[int]:
    """Return what is lost: bursts with equal gaps, whole ones only."""
    starts = range(FIRST + phase, count - length, length + GAP)
    return {index for start in starts for index in range(start, start + length)}


def compared(
    clips: Sequence[str], lengths: Sequence[int], phases: int, model: ModelBundle, interop: Path, speech: Path
) -> NDArray[np.float64]:
    """Return PLCMOS of our streams less that of libopus', shape (clips, lengths)."""
    pytest.importorskip("speechmos", reason="PLCMOS needs the extra quality")
    from dred_conformance.simulation.plcmos import plcmos_judge  # noqa: PLC0415

    judge = plcmos_judge("quality")
    receiver, encoder = ReceiverModel.of(model), encoder_model(model)
    found = np.zeros((len(clips), len(lengths), 2))
    for row, clip in enumerate(clips):
        with open_input(str(interop / "receiver" / f"{clip}.dred.bit")) as opened:
            theirs = [each.data for each in opened.packets]
        ours = encoded(speech / "eval" / f"{clip}.flac", bitrate(theirs), encoder)
        count = len(theirs)
        for column, length in enumerate(lengths):
            step = max(4, (length + GAP) // phases)
            for who, packets in enumerate((theirs, ours)):
                values = []
                for phase in range(0, length + GAP, step)[:phases]:
                    kept = arrivals(packets[:count], 960, bursts(count, length, phase))
                    settings = ReceiverSettings(sampling_rate=16000)
                    samples = receive(kept, 960 * count, settings, receiver).samples[:, 0] / 32768
                    values.append(judge(samples, samples)[0])
                found[row, column, who] = np.mean(values)
    differences: NDArray[np.float64] = found[..., 1] - found[..., 0]
    return differences


def test_long_bursts_sound_better_from_our_encoder(
    official_model: ModelBundle, interop_dir: Path, speech_dir: Path
) -> None:
    clips = (CLIPS[1], CLIPS[4])
    differences = compared(clips, BURSTS[-1:], 1, official_model, interop_dir, speech_dir)
    assert differences.mean() > 0


if "DRED_ALL_BURSTS" in os.environ:  # minutes: DRED_ALL_BURSTS=1 pytest -rP, for the figures of receiver.md

    def test_bursts_of_100_ms_and_more_sound_better_from_our_encoder(
        official_model: ModelBundle, interop_dir: Path, speech_dir: Path
    ) -> None:
        differences = compared(CLIPS, BURSTS, 5, official_model, interop_dir, speech_dir)
        by_clip = differences.mean(axis=1)
        draws = np.random.default_rng(1).integers(0, len(by_clip), (4000, len(by_clip)))
        low, high = np.percentile(by_clip[draws].mean(axis=1), [2.5, 97.5])
        for length, each in zip(BURSTS, differences.T, strict=True):
            print(f"{20 * length:4d} ms: {each.mean():+.3f}", np.round(each, 2))
        print(f"all: {by_clip.mean():+.3f} [{low:+.3f}, {high:+.3f}]")
        assert low > 0
