"""Cases that were added because a seeded bug or a mechanical change of the core got past all others."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dred_conformance.protocol.arrays import floats_to_base64
from dred_conformance.vectors.generate.asked_for_payloads import add_asked_for_payloads
from dred_conformance.vectors.generate.builder import GroupBuilder
from dred_conformance.vectors.generate.extension_bytes import (
    REPEAT_LAST,
    REPEAT_MORE,
    found,
    lacing,
    long_counted,
    long_rest,
    separator,
    short,
)
from dred_conformance.vectors.generate.models import VectorModel
from dred_conformance.vectors.generate.packet_bytes import code3, length_code, toc
from dred_conformance.vectors.generate.payload_maker import qualified
from dred_conformance.vectors.generate.random_source import RandomSource
from dred_conformance.vectors.generate.tight_buffers import add_tight_buffers

__all__ = ["add_asked_for"]


def add_asked_for(groups: Sequence[GroupBuilder], models: Sequence[VectorModel], seed: int, ask: Any) -> None:
    """Append to the groups, so that what they held keeps its place and its random draws."""
    by_name = {group.name: group for group in groups}
    _add_packets(by_name["packet-code3-cbr"])
    _add_written_packets(by_name["packet-write"], RandomSource(seed, "asked-for/packet-write"))
    _add_written_extensions(by_name["extension-write"])
    _add_ranges(by_name["range-decode"], by_name["range-encode"])
    add_tight_buffers(by_name["range-encode"], RandomSource(seed, "asked-for/tight-buffers"))
    for model in models:
        if not model.is_trained:
            add_asked_for_payloads(by_name, model, seed, ask)
            _add_quantised(by_name[qualified("latent-quantise", model)], model)


def _add_packets(group: GroupBuilder) -> None:
    for config, most in ((12, 12), (13, 6), (14, 12), (15, 6)):
        read = {"op": "packet", "packet": code3(config, [b"h"] * most).hex(), "self_delimited": False}
        expected = {"config": config, "frames": ["68"] * most}
        what = f"{most} hybrid frames of configuration {config} are 120 ms"
        group.valid(what, ["RFC6716-3.2.5-R5", "RFC6716-3.1-toc"], read, expected, flags=["boundary"])
        longer = code3(config, [b"h"] * (most + 1)).hex()
        what = f"{most + 1} hybrid frames of configuration {config} are more than 120 ms"
        clauses = ["RFC6716-3.2.5-R5", "RFC6716-3.4-reject"]
        group.invalid(what, clauses, read | {"packet": longer}, "R5", position=1)


def _add_written_packets(group: GroupBuilder, source: RandomSource) -> None:
    last = source.bytes(3)
    for size in (251, 252, 253, 255, 256, 1275):
        first = source.bytes(size)
        written = {"op": "packet_write", "config": 3, "stereo": False, "code": 2}
        written |= {"frames": [first.hex(), last.hex()]}
        packet = toc(3, 2) + length_code(size) + first + last
        what = f"code 2, a first frame of {size} bytes"
        flags = ["writer", "boundary"]
        group.valid(what, ["RFC6716-3.2.1-length"], written, {"packet": packet.hex()}, flags=flags)


def _add_written_extensions(group: GroupBuilder) -> None:
    def add(what: str, items: list[dict[str, Any]], frames: int, padding: bytes) -> None:
        written = {"op": "extension_write", "extensions": items, "frame_count": frames}
        clauses = ["EXT-write", "EXT-write-repeat"]
        group.valid(what, clauses, written, {"padding": padding.hex()}, flags=["writer", "repeat"])

    first, second, only = b"first", b"second", b"only"
    items = [found(40, 0, first), found(50, 0, only), found(60, 0, second)]
    items += [found(40, 1, first), found(60, 1, second)]
    repeated = long_counted(40, first) + REPEAT_MORE + lacing(len(first)) + first
    rest = long_counted(50, only) + long_counted(60, second) + separator() + long_rest(60, second)
    add("behind one that cannot be repeated nothing is", items, 2, repeated + rest)
    items = [found(40, 0, first), found(50, 0, only), found(40, 1, second)]
    repeated = long_counted(40, first) + REPEAT_MORE + lacing(len(second)) + second
    add("the last long copy of an RTE with L=1 has a length", items, 2, repeated + long_rest(50, only))
    items = [found(5, 0, b"a"), found(5, 1, b"b"), found(40, 1, only), found(5, 2, b"c")]
    area = short(5, b"a") + REPEAT_LAST + b"bc" + long_rest(40, only)
    add("no separator to the frame that an RTE with L=0 moves to", items, 3, area)
    items = [found(5, 1, b"a"), found(6, 3, b"b"), found(7, 4, b"c"), found(8, 9, b"d"), found(9, 47, b"e")]
    area = separator() + short(5, b"a") + separator(2) + short(6, b"b") + separator() + short(7, b"c")
    area += separator(5) + short(8, b"d") + separator(38) + short(9, b"e")
    add("separators that move on from a later frame", items, 48, area)
    for number in (32, 33, 127):
        for size in (0, 1, 2, 300):
            payload = bytes(range(1, 101)) * 3
            payload = payload[:size]
            items = [found(number, 0, payload)]
            add(f"id {number} alone with {size} bytes", items, 1, long_rest(number, payload))


def _add_ranges(decoding: GroupBuilder, encoding: GroupBuilder) -> None:
    for p0 in (1, 12345, 32767):
        steps: list[list[Any]] = [["laplace", p0, 20000]] * 8
        case_input = {"op": "range_decode", "data": "5ac3177e90f2b8d641a5", "steps": steps}
        what = f"an odd share for the values that are not 0, p0 {p0}"
        decoding.agreed(what, ["DRED-laplace-sign"], case_input, flags=["boundary"])
    # The fractional count of bits turns where the upper 16 bits of the range pass one of these.
    for threshold in (35733, 38967, 42495, 46340, 50535, 55109, 60097, 65534):
        for top in (threshold, threshold + 1):
            steps = [["decode", 65536], ["update", 0, top, 65536]]
            case_input = {"op": "range_decode", "data": "0000000000", "steps": steps}
            what = f"eighths of a bit around a threshold, range {top} * 2^15"
            decoding.agreed(what, ["RFC6716-4.1.6.2-tellfrac"], case_input, flags=["boundary"])
    # Found by search: the interval holds a byte boundary while four bytes of 255 go by, then rises above it.
    lows = [(86, 211), (87, 211), (29, 211), (74, 211), (60, 211)]
    lows += [(value, 256) for value in (57, 112, 54, 198, 255, 255, 255)]
    search: list[list[Any]] = [["encode", low, low + 1, total] for low, total in lows]
    written: dict[str, Any] = {"op": "range_encode", "size": 24, "steps": search}
    what = "a carry turns four bytes of 255 into 0"
    flags = ["writer", "boundary"]
    encoding.agreed(what, ["RFC6716-5.1.1.2-carry"], written, flags=flags)
    steps = [
        ["bits", 255, 8],
        ["bits", 129, 8],
        ["bits", 66, 8],
        ["bits", 2**25 - 1, 25],
        ["bits", 2**25 - 1, 25],
    ]
    written = {"op": "range_encode", "size": 16, "steps": steps}
    what = "raw bits fill the window to the last bit"
    encoding.agreed(what, ["RFC6716-5.1.3-raw"], written, flags=flags)
    steps = [*([["uint", 200, 256]] * 6), *([["bits", 2**24 + 1, 25]] * 4), ["shrink", 10]]
    written = {"op": "range_encode", "size": 30, "steps": steps}
    what = "shrink to less than both ends take together"
    encoding.invalid(what, ["RFC6716-5.1.5-finalise"], written, "W1", flags=["writer", "rejection"])


def _add_quantised(group: GroupBuilder, model: VectorModel) -> None:
    state_dim, latent_dim = int(model.data["state_dim"]), int(model.data["latent_dim"])

    def add(what: str, latent: Mapping[int, float]) -> None:
        values = [latent.get(index, 0.0) for index in range(latent_dim)]
        case_input = {
            "op": "latent_write",
            "model": model.name,
            "q0": 0,
            "dq": 0,
            "qmax": 15,
            "state": floats_to_base64([0.0] * state_dim),
            "latents": floats_to_base64(values),
            "latent_count": 1,
        }
        group.agreed(what, ["DRED-quantise"], case_input, flags=["writer", "boundary"])

    add("the largest value there is", {0: 2.0**20})
    add("the largest value below 0", {0: -(2.0**20)})
    tables = model.data["tables"]
    coded = model.is_coded("latent", 0)
    for index, (zone, scale) in enumerate(
        zip(tables["latent_dead_zone_q8"][0], tables["latent_quant_scales_q8"][0], strict=True)
    ):
        if zone == 0 and coded[index]:
            for half in (-0.5, -1.5, -2.5, 0.5, 1.5):
                value = float(np.float32(256 * half / scale))
                add(f"a half without a dead zone, {half}", {index: value})
