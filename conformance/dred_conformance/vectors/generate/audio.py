"""Vectors of the ``audio`` stage: features to speech, from silence on and going on from past audio."""

import base64
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from dred_conformance.protocol.arrays import SAMPLES, floats_to_base64
from dred_conformance.vectors.generate.builder import GroupBuilder
from dred_conformance.vectors.generate.feature_tracks import (
    Track,
    drawn,
    gliding,
    jumping,
    steady,
    with_feature,
)
from dred_conformance.vectors.generate.models import VectorModel
from dred_conformance.vectors.generate.payload_maker import PayloadMaker, marks, qualified
from dred_conformance.vectors.generate.random_source import RandomSource
from dred_conformance.vectors.generate.speech_features import SpeechFeatures

__all__ = ["audio_groups"]

FLOW = ("VOC-flow", "VOC-frame", "VOC-output", "VOC-integer")
CONTINUED = ("VOC-continuation", "VOC-frame", "VOC-output", "VOC-integer")
SIGNAL = ("VOC-gain", "VOC-prediction", "VOC-hidden", "VOC-gru", "VOC-skip")
PITCH = ("VOC-period", "VOC-prediction")
PAST = 320


def audio_groups(
    model: VectorModel, seed: int, ask: Any, speech: SpeechFeatures | None
) -> list[GroupBuilder]:
    """Return the groups about the vocoder of one model.

    Parameters
    ----------
    speech
        Decodes the payloads of real speech, for the official model.
    """
    texts = {
        "audio-flow": "Speech of whole rows of features",
        "audio-past": "Speech that goes on from past audio",
    }
    flow, past = (
        GroupBuilder(qualified(name, model), "audio", f"{text} ({model.name}).")
        for name, text in texts.items()
    )
    cases = AudioCases(flow, past, model)
    if speech is not None:
        _add_speech(cases, speech.tracks(PayloadMaker(model, ask)))
    else:
        source = RandomSource(seed, f"audio/{model.name}")
        _add_flows(cases, source)
        _add_pasts(cases, source)
        _add_refusals(cases)
    return [flow, past]


class AudioCases:
    """Adds cases about the vocoder of a model to its two groups."""

    def __init__(self, flow: GroupBuilder, past: GroupBuilder, model: VectorModel) -> None:
        self.flow_group = flow
        self.past_group = past
        self._model = model

    def request(self, track: Track, past: Sequence[int] | None = None) -> dict[str, Any]:
        """Return the input of a case."""
        request: dict[str, Any] = {
            "op": "audio",
            "model": self._model.name,
            "features": floats_to_base64(track),
            "feature_count": len(track),
        }
        if past is not None:
            octets = np.array(past, dtype=SAMPLES).tobytes()
            request |= {"past": base64.b64encode(octets).decode(), "past_count": PAST}
        return request

    def flow(self, what: str, track: Track, *clauses: str, flags: Sequence[str] = ()) -> None:
        """Add a case of the flow of a file."""
        named = [*FLOW, *clauses]
        self.flow_group.agreed(what, named, self.request(track), flags=marks(self._model, *flags))

    def past(
        self, what: str, track: Track, past: Sequence[int], *clauses: str, flags: Sequence[str] = ()
    ) -> None:
        """Add a case that goes on from past audio."""
        named = [*CONTINUED, *clauses]
        self.past_group.agreed(what, named, self.request(track, past), flags=marks(self._model, *flags))


def _add_flows(cases: AudioCases, source: RandomSource) -> None:
    add = cases.flow
    add("one sound", steady(40, 2.0, 0.25), *SIGNAL, flags=["setup"])
    add("the pitch glides over all periods, 32 to 256 samples", gliding(60, -1.5, 1.5), *PITCH)
    add("another pitch in each frame", jumping(source, 40), *PITCH, "VOC-conditioning")
    add("all features change from frame to frame", drawn(source, 48), "VOC-conditioning", *SIGNAL)
    add("loud and soft by turns", with_feature(drawn(source, 40), 0, [6, 6, 6, -6, -6, -6]), "VOC-gain")
    voicing = with_feature(steady(40, 1.0, -0.5), 19, [0.5, 0.5, -0.5])
    add("voiced and unvoiced by turns", voicing, "VOC-conditioning")
    for frame in (0, 1, 20):
        track = steady(32, 1.0, 0.5)
        track[frame] = drawn(source, 1)[0]
        add(f"one frame differs: number {frame}", track, "VOC-conditioning")
    for pitch in (1.75, 2.5, -1.6, -2.0, -2.5):
        period = math.floor(0.5 + 256 / 2 ** (pitch + 1.5))
        what = f"a period of {period} samples, for which there is no embedding"
        add(what, with_feature(drawn(source, 24), 18, [pitch]), *PITCH, flags=["boundary"])
    for pitch in (-1.5, 1.5, 1.46, 1.0, 0.0):
        track = with_feature(drawn(source, 24), 18, [pitch])
        add(f"a pitch of {pitch:g}", track, *PITCH, flags=["boundary"])
    for pitch in (8.0, -14.0):
        track = with_feature(drawn(source, 24), 18, [pitch])
        add(f"a pitch of {pitch:g}, which no speech has", track, "VOC-period", flags=["extreme"])
    extreme = [[12.0 if value > 0 else -12.0 for value in row] for row in drawn(source, 24)]
    add("features of magnitude 12", extreme, flags=["extreme"])
    for count in (1, 2, 3, 5):
        add(f"{count} frames", drawn(source, count), flags=["boundary"])
    add("no frame", [], flags=["boundary"])


