"""Cases of what a packet offers to a receiver, by both rules of the deployed interface."""

from collections.abc import Sequence
from typing import Any

from dred_conformance.vectors.generate.builder import GroupBuilder
from dred_conformance.vectors.generate.extension_bytes import long_counted
from dred_conformance.vectors.generate.models import VectorModel
from dred_conformance.vectors.generate.packet_bytes import code3, toc
from dred_conformance.vectors.generate.payload_maker import PayloadMaker, marks
from dred_conformance.vectors.generate.random_source import RandomSource

__all__ = ["AvailabilityCases", "add_availability"]

_RULES = ("1.6.1", "2026-06")


class AvailabilityCases:
    """Adds cases about packets of a model to its group.

    Parameters
    ----------
    group
        Where they go.
    model
        The model.
    flags
        Flags of every case.
    """

    def __init__(self, group: GroupBuilder, model: VectorModel, flags: Sequence[str]) -> None:
        self._group = group
        self._model = model
        self._flags = flags

    def request(self, packet: bytes, rate: int, samples: int, rule: str) -> dict[str, Any]:
        """Return the input of a case."""
        return {
            "op": "availability",
            "packet": packet.hex(),
            "sampling_rate": rate,
            "max_samples": samples,
            "wire": self._model.wire,
            "model": self._model.name,
            "rule": rule,
        }

    def add(self, what: str, packet: bytes, rate: int, samples: int, *more: str, rule: str) -> None:
        """Add a case that both implementations must answer alike; ``more`` are further clauses."""
        clauses = ["DRED-availability", "DRED-availability-end", *more]
        clauses += ["DRED-availability-1.6.1"] if rule == "1.6.1" else []
        request = self.request(packet, rate, samples, rule)
        self._group.agreed(f"{what}, rule {rule}", clauses, request, flags=self._flags)

    def add_by_both_rules(self, what: str, packet: bytes, rate: int, samples: int, *more: str) -> None:
        """Add a case for each rule."""
        for rule in _RULES:
            self.add(what, packet, rate, samples, *more, rule=rule)


def add_availability(group: GroupBuilder, maker: PayloadMaker, source: RandomSource) -> None:
    """Add the cases to the group of packets of a model."""
    cases = AvailabilityCases(group, maker.model, marks(maker.model))
    reaches = ((10, 4), (0, 26), (1, 26), (-7, 26), (-40, 3), (-400, 2), (16, 26), (-8000, 1))
    for offset, count in maker.model.some(reaches):
        encoded = maker.random(source, (10, 1, 15, offset), count, 1)
        packet = code3(9, [b"abc"], padding=bytes([126 << 1]) + encoded.payload)
        for rule in _RULES:
            for rate, samples in ((48000, 48000), (16000, 3200), (8000, 0)):
                what = f"offset {offset}, {count} latents, {samples} samples at {rate} Hz"
                cases.add(what, packet, rate, samples, rule=rule)
    for packet in (toc(9, 0) + b"abc", code3(9, [b"abc"], padding=bytes(9))):
        request = cases.request(packet, 48000, 48000, "2026-06")
        nothing = {"samples": 0, "dred_end": 0}
        group.valid("no DRED, nothing available", ["DRED-availability"], request, nothing)
    broken = cases.request(toc(9, 1) + b"abc", 48000, 48000, "2026-06")
    group.invalid("availability of a packet that is none", ["DRED-locate"], broken, "R3")
    _add_requests(group, maker, source)


def _add_requests(group: GroupBuilder, maker: PayloadMaker, source: RandomSource) -> None:
    """Add requests of every decoder rate, more latents than are ever read, and damage around the DRED."""
    flags = marks(maker.model)
    cases = AvailabilityCases(group, maker.model, flags)
    add = cases.add_by_both_rules
    frame = b"abc"
    many = maker.random(source, (6, 1, 15, 10), 40, 3)
    dred = bytes([126 << 1]) + many.payload
    alone = code3(9, [frame], padding=dred)
    for rate in maker.model.some((8000, 12000, 16000, 24000, 48000), 2):
        for milliseconds in (20, 200, 2000):
            what = f"{milliseconds} ms of 40 latents at {rate} Hz"
            add(what, alone, rate, rate // 1000 * milliseconds)
    add("as many samples as can be asked for", alone, 48000, 2**31 - 1)
    third = code3(9, [frame] * 3, padding=bytes([3, 2, 126 << 1]) + many.payload)
    add("DRED on the third frame of 20 ms, 16 units later", third, 48000, 9600, "DRED-frame-offset")
    behind = long_counted(126, many.payload) + bytes([33 << 1 | 1, 9])
    add("an extension error behind the DRED", code3(9, [frame], padding=behind), 48000, 9600, "DRED-locate")
    before = code3(9, [frame], padding=bytes([33 << 1 | 1, *[255] * 20]) + dred)
    for rule in _RULES:
        what = f"an extension error before the DRED, rule {rule}"
        group.invalid(what, ["DRED-locate"], cases.request(before, 48000, 9600, rule), "E3", flags=flags)
