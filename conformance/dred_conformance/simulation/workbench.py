"""Runs cases: encodes, loses, receives and judges, in one process."""

import io
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dred_conformance.encoding import Speech
from dred_conformance.encoding.model import encoder_model
from dred_conformance.receiving import ReceiverModel
from dred_conformance.simulation.cases import SOURCES, CaseOutcome, Task
from dred_conformance.simulation.channel import arrivals
from dred_conformance.simulation.packages import needed_package
from dred_conformance.simulation.quality import JUDGED_RATE, judge_all, loaded_judges
from dred_conformance.simulation.reception import hear
from dred_conformance.simulation.schemes import Scheme
from dred_conformance.simulation.settings import RunSettings
from dred_conformance.simulation.streams import ClipStreams
from dred_model import find_model

__all__ = ["Workbench", "audio_file", "clip_file"]

FULL_SCALE = 32768


class Workbench:
    """What all cases of a process share: model, metrics, and the streams of the clip it is at.

    Parameters
    ----------
    settings
        Of the run.

    Raises
    ------
    SimulationError
        L1: a metric is missing.
    """

    def __init__(self, settings: RunSettings) -> None:
        self._settings = settings
        bundle = find_model(settings.model)
        self._receiver_model = ReceiverModel.of(bundle)
        self._encoder_model = None
        if bundle is not None and "rdovaeenc" in bundle.networks:
            self._encoder_model = encoder_model(bundle)
        self._judges = loaded_judges(settings.metrics)
        self._clip = ""
        self._streams: ClipStreams | None = None
        self._reference = np.zeros(0)

    def outcomes(self, task: Task) -> Iterator[CaseOutcome]:
        """Run a task, case by case.

        Raises
        ------
        StreamError, SimulationError, ReceivingError
            A stream cannot be made or received; it holds for every clip.
        """
        if self._streams is None or self._clip != task.clip:
            self._clip, rate = task.clip, task.speech.sampling_rate
            self._streams = ClipStreams(task.speech, self._settings, self._encoder_model)
            self._reference = _judged(task.speech.samples[:, 0].astype(np.float64), rate)
        for scheme in task.schemes:
            yield self._outcome(task, scheme, self._streams)

    def _outcome(self, task: Task, scheme: Scheme, streams: ClipStreams) -> CaseOutcome:
        moments = [time.perf_counter()]
        stream = streams.stream(scheme.sending, task.told_percent)
        moments.append(time.perf_counter())
        trace = task.trace
        rate = task.speech.sampling_rate
        duration_48k = stream.pre_skip_48k + len(task.speech.samples) * 48000 // rate
        heard = hear(
            arrivals(stream, trace, scheme),
            duration_48k,
            scheme,
            self._settings,
            self._receiver_model,
        )
        moments.append(time.perf_counter())
        # The delay of the codec is known: what its lookahead puts before the clip is dropped.
        samples = heard.samples[stream.pre_skip_48k * rate // 48000 :]
        figures = judge_all(self._judges, self._reference, _judged(samples / FULL_SCALE, rate))
        moments.append(time.perf_counter())
        spent = dict(
            zip(("encoding", "receiving", "judging"), np.diff(moments).round(3).tolist(), strict=True)
        )
        played = {
            name: sum(end - start for start, end, source in heard.timeline if source == name)
            for name in SOURCES
        }
        result: dict[str, Any] = {
            "clip": task.clip,
            "condition": task.condition,
            "scheme": scheme.name,
            "kbps": round(stream.bitrate / 1000, 3),
            "lost_percent": round(trace.loss_percent, 3),
            "delay_ms": stream.pre_skip_48k / 48,
            "longest_burst": max(trace.bursts, default=0),
            "figures": {name: None if value is None else round(value, 6) for name, value in figures.items()},
            "played_ms": {name: round(value, 1) for name, value in played.items()},
            "lost": "".join("x" if is_lost else "." for is_lost in trace.is_lost.tolist()),
            "timeline": heard.timeline,
            "spent_s": spent,
        }
        return CaseOutcome(result, audio_file(samples, rate, self._settings.audio))


def _judged(samples: NDArray[np.float64], sampling_rate: int) -> NDArray[np.float64]:
    """Return a signal at the rate of the judges; the filter is symmetric, so nothing is delayed."""
    if sampling_rate == JUDGED_RATE:
        return samples
    soxr = needed_package("soxr", "audio", "judging")
    return np.asarray(soxr.resample(samples, sampling_rate, JUDGED_RATE), dtype=np.float64)


def audio_file(samples: NDArray[np.int16], sampling_rate: int, audio: str) -> bytes:
    """Return a file of one channel, or nothing where no audio is wanted."""
    if audio == "none":
        return b""
    soundfile = needed_package("soundfile", "audio", "writing audio")
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, sampling_rate, format=audio.upper(), subtype="PCM_16")
    return buffer.getvalue()


def clip_file(speech: Speech, audio: str) -> bytes:
    """Return a clip as such a file."""
    samples = np.clip(np.round(FULL_SCALE * speech.samples[:, 0]), -FULL_SCALE, FULL_SCALE - 1)
    return audio_file(samples.astype(np.int16), speech.sampling_rate, audio)