def _add_pasts(cases: AudioCases, source: RandomSource) -> None:
    add = cases.past
    silence = [0] * PAST
    tone = [round(9000 * math.sin(n / 13) + 4000 * math.sin(n / 4)) for n in range(PAST)]
    noise = [source.between(-6000, 6000) for _ in range(PAST)]
    add("silence before", drawn(source, 33), silence, *SIGNAL, flags=["setup"])
    add("a tone before", [*steady(5, 2.0, -0.25), *drawn(source, 24)], tone, *SIGNAL)
    add("noise before", drawn(source, 29), noise, *SIGNAL)
    add("a constant before: the de-emphasis goes on from its last sample", drawn(source, 25), [8000] * PAST)
    click = [30000, *silence[1:]]
    add("only the first sample is not 0: its pre-emphasis has no sample before", drawn(source, 25), click)
    add("only the last sample is not 0", drawn(source, 25), [*silence[1:], -30000])
    square = [32767 if n // 40 % 2 else -32768 for n in range(PAST)]
    add("full scale", drawn(source, 25), square, flags=["extreme"])
    add("the second half is silent", drawn(source, 25), [*noise[:160], *silence[160:]])
    add("the first half is silent", drawn(source, 25), [*silence[:160], *noise[160:]])
    for vector in range(5):
        track = steady(25, 1.0, 0.0)
        track[vector] = drawn(source, 1)[0]
        add(f"vector {vector} of the five differs from all others", track, tone, "VOC-conditioning")
    for vector in (3, 4):
        track = steady(25, 1.0, 0.75)
        track[vector][18] = -1.0
        what = "its period is the first to be used" if vector == 3 else "its period is never used"
        add(f"vector {vector} of the five has another pitch: {what}", track, tone, *PITCH)
    add("one frame", drawn(source, 6), tone, flags=["boundary"])
    add("one frame behind a loud constant", steady(6, 0.0, 0.0), [-30000] * PAST, flags=["boundary"])
    add("the five vectors alone", drawn(source, 5), tone, flags=["boundary"])


def _add_refusals(cases: AudioCases) -> None:
    track = steady(6, 1.0, 0.0)
    plain, going_on = cases.request(track), cases.request(track, [0] * PAST)

    def refuse(what: str, request: dict[str, Any]) -> None:
        group = cases.past_group if "past" in request else cases.flow_group
        group.invalid(what, ["VOC-continuation" if "past" in request else "VOC-frame"], request, "N3")

    refuse("fewer features than feature_count says", plain | {"feature_count": 7})
    refuse("half a frame", plain | {"features": floats_to_base64(np.array(track).ravel()[:-10])})
    for value in (float("nan"), float("inf")):
        refuse(f"a feature is {value:g}", cases.request(with_feature(track, 3, [0, 0, value, 0, 0, 0])))
    refuse("four vectors with the past", cases.request(track[:4], [0] * PAST))
    refuse("319 samples of the past", going_on | {"past": base64.b64encode(bytes(638)).decode()})


def _add_speech(cases: AudioCases, tracks: Sequence[tuple[str, Track]]) -> None:
    clauses = [*SIGNAL, "VOC-conditioning", "VOC-period"]
    joined = [row for _, track in tracks for row in track]
    backwards = [row for _, track in reversed(tracks) for row in track]
    cases.flow("four recordings of speech, one after the other", joined, *clauses, flags=["speech"])
    tone = [round(3000 * math.sin(n / 16) * (1 + math.sin(n / 5))) for n in range(PAST)]
    cases.past(
        "the same recordings in another order, behind a tone", backwards, tone, *clauses, flags=["speech"]
    )
