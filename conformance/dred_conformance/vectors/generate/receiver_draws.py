"""Receivers: streams of every kind of packet with losses and jitter drawn at random."""

from dred_conformance.vectors.generate.random_source import RandomSource
from dred_conformance.vectors.generate.receiver_cases import MakePayload, ReceiverCases
from dred_conformance.vectors.generate.receiver_streams import Sent, Stream, duration_ms, frame_with, packet

__all__ = ["add_draws"]

STREAMS = 24
CONFIGS = (8, 9, 10, 11, 14, 15, 28, 29, 30, 31, 1, 25)
RULES = ("parse", "clock", "regular", "block", "lbrr", "dred", "concealment")


def add_draws(cases: ReceiverCases, payload: MakePayload, source: RandomSource) -> None:
    """Add the cases: fixed packets first, then packets of changing configurations, steady and with jitter."""
    for number in range(STREAMS):
        config = CONFIGS[number % len(CONFIGS)]
        changes, jitters = number % 2 == 1, number % 3 == 2
        sent = _drawn(payload, source, config, changes=changes, jitters=jitters)
        last = max((each.at_ms for each in sent), default=0.0)
        delay = source.between(0, 60) if jitters or number % 4 == 0 else None
        stream = Stream.of(sent, last + source.between(0, 50), delay_ms=delay)
        kind = "changing packets" if changes else f"configuration {config}"
        waits = "no delay" if delay is None else f"a delay of {delay} ms"
        jitter = "jitter" if jitters else "no jitter"
        cases.add(f"drawn: {kind}, {len(sent)} packets arrive, {jitter}, {waits}", stream, *RULES)


def _drawn(
    payload: MakePayload, source: RandomSource, config: int, *, changes: bool, jitters: bool
) -> list[Sent]:
    """Return packets of about 400 ms, half of which arrive, in bursts."""
    sent: list[Sent] = []
    time, is_lost = 0.0, False
    while time < 400 and len(sent) < 14:
        config = CONFIGS[source.below(len(CONFIGS))] if changes and not source.below(3) else config
        frames = source.between(1, min(3, int(120 / duration_ms(config)))) if not source.below(4) else 1
        is_lost = source.below(10) < (7 if is_lost else 3)
        stereo = not source.below(4)
        mids = [not source.below(3) for _ in range(frames)]
        parts = [frame_with(config, mid=mid, side=not source.below(3)) for mid in mids]
        redundancy = payload(source.between(-8, 16), source.between(1, 5)) if source.below(3) else None
        at = source.below(frames)
        late = source.between(-15, 60) if jitters and not source.below(3) else 0
        if not is_lost:
            data = packet(config, parts, redundancy, dred_frame=at, stereo=stereo)
            sent.append(Sent(time, data, late))
        time += duration_ms(config, frames)
    return sent
