"""Vectors of the range coder: decoding and encoding, corner by corner."""

from typing import Any

from dred_conformance.vectors.generate.builder import GroupBuilder
from dred_conformance.vectors.generate.random_source import RandomSource

__all__ = ["range_groups"]

_ICDF = [180, 120, 60, 10, 0]
_MAGNITUDES = [12800, 5000, 1953, 762, 297, 116, 45, 0]


def _decode(data: bytes, steps: list[list[Any]]) -> dict[str, Any]:
    return {"op": "range_decode", "data": data.hex(), "steps": steps}


def _encode(size: int, steps: list[list[Any]]) -> dict[str, Any]:
    return {"op": "range_encode", "size": size, "steps": steps}


def _around(step: list[Any], total: int, data: bytes, before: list[list[Any]], ask: Any) -> list[list[Any]]:
    """Return a decode step and an update whose interval holds what the step decodes from this data."""
    value = ask(_decode(data, [*before, step, ["update", 0, total, total]]))["values"][-2]
    return [step, ["update", max(0, value - 1), min(total, value + 2), total]]


def _every_operation(data: bytes, ask: Any) -> list[list[Any]]:
    steps = _around(["decode", 28], 28, data, [], ask)
    steps += _around(["decode_bin", 7], 128, data, steps, ask)
    return [
        *steps,
        ["bit_logp", 3],
        ["icdf", _ICDF, 8],
        ["icdf", _MAGNITUDES, 15],
        ["uint", 16],
        ["uint", 256],
        ["uint", 257],
        ["uint", 100000],
        ["bits", 5],
        ["laplace", 16384, 12800],
    ]


def range_groups(seed: int, ask: Any) -> list[GroupBuilder]:
    """Return the groups about the range decoder and the range encoder."""
    source = RandomSource(seed, "range")
    return [_decoder(source, ask), _encoder(source)]


