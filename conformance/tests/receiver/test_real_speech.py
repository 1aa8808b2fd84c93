"""The receiver on real streams of libopus, with the official model."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from dred_conformance.inputs import open_input
from dred_conformance.receiving import ReceiverModel, ReceiverSettings, Reception, receive
from dred_model import ModelBundle
from dred_reference.analysis import NetworkPitch, extract_features

from .speech_streams import arrivals, largest_jump

CLIPS = (
    *("ka_en_US_kathleen_0", "ka_en_US_kathleen_1", "ka_en_US_kathleen_2", "ka_en_US_kathleen_3"),
    *("ls_en_1688_0", "ls_en_1688_1"),
)
pytestmark = [pytest.mark.official_model, pytest.mark.interop]


@pytest.fixture(scope="module")
def model(official_model: ModelBundle) -> ReceiverModel:
    return ReceiverModel.of(official_model)


def packets_of(interop_dir: Path, clip: str, kind: str) -> list[bytes]:
    with open_input(str(interop_dir / "receiver" / f"{clip}.{kind}.bit")) as opened:
        return [each.data for each in opened.packets]


def losses_of(interop_dir: Path, clip: str, count: int) -> set[int]:
    lines = (interop_dir / "receiver" / f"{clip}.loss.txt").read_text().split()
    return {index for index, line in enumerate(lines[:count]) if line == "1"}


def heard(packets: list[bytes], lost: set[int], model: ReceiverModel, **settings: object) -> Reception:
    chosen = ReceiverSettings(**{"sampling_rate": 16000, **settings})  # type: ignore[arg-type]
    return receive(arrivals(packets, 960, lost), 960 * len(packets), chosen, model)


@pytest.mark.parametrize(
    ("kind", "settings", "mark"),
    [("plain", {"dred": False}, 3.12), ("dred", {}, 3.69), ("dred_lbrr", {}, 3.71)],
    ids=["neural", "dred", "dred+lbrr"],
)
def test_mean_plcmos_is_that_of_libopus_or_better(
    kind: str, settings: dict[str, object], mark: float, interop_dir: Path, model: ReceiverModel
) -> None:
    pytest.importorskip("speechmos", reason="PLCMOS needs the extra quality")
    from dred_conformance.simulation.plcmos import plcmos_judge  # noqa: PLC0415

    judge = plcmos_judge("quality")
    values = []
    for clip in CLIPS:
        packets = packets_of(interop_dir, clip, kind)
        lost = losses_of(interop_dir, clip, len(packets))
        while len(packets) - 1 in lost:  # libopus' output ends with the last packet that came in
            packets.pop()
            lost.discard(len(packets))
        samples = heard(packets, lost, model, **settings).samples[:, 0] / 32768
        values.append(judge(samples, samples)[0])
    assert np.mean(values) >= mark


def _best_shift(first: NDArray[np.float64], second: NDArray[np.float64], most: int) -> int:
    """Return by how many samples the second is later than the first."""
    shifts = range(-most, most + 1)
    inner = second[most : len(second) - most]
    return min(shifts, key=lambda shift: float(np.sum((first[most - shift :][: len(inner)] - inner) ** 2)))


@pytest.mark.parametrize("clip", CLIPS[:5])
def test_a_hole_is_filled_at_the_right_time(
    clip: str, interop_dir: Path, official_model: ModelBundle, model: ReceiverModel
) -> None:
    packets = packets_of(interop_dir, clip, "dred")
    hole = set(range(len(packets) // 2 - 12, len(packets) // 2 + 13))
    pitch = official_model.to_reference_pitch_network()
    tracks = []
    for lost in (set(), hole):
        samples = heard(packets, lost, model).samples[:, 0].astype(np.float64)
        # The features every 2.5 ms: the same speech, begun later.
        shifted = [
            extract_features(samples[start:], NetworkPitch(pitch))[:, :8] for start in (0, 40, 80, 120)
        ]
        count = min(map(len, shifted))
        track = np.stack([each[:count] for each in shifted], axis=1).reshape(-1, 8)
        tracks.append(track[8 * min(hole) + 8 : 8 * max(hole)])
    assert abs(_best_shift(tracks[0], tracks[1], 16)) <= 4  # of 2.5 ms


@pytest.mark.parametrize("rate", [16000, 48000])
def test_holes_make_no_clicks(rate: int, interop_dir: Path, model: ReceiverModel) -> None:
    for clip in CLIPS[:3]:
        packets = packets_of(interop_dir, clip, "dred")
        lost = losses_of(interop_dir, clip, len(packets))
        clean = heard(packets, set(), model, sampling_rate=rate).samples
        found = heard(packets, lost, model, sampling_rate=rate).samples
        assert largest_jump(found) <= 1.02 * largest_jump(clean)


def test_a_delay_too_short_begins_concealed_and_dred_takes_over(
    interop_dir: Path, model: ReceiverModel
) -> None:
    packets = packets_of(interop_dir, CLIPS[4], "dred")
    found = heard(packets, set(range(100, 110)), model, delay_ms=80.0)
    sources = [each.source for each in found.decisions if each.source != "regular"]
    assert sources == ["concealment"] * 12 + ["dred"] * 8
