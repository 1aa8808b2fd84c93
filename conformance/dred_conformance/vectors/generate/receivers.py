"""Vectors of the ``receiver`` stage: what is played at every moment of a stream with holes."""

from typing import Any

from dred_conformance.vectors.generate.builder import GroupBuilder
from dred_conformance.vectors.generate.models import VectorModel
from dred_conformance.vectors.generate.payload_maker import PayloadMaker, qualified
from dred_conformance.vectors.generate.random_source import RandomSource
from dred_conformance.vectors.generate.receiver_buffers import add_buffers
from dred_conformance.vectors.generate.receiver_cases import ReceiverCases, payload_maker
from dred_conformance.vectors.generate.receiver_draws import add_draws
from dred_conformance.vectors.generate.receiver_holes import add_holes
from dred_conformance.vectors.generate.receiver_lbrr import add_lbrr

__all__ = ["receiver_groups"]


def receiver_groups(model: VectorModel, seed: int, ask: Any) -> list[GroupBuilder]:
    """Return the groups about receivers, with payloads of one model."""
    source = RandomSource(seed, f"receiver/{model.name}")
    maker = PayloadMaker(model, ask)
    texts = {
        "receiver-dred": "Holes filled from the redundancy of the packet behind them",
        "receiver-lbrr": "In-band FEC beside redundancy",
        "receiver-buffer": "Packets that are late, early, double, or none",
        "receiver-draw": "Streams drawn at random",
    }
    groups = {
        name: GroupBuilder(qualified(name, model), "receiver", f"{text} ({model.name}).")
        for name, text in texts.items()
    }
    cases = {name: ReceiverCases(group, model.name) for name, group in groups.items()}
    payload = payload_maker(maker, source)
    add_holes(cases["receiver-dred"], payload)
    add_lbrr(cases["receiver-lbrr"], payload)
    add_buffers(cases["receiver-buffer"], payload)
    add_draws(cases["receiver-draw"], payload, source)
    return list(groups.values())