def _decoder(source: RandomSource, ask: Any) -> GroupBuilder:
    group = GroupBuilder(
        "range-decode", "payload", "The range decoder step by step, with its state after each step."
    )
    symbol = [
        "RFC6716-4.1.2-symbol",
        "RFC6716-4.1.2.1-renorm",
        "RFC6716-4.1.6.1-tell",
        "RFC6716-4.1.6.2-tellfrac",
    ]
    for name, data in (
        ("no data at all", b""),
        ("one byte", b"\x5a"),
        ("zeros", bytes(8)),
        ("ones", b"\xff" * 8),
        ("random", source.bytes(40)),
        ("random, too short", source.bytes(3)),
    ):
        flags = ["past-end"] if len(data) < 10 else []
        clauses = ["RFC6716-4.1.1-init", *symbol, "RFC6716-4.1.2.1-zero"]
        group.agreed(
            f"every operation once: {name}", clauses, _decode(data, _every_operation(data, ask)), flags=flags
        )
    group.valid(
        "a fresh decoder has used one bit",
        ["RFC6716-4.1.1-init", "RFC6716-4.1.6.1-tell"],
        _decode(b"\x80", [["bits", 0]]),
        {"values": [0], "tells": [1], "tell_fracs": [8]},
        flags=["setup"],
    )
    raw = ["RFC6716-4.1.4-raw"]
    data = bytes([0x00, 0x00, 0b10110100])
    group.valid(
        "raw bits come from the last byte, lowest bit first",
        raw,
        _decode(data, [["bits", 3], ["bits", 5]]),
        {"values": [0b100, 0b10110]},
    )
    group.valid(
        "raw bits run over byte borders backwards",
        raw,
        _decode(bytes([0x12, 0x34, 0x56]), [["bits", 4], ["bits", 12], ["bits", 8]]),
        {"values": [0x6, 0x345, 0x12]},
    )
    group.valid(
        "raw bits beyond the first byte are zero",
        [*raw, "RFC6716-4.1.2.1-zero"],
        _decode(b"\xff", [["bits", 8], ["bits", 8], ["bits", 25]]),
        {"values": [255, 0, 0]},
        flags=["past-end"],
    )
    overlap = [["uint", 256]] * 3 + [["bits", 8]] * 3 + [["uint", 256]] * 3
    group.agreed(
        "raw bits and range-coded symbols read the same bytes",
        ["RFC6716-4.1.4-overlap", "RFC6716-4.1.2.1-raw"],
        _decode(source.bytes(3), overlap),
        flags=["past-end"],
    )
    group.agreed(
        "25 raw bits at a time", raw, _decode(source.bytes(30), [["bits", 25]] * 8), flags=["boundary"]
    )
    for total in (2, 3, 255, 256, 257, 511, 512, 65535, 65536, 65537, 2**24 + 1, 2**31, 2**32 - 1):
        clauses = ["RFC6716-4.1.5-uint"]
        steps = [["uint", total]] * 3
        group.agreed(f"integers below {total}", clauses, _decode(source.bytes(20), steps), flags=["boundary"])
    group.valid(
        "an integer beyond its range is taken as the largest and flagged",
        ["RFC6716-4.1.5-range", "RFC6716-4.1.5-uint"],
        _decode(b"\xff" * 8, [["uint", 2**24 + 1]]),
        {"values": [2**24], "uint_error": True},
        flags=["corrupt", "should"],
        strength="should",
    )
    for logp in (1, 7, 15):
        group.agreed(
            f"bits of probability 2^-{logp}",
            ["RFC6716-4.1.3.2-logp"],
            _decode(source.bytes(6), [["bit_logp", logp]] * 12),
        )
    group.agreed("icdf tables", ["RFC6716-4.1.3.3-icdf"], _decode(source.bytes(8), [["icdf", _ICDF, 8]] * 20))
    data = source.bytes(8)
    binary: list[list[Any]] = []
    for _ in range(6):
        binary += _around(["decode_bin", 4], 16, data, binary, ask)
    group.agreed("binary totals", ["RFC6716-4.1.3.1-bin"], _decode(data, binary))
    group.agreed(
        "a long run past the end",
        ["RFC6716-4.1.2.1-zero"],
        _decode(b"\x91", [["uint", 3]] * 200),
        flags=["past-end"],
    )
    laplace = ["DRED-laplace-sign", "DRED-laplace-magnitude", "DRED-laplace-escape"]
    for p0, decay in ((0, 0), (0, 32640), (128, 128), (32640, 32640), (1280, 384), (16384, 12800)):
        data = source.bytes(24)
        group.agreed(
            f"Laplace, p0 {p0}, decay {decay}", laplace, _decode(data, [["laplace", p0, decay]] * 20)
        )
    for what, steps in _bad_decode_steps():
        group.invalid(what, ["RFC6716-4.1.2-symbol"], _decode(b"\x55\xaa", steps), "W1")
    return group


def _bad_decode_steps() -> list[tuple[str, list[list[Any]]]]:
    return [
        ("integers below 1", [["uint", 1]]),
        ("a total of 0", [["decode", 0]]),
        ("more than 25 raw bits at once", [["bits", 26]]),
        ("an inverse table that does not end in 0", [["icdf", [5, 3], 8]]),
        ("an inverse table that rises", [["icdf", [5, 6, 0], 8]]),
        ("update without decode", [["update", 0, 1, 2]]),
        (
            "update with an interval that does not hold the decoded value",
            [["decode", 4], ["update", 0, 1, 4]],
        ),
    ]


