"""Streams of speech-like sound by the system's encoder, and receivers without a model."""

import numpy as np
import pytest
from numpy.typing import NDArray

from dred_conformance.receiving import ReceiverModel, ReceiverSettings, Reception, receive
from dred_reference.receiver import Arrival

dred_opus = pytest.importorskip("dred_opus", reason="this build has no libopus (apt-get install libopus-dev)")

NO_MODEL = ReceiverModel()


def voice(seconds: float, rate: int, channels: int = 1) -> NDArray[np.int16]:
    """Return a buzz of slowly changing pitch and loudness, shape (n, channels)."""
    time = np.arange(round(seconds * rate)) / rate
    phase = 2 * np.pi * np.cumsum(140 + 20 * np.sin(2 * np.pi * 0.7 * time)) / rate
    harmonics = sum(np.cos(k * phase) / k for k in range(1, min(20, rate // 400)))
    level = 0.5 + 0.4 * np.sin(2 * np.pi * 2.1 * time)
    mono = 4000 * level * harmonics
    gains = np.array([1.0, 0.6])[:channels]
    return np.round(mono[:, None] * gains).astype(np.int16)


def encoded(
    speech: NDArray[np.int16], rate: int, duration_ms: float, application: str = "voip", **settings: object
) -> list[bytes]:
    """Return the packets of speech."""
    encoder = dred_opus.Encoder(rate, speech.shape[1], application)
    for name, value in {"bitrate": 40000, **settings}.items():
        setattr(encoder, name, value)
    size = round(rate * duration_ms / 1000)
    return [
        encoder.encode(np.ascontiguousarray(speech[start : start + size]))
        for start in range(0, len(speech) - size + 1, size)
    ]


def arrivals(packets: list[bytes], duration_48k: int, lost: set[int] | None = None) -> list[Arrival]:
    """Return packets that follow one another, but for those that are lost."""
    return [
        Arrival(index * duration_48k, index * duration_48k, packet)
        for index, packet in enumerate(packets)
        if index not in (lost or set())
    ]


def received(
    packets: list[bytes],
    duration_ms: float,
    lost: set[int],
    model: ReceiverModel = NO_MODEL,
    **settings: object,
) -> Reception:
    """Return what a receiver makes of packets, some of which are lost."""
    duration = round(48 * duration_ms)
    return receive(
        arrivals(packets, duration, lost),
        duration * len(packets),
        ReceiverSettings(**settings),  # type: ignore[arg-type]
        model,
    )


def largest_jump(samples: NDArray[np.int16]) -> int:
    """Return the largest difference of neighbouring samples in any channel."""
    return int(np.abs(np.diff(samples.astype(np.int32), axis=0)).max())
