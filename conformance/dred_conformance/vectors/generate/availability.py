"""Cases of what a packet offers to a receiver, by both rules of the deployed interface."""

from typing import Any

from dred_conformance.vectors.generate.builder import GroupBuilder
from dred_conformance.vectors.generate.extension_bytes import long_counted
from dred_conformance.vectors.generate.packet_bytes import code3, toc
from dred_conformance.vectors.generate.payload_maker import EXPERIMENTAL, PayloadMaker, marks
from dred_conformance.vectors.generate.random_source import RandomSource

__all__ = ["add_availability"]

_RULES = ("1.6.1", "2026-06")


def add_availability(group: GroupBuilder, maker: PayloadMaker, source: RandomSource) -> None:
    """Add the cases to the group of packets of a model."""
    model = maker.model
    for offset, count in ((10, 4), (0, 26), (1, 26), (-7, 26), (-40, 3), (-400, 2), (16, 26), (-8000, 1)):
        encoded = maker.random(source, (10, 1, 15, offset), count, 1)
        area = bytes([126 << 1]) + encoded.payload
        packet = code3(9, [b"abc"], padding=area)
        for rule in _RULES:
            for rate, samples in ((48000, 48000), (16000, 3200), (8000, 0)):
                case_input = {
                    "op": "availability",
                    "packet": packet.hex(),
                    "sampling_rate": rate,
                    "max_samples": samples,
                    "wire": EXPERIMENTAL,
                    "model": model.name,
                    "rule": rule,
                }
                clauses = ["DRED-availability", "DRED-availability-end"]
                clauses += ["DRED-availability-1.6.1"] if rule == "1.6.1" else []
                what = f"offset {offset}, {count} latents, {samples} samples at {rate} Hz, rule {rule}"
                group.agreed(what, clauses, case_input, flags=marks(model))
    for packet in (toc(9, 0) + b"abc", code3(9, [b"abc"], padding=bytes(9))):
        case_input = {
            "op": "availability",
            "packet": packet.hex(),
            "sampling_rate": 48000,
            "max_samples": 48000,
            "wire": EXPERIMENTAL,
            "model": model.name,
            "rule": "2026-06",
        }
        group.valid(
            "no DRED, nothing available", ["DRED-availability"], case_input, {"samples": 0, "dred_end": 0}
        )
    broken = case_input | {"packet": (toc(9, 1) + b"abc").hex()}
    group.invalid("availability of a packet that is none", ["DRED-locate"], broken, "R3")
    _add_requests(group, maker, source)


def _add_requests(group: GroupBuilder, maker: PayloadMaker, source: RandomSource) -> None:
    """Add requests of every decoder rate, more latents than are ever read, and damage around the DRED."""
    model = maker.model
    frame = b"abc"

    def asked(packet: bytes, rate: int, samples: int, rule: str) -> dict[str, Any]:
        return {
            "op": "availability",
            "packet": packet.hex(),
            "sampling_rate": rate,
            "max_samples": samples,
            "wire": EXPERIMENTAL,
            "model": model.name,
            "rule": rule,
        }

    def add(what: str, packet: bytes, rate: int, samples: int, *clauses: str) -> None:
        for rule in _RULES:
            named = ["DRED-availability", "DRED-availability-end", *clauses]
            named += ["DRED-availability-1.6.1"] if rule == "1.6.1" else []
            case_input = asked(packet, rate, samples, rule)
            group.agreed(f"{what}, rule {rule}", named, case_input, flags=marks(model))

    many = maker.random(source, (6, 1, 15, 10), 40, 3)
    dred = bytes([126 << 1]) + many.payload
    alone = code3(9, [frame], padding=dred)
    for rate in (8000, 12000, 16000, 24000, 48000):
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
        group.invalid(what, ["DRED-locate"], asked(before, 48000, 9600, rule), "E3", flags=marks(model))
