"""What arrives of a stream, and when."""

from dataclasses import dataclass

from dred_conformance.simulation.schemes import Scheme
from dred_conformance.simulation.streams import Stream
from dred_conformance.simulation.trace import LossTrace

__all__ = ["Arrived", "arrivals"]


@dataclass(frozen=True, order=True)
class Arrived:
    """A packet at the receiver; times are in samples at 48 kHz."""

    arrival_48k: int
    timestamp_48k: int
    packet: bytes


def arrivals(stream: Stream, trace: LossTrace, scheme: Scheme) -> list[Arrived]:
    """Return what arrives, in the order of arrival.

    Parameters
    ----------
    stream
        What was sent.
    trace
        What happens to each packet of it; of the same length.
    scheme
        Where every packet carries the one before, a lost packet arrives with its successor.
    """
    if scheme.receiving.is_lossless:
        trace = LossTrace.of_losses(trace.is_lost & False)
    frame = stream.frame_48k
    arrived: dict[int, Arrived] = {}
    for index, (packet, is_lost, delay_ms) in enumerate(
        zip(stream.packets, trace.is_lost.tolist(), trace.delay_ms.tolist(), strict=True)
    ):
        if is_lost:
            continue
        arrival = index * frame + round(48 * delay_ms)
        arrived[index] = Arrived(arrival, index * frame, packet)
        if scheme.sending.has_copy and index and index - 1 not in arrived:
            arrived[index - 1] = Arrived(arrival, (index - 1) * frame, stream.packets[index - 1])
    return sorted(arrived.values())
