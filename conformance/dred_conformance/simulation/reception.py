"""The receiver: packets that arrived to speech, with its decisions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dred_conformance.receiving import ReceiverModel, ReceiverSettings, receive
from dred_conformance.simulation.channel import Arrived
from dred_conformance.simulation.schemes import CLASSIC, Scheme
from dred_conformance.simulation.settings import RunSettings
from dred_reference.receiver import Arrival

__all__ = ["Heard", "hear"]


@dataclass(frozen=True, eq=False)
class Heard:
    """What comes out of a receiver.

    Attributes
    ----------
    samples : array of int16, shape (samples,)
        One channel at the rate of the settings.
    timeline : list of [start, end, source]
        Where which samples come from, in milliseconds of the output, neighbours of one source joined.
    """

    samples: NDArray[np.int16]
    timeline: list[tuple[float, float, str]]


def hear(
    arrived: Sequence[Arrived],
    duration_48k: int,
    scheme: Scheme,
    settings: RunSettings,
    model: ReceiverModel,
) -> Heard:
    """Receive a stream.

    Parameters
    ----------
    arrived
        In order of arrival.
    duration_48k
        How much is played.
    scheme
        Says what the receiver uses.
    settings
        Of the run.
    model
        What there is of it.
    """
    chosen = ReceiverSettings(
        sampling_rate=settings.sampling_rate,
        channels=1,
        concealment="classic" if scheme.receiving.concealment == CLASSIC else "neural",
        lbrr=scheme.receiving.lbrr,
        dred=scheme.receiving.dred,
        delay_ms=settings.delay_ms,
        wire=settings.wire,
    )
    packets = [Arrival(each.timestamp_48k, each.arrival_48k, each.packet) for each in arrived]
    reception = receive(packets, duration_48k, chosen, model)
    timeline: list[tuple[float, float, str]] = []
    for decision in reception.decisions:
        start, source = decision.start_48k / 48, decision.source
        end = (decision.start_48k + decision.duration_48k) / 48
        if timeline and timeline[-1][2] == source:
            start = timeline.pop()[0]
        timeline.append((round(start, 3), round(end, 3), source))
    return Heard(reception.samples[:, 0], timeline)
