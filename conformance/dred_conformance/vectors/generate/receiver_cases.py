"""What the groups about receivers share: how a case is added, and trains of packets with holes."""

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from dred_conformance.vectors.generate.builder import GroupBuilder
from dred_conformance.vectors.generate.errors import GenerationError
from dred_conformance.vectors.generate.payload_maker import PayloadMaker
from dred_conformance.vectors.generate.random_source import RandomSource
from dred_conformance.vectors.generate.receiver_streams import Sent, Stream, duration_ms, packet

__all__ = ["MakePayload", "ReceiverCases", "payload_maker", "train"]

MakePayload = Callable[..., bytes]
LEVEL = 6
_TRIES = 1000


def payload_maker(maker: PayloadMaker, source: RandomSource) -> MakePayload:
    """Return what makes payloads: ``payload(offset, latents)``, of which all latents can be read."""

    def payload(offset: int, count: int, **more: Any) -> bytes:
        for _ in range(_TRIES):  # latents of few bits at the end are lost
            with contextlib.suppress(GenerationError):
                made = maker.random(source, (LEVEL, 0, 15, offset), count, 2, **more)
                if len(made.expected["latents"]) == count:
                    return made.payload
        raise GenerationError(f"no payload of {count} latents was found")

    return payload


def train(
    config: int, lost: Iterable[int], count: int, payloads: Mapping[int, bytes], **more: Any
) -> list[Sent]:
    """Return packets one after the other without the lost ones."""
    ms = duration_ms(config)
    missing = set(lost)
    return [
        Sent(ms * number, packet(config, 1, payloads.get(number), **more))
        for number in range(count)
        if number not in missing
    ]


class ReceiverCases:
    """Adds cases about streams to a group.

    Parameters
    ----------
    group
        Where they go.
    model
        Name of the model.
    """

    def __init__(self, group: GroupBuilder, model: str) -> None:
        self._group = group
        self._model = model

    def add(
        self,
        what: str,
        stream: Stream,
        *rules: str,
        expected: Iterable[Sequence[Any]] | None = None,
        flags: Sequence[str] = (),
    ) -> None:
        """Add a case; ``expected`` are its decisions in parts, where they are known by hand."""
        decisions = None if expected is None else [each for part in expected for each in part]
        wanted = None if decisions is None else {"decisions": decisions}
        clauses = [f"RX-{rule}" for rule in rules]
        self._group.valid(what, clauses, stream.request(self._model), wanted, flags=flags)