def _encoder(source: RandomSource) -> GroupBuilder:
    group = GroupBuilder(
        "range-encode", "payload", "The range encoder: bytes, carries, raw bits, the finished buffer."
    )
    finish = ["RFC6716-5.1.5-finalise", "RFC6716-5.1-init"]
    flags = ["writer"]
    values = [0, 1, -1, 2, -3, 7, 8, -15, 0, 29]
    steps: list[list[Any]] = [["laplace", value, 128 << 7, 100 << 7] for value in values]
    group.valid(
        "Laplace values of every kind",
        ["DRED-laplace-escape", "DRED-laplace-sign", "DRED-laplace-magnitude", *finish],
        _encode(64, [*steps, ["shrink", 13]]),
        {"data": "50bc9242eaf843f3d23bfffffc", "overflow": False},
        flags=[*flags, "second-opinion"],
    )
    steps = [["laplace", value, 10 << 7, 3 << 7] for value in (5, -9, 0, 1)]
    group.valid(
        "Laplace values with a decay below its floors",
        ["DRED-laplace-magnitude", *finish],
        _encode(64, [*steps, ["shrink", 6]]),
        {"data": "84fd1dfffd40", "overflow": False},
        flags=[*flags, "second-opinion"],
    )
    group.valid("nothing but an end", finish, _encode(4, []), {"data": "00000000"}, flags=flags)
    every: list[list[Any]] = [
        ["encode", 3, 9, 28],
        ["encode_bin", 64, 65, 7],
        ["bit_logp", 1, 3],
        ["bit_logp", 0, 3],
        ["icdf", 0, _ICDF, 8],
        ["icdf", 3, _ICDF, 8],
        ["uint", 15, 16],
        ["uint", 99999, 100000],
        ["bits", 21, 5],
        ["bits", 2**25 - 1, 25],
        ["laplace", -8, 16384, 12800],
    ]
    symbol = [
        "RFC6716-5.1.1-symbol",
        "RFC6716-5.1.1.1-renorm",
        "RFC6716-5.1.2-alternates",
        "RFC6716-5.1.3-raw",
    ]
    group.agreed(
        "every operation once", [*symbol, *finish, "RFC6716-5.1.6-tell"], _encode(40, every), flags=flags
    )
    group.agreed(
        "a carry runs through many bytes of 255",
        ["RFC6716-5.1.1.2-carry"],
        _encode(
            40, [["encode", 254, 255, 256]] + [["encode", 255, 256, 256]] * 12 + [["encode_bin", 1, 2, 1]] * 9
        ),
        flags=flags,
    )
    group.agreed(
        "no carry at the end of many bytes of 255",
        ["RFC6716-5.1.1.2-carry"],
        _encode(40, [["encode", 0, 1, 256]] + [["encode", 255, 256, 256]] * 12 + [["encode", 0, 1, 3]]),
        flags=flags,
    )
    for total in (2, 256, 257, 65537, 2**32 - 1):
        steps = [["uint", total - 1, total], ["uint", 0, total], ["uint", source.below(total), total]]
        group.agreed(f"integers below {total}", ["RFC6716-5.1.4-uint"], _encode(24, steps), flags=flags)
    crowd = [["uint", 200, 256]] * 5 + [["bits", 1234, 11]] * 3
    for size in range(5, 12):
        group.agreed(
            f"symbols and raw bits meet in {size} bytes",
            ["RFC6716-5.1.3-raw", *finish],
            _encode(size, crowd),
            flags=[*flags, "boundary"],
        )
    group.agreed("a full buffer", finish, _encode(2, [["uint", 77, 256]] * 6), flags=[*flags, "boundary"])
    raw_only = [["bits", 255, 8], ["bits", 3, 2]]
    group.agreed("raw bits alone fill it", finish, _encode(1, raw_only), flags=[*flags, "boundary"])
    group.agreed(
        "no buffer", finish, _encode(0, [["uint", 7, 16], ["bits", 3, 2]]), flags=[*flags, "boundary"]
    )
    group.agreed(
        "shrink moves the raw bits",
        ["RFC6716-5.1.5-finalise"],
        _encode(30, [*every, ["shrink", 24]]),
        flags=flags,
    )
    for what, bad in (
        ("a value outside its range", [["uint", 16, 16]]),
        ("a zero that has no probability", [["laplace", 0, 0, 128]]),
        ("an empty interval", [["encode", 3, 3, 9]]),
        ("a symbol that the table lacks", [["icdf", 5, _ICDF, 8]]),
        ("a raw value wider than its bits", [["bits", 4, 2]]),
        ("shrink to more than there is", [["shrink", 50]]),
        ("shrink below what is written", [["uint", 7, 256]] * 9 + [["shrink", 1]]),
    ):
        group.invalid(what, ["RFC6716-5.1.1-symbol"], _encode(20, bad), "W1", flags=["writer", "rejection"])
    return group
