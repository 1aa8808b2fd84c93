"""Holes in real speech, with the official model: against the truth, and against what libopus made of them."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from dred_conformance.differential.built_payloads import native_model
from dred_model import ModelBundle
from dred_native import Vocoder as NativeVocoder
from dred_reference.analysis import FeatureExtractor, NetworkPitch, PitchTracker, extract_features
from dred_reference.concealment import Concealer, FrameVocoder, PredictionWithoutModel
from dred_reference.vocoder import SourceFilterVocoder, Vocoder

pytestmark = [pytest.mark.official_model, pytest.mark.interop]

Floats = NDArray[np.float64]

HOLE = range(120, 130)


def speech_of(folder: Path, name: str) -> Floats:
    samples, rate = soundfile.read(folder / "receiver" / f"{name}.flac")
    assert rate == 16000
    return np.asarray(samples[: len(samples) // 320 * 320]).reshape(-1, 160)


def cepstra(frames: Floats) -> Floats:
    return extract_features(32768 * frames.ravel(), PitchTracker())[:, :18]


def neural(model: ModelBundle, vocoder: FrameVocoder) -> Concealer:
    extractor = FeatureExtractor(NetworkPitch(model.to_reference_pitch_network()))
    return Concealer(model.to_reference_concealment_network(), extractor, vocoder)


def both_vocoders(model: ModelBundle) -> list[FrameVocoder]:
    return [Vocoder(model.to_reference_vocoder_network()), NativeVocoder(native_model(model))]


def with_hole(concealer: Concealer, frames: Floats, known: Floats | None) -> Floats:
    """Return the speech with its hole filled; features are those of the speech itself, or none."""
    played = frames.copy()
    for frame in frames[: HOLE.start]:
        concealer.update(frame)
    for number in HOLE:
        if known is None:
            played[number] = concealer.conceal()
        else:
            played[number] = concealer.conceal(known[number + 2], (known[number], known[number + 1]))
    return played


@pytest.mark.clause("PLC-conceal", "PLC-net", "PLC-priming")
def test_a_hole_against_the_truth(official_model: ModelBundle, interop_dir: Path) -> None:
    frames = speech_of(interop_dir, "ls_en_1688_0.clean")
    pitch = NetworkPitch(official_model.to_reference_pitch_network())
    known = extract_features(32768 * frames.ravel(), pitch)[:, :20]
    truth = cepstra(frames)
    for vocoder in both_vocoders(official_model):
        concealer = neural(official_model, vocoder)
        distances = []
        for features in (None, known):
            concealer.reset()
            difference = cepstra(with_hole(concealer, frames, features)) - truth
            assert not difference[: HOLE.start].any()
            distances.append(np.abs(difference).mean(axis=1)[HOLE.start : HOLE.stop])
        blind, told = distances
        print(f"{type(vocoder)}: {blind.round(2)} without features, {told.round(2)} with them")
        assert blind[0] < 0.5  # it begins as the speech goes on
        assert blind[-3:].mean() > 1.5 * blind[0]
        assert told.max() < 0.7
        assert told.mean() < 0.55 * blind.mean()


@pytest.mark.clause("PLC-attenuation", "PLC-conceal")
def test_speech_that_never_comes_back(official_model: ModelBundle, interop_dir: Path) -> None:
    frames = speech_of(interop_dir, "ls_en_1688_0.clean")
    concealer = neural(official_model, NativeVocoder(native_model(official_model)))
    for frame in frames[:100]:
        concealer.update(frame)
    made = np.array([concealer.conceal() for _ in range(40)])
    powers = (made**2).mean(axis=1)
    assert powers[:5].mean() > 1e-4
    assert powers[-10:].max() < 1e-4 * powers[:5].mean()


@pytest.mark.clause("PLC-conceal", "PLC-analysis", "PLC-net", "PLC-burg-cepstrum", "PLC-attenuation")
@pytest.mark.parametrize("name", ["ls_en_1688_0", "ka_en_US_kathleen_0"])
def test_against_libopus(official_model: ModelBundle, interop_dir: Path, name: str) -> None:
    """The packets that libopus lost, made again from what it had played, are much like what it made."""
    lost = [line == "1" for line in (interop_dir / "receiver" / f"{name}.loss.txt").read_text().split()]
    deployed, classic = (speech_of(interop_dir, f"{name}.{kind}") for kind in ("deep_plc", "classic_plc"))
    is_lost = np.repeat(lost, 2)[: len(deployed)]
    distances = {}
    concealers = {
        "network": neural(official_model, NativeVocoder(native_model(official_model))),
        "without": Concealer(
            PredictionWithoutModel(), FeatureExtractor(PitchTracker()), SourceFilterVocoder()
        ),
    }
    for kind, concealer in concealers.items():
        played = deployed.copy()
        for number, frame in enumerate(deployed):
            if is_lost[number]:
                played[number] = concealer.conceal()
            else:
                concealer.update(frame)
        distances[kind] = np.abs(cepstra(played) - cepstra(deployed))[is_lost].mean()
    distances["classic"] = np.abs(cepstra(classic) - cepstra(deployed))[is_lost].mean()
    print(*(f"{kind} {distance:.3f}" for kind, distance in distances.items()))
    assert distances["network"] < 0.2, distances
    assert distances["network"] < 0.7 * distances["classic"], distances
    assert distances["network"] < 0.7 * distances["without"], distances
