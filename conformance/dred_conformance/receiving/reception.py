"""Packets with holes in, continuous audio out."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dred_conformance.receiving.base_codec import BaseCodec
from dred_conformance.receiving.errors import ReceivingError
from dred_conformance.receiving.filling import StreamAudio
from dred_conformance.receiving.model import ReceiverModel
from dred_conformance.receiving.output import output_samples, working_rate
from dred_conformance.receiving.settings import ReceiverSettings
from dred_model import ModelBundle
from dred_reference.receiver import Arrival, Decision, JitterBuffer, Receiver
from dred_reference.wire import WIRE_PROFILES

__all__ = ["LONGEST_48K", "Reception", "receive", "receive_pieces"]

LONGEST_48K = 10 * 3600 * 48000


@dataclass(frozen=True, eq=False)
class Reception:
    """What a receiver made of a stream.

    Attributes
    ----------
    samples : array of int16, shape (n, channels)
        At the rate of the settings.
    decisions : tuple of Decision
        Where each piece of it comes from.
    """

    samples: NDArray[np.int16]
    decisions: tuple[Decision, ...]


def receive_pieces(
    arrivals: Iterable[Arrival],
    duration_48k: int,
    settings: ReceiverSettings,
    model: ReceiverModel,
    on_decision: Callable[[Decision], None],
) -> Iterator[NDArray[np.int16]]:
    """Yield the audio of a stream piece by piece, and tell every decision before its audio.

    Parameters
    ----------
    arrivals : iterable of Arrival
        In the order in which they came in.
    duration_48k : int
        Length of the output in samples at 48 kHz, at most ten hours; what is left after the last whole sample
        of the output is not played.
    settings : ReceiverSettings
    model : ReceiverModel
    on_decision : callable

    Yields
    ------
    array of int16, shape (n, channels)

    Raises
    ------
    ReceivingError
        S4: a duration or a wire profile out of range.
    StreamError
        S1: this build has no libopus.
    """
    if not 0 <= duration_48k <= LONGEST_48K:
        raise ReceivingError("S4", f"an output of {duration_48k / 48000:g} s; it is 0 to 36000")
    wire = WIRE_PROFILES.get(settings.wire)
    if wire is None or not wire.is_decodable:
        raise ReceivingError("S4", f"there is no wire profile {settings.wire!r} to decode")
    rate = working_rate(settings.sampling_rate)
    is_neural = settings.concealment == "neural"
    redundancy = model.redundancy(wire) if is_neural and settings.dred else None
    buffer = JitterBuffer(arrivals, settings.delay_48k)
    receiver = Receiver(
        buffer, duration_48k, None if redundancy is None else redundancy.read, lbrr=settings.lbrr
    )
    audio = StreamAudio(
        BaseCodec(rate, settings.channels),
        buffer.packets,
        rate,
        settings.channels,
        model.filling(rate) if is_neural else None,
        redundancy,
    )

    def told() -> Iterator[Decision]:
        for decision in receiver.decisions():
            on_decision(decision)
            yield decision

    left = settings.samples(duration_48k)
    for piece in output_samples(audio.play(told()), settings.sampling_rate, settings.channels):
        yield piece[:left]
        left -= min(left, len(piece))


def receive(
    arrivals: Iterable[Arrival],
    duration_48k: int,
    settings: ReceiverSettings,
    model: ModelBundle | ReceiverModel | None,
) -> Reception:
    """Return the whole output; see `receive_pieces`.

    A `ModelBundle` is made ready anew in each call: for many streams hand in a `ReceiverModel`.
    """
    ready = model if isinstance(model, ReceiverModel) else ReceiverModel.of(model)
    decisions: list[Decision] = []
    pieces = list(receive_pieces(arrivals, duration_48k, settings, ready, decisions.append))
    samples = np.concatenate([np.zeros((0, settings.channels), dtype=np.int16), *pieces])
    return Reception(samples, tuple(decisions))
