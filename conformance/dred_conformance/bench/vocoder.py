"""Times the vocoder: how much faster than speech every path of the core and the literal one are."""

import time
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

import dred_native
from dred_conformance.differential.built_payloads import native_model
from dred_model import ModelBundle
from dred_reference.vocoder import synthesise

__all__ = ["FRAME_MS", "VocoderBench", "VocoderTimes", "bench_vocoder", "speech_like"]

FRAME_MS = 10
FEATURES = 20
_ROUNDS = 5
_MICRO = 1e6


@dataclass(frozen=True)
class VocoderTimes:
    """The time of one implementation, the best of some rounds.

    Attributes
    ----------
    name
        The path of the native core, or ``reference``.
    frame_us
        Microseconds of one core per 10 ms of speech.
    times_real_time
        How much speech it makes while one second passes, in seconds.
    """

    name: str
    frame_us: float
    times_real_time: float


@dataclass(frozen=True)
class VocoderBench:
    """Times of all implementations over the same features, and the memory of a native vocoder in bytes."""

    model: str
    frames: int
    times: tuple[VocoderTimes, ...]
    vocoder_bytes: int
    network_bytes: int


def bench_vocoder(
    bundle: ModelBundle, features: NDArray[np.float32], reference_frames: int = 100
) -> VocoderBench:
    """Synthesise a file on every path of the core, and its first frames in Python.

    Parameters
    ----------
    bundle
        A model with a vocoder.
    features : array of float32, shape (n, 20)
        At least one frame.
    reference_frames
        How many of them the literal implementation synthesises.

    Raises
    ------
    dred_native.DredError
        N1: the model has no vocoder; N3: a feature is not a finite number.
    """
    model = native_model(bundle)
    times = []
    for path in dred_native.simd_paths():
        rounds = [dred_native.bench_vocoder(features, model, 1, path) for _ in range(_ROUNDS)]
        times.append(_times(path, min(each["seconds"] / each["frames"] for each in rounds)))
    network = bundle.to_reference_vocoder_network()
    some = features[:reference_frames].astype(np.float64)
    started = time.perf_counter()
    synthesise(some, network)
    times.append(_times("reference", (time.perf_counter() - started) / len(some)))
    measured = rounds[0]
    return VocoderBench(
        bundle.name, len(features), tuple(times), measured["memory_bytes"], measured["network_bytes"]
    )


def _times(name: str, seconds_per_frame: float) -> VocoderTimes:
    return VocoderTimes(name, _MICRO * seconds_per_frame, FRAME_MS / 1000 / seconds_per_frame)


def speech_like(count: int) -> NDArray[np.float32]:
    """Return features that wander as those of speech do; the time does not depend on them.

    Parameters
    ----------
    count
        How many frames of 10 ms.
    """
    generator = np.random.default_rng(20261128)
    features = generator.normal(0, 0.3, (count, FEATURES))
    features[:, 18] = np.sin(np.arange(count) / 30)
    return cast(NDArray[np.float32], features.astype(np.float32))
