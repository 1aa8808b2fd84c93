"""Vectors of the ``packet`` stage: reading."""

from typing import Any

from dred_conformance.vectors.generate.builder import GroupBuilder
from dred_conformance.vectors.generate.packet_bytes import code3, length_code, toc
from dred_conformance.vectors.generate.random_source import RandomSource

__all__ = ["packet_groups"]

_TOC = "RFC6716-3.1-toc"
_LENGTH = "RFC6716-3.2.1-length"
_CODE3 = "RFC6716-3.2.5-code3"
# Configurations by frame duration in samples at 48 kHz, with the most frames that 120 ms hold.
_MOST_FRAMES = {28: 48, 29: 24, 30: 12, 31: 6, 8: 12, 9: 6, 10: 3, 11: 2}


def _read(packet: bytes) -> dict[str, Any]:
    return {"op": "packet", "packet": packet.hex()}


def _seen(
    packet: bytes, config: int, code: int, frames: list[bytes], padding: bytes = b"", *, stereo: bool = False
) -> dict[str, Any]:
    return {
        "config": config,
        "stereo": stereo,
        "code": code,
        "frames": [frame.hex() for frame in frames],
        "padding": padding.hex(),
        "consumed": len(packet),
    }


def packet_groups(seed: int) -> list[GroupBuilder]:
    """Return the groups about reading packets."""
    source = RandomSource(seed, "packet")
    return [_toc_group(source), _code0(source), _code1(source), _code2(source), *_code3(source)]


def _toc_group(source: RandomSource) -> GroupBuilder:
    group = GroupBuilder("packet-toc", "packet", "The TOC byte: every configuration, mono and stereo.")
    for config in range(32):
        for stereo in (False, True):
            frame = source.bytes(source.between(1, 9))
            packet = toc(config, 0, stereo=stereo) + frame
            group.valid(
                f"configuration {config}, {'stereo' if stereo else 'mono'}, one frame",
                [_TOC, "RFC6716-3.2.2-code0", "RFC6716-3-framing"],
                _read(packet),
                _seen(packet, config, 0, [frame], stereo=stereo),
                flags=["setup"] if config == 1 else [],
            )
    return group


def _code0(source: RandomSource) -> GroupBuilder:
    group = GroupBuilder("packet-code0", "packet", "Code 0: one frame, to the end of the packet.")
    group.invalid("no byte at all", ["RFC6716-3.1-R1", "RFC6716-3.4-reject"], _read(b""), "R1", position=0)
    for size in (0, 1, 251, 252, 1274, 1275):
        frame = source.bytes(size)
        packet = toc(1, 0) + frame
        group.valid(
            f"one frame of {size} bytes",
            ["RFC6716-3.2.2-code0", "RFC6716-3.2.1-zero"] if size == 0 else ["RFC6716-3.2.2-code0"],
            _read(packet),
            _seen(packet, 1, 0, [frame]),
            flags=["zero-length"] if size == 0 else ["boundary"],
        )
    for size in (1276, 2000):
        group.invalid(
            f"one frame of {size} bytes",
            ["RFC6716-3.2.1-R2", "RFC6716-3.4-reject"],
            _read(toc(1, 0) + source.bytes(size)),
            "R2",
            position=1,
        )
    return group


def _code1(source: RandomSource) -> GroupBuilder:
    group = GroupBuilder("packet-code1", "packet", "Code 1: two frames of equal size.")
    for size in (0, 1, 17, 1275):
        frames = [source.bytes(size), source.bytes(size)]
        packet = toc(13, 1) + b"".join(frames)
        clauses = ["RFC6716-3.2.3-code1"] + (["RFC6716-3.2.1-zero"] if size == 0 else [])
        flags = ["zero-length"] if size == 0 else []
        group.valid(f"2 x {size} bytes", clauses, _read(packet), _seen(packet, 13, 1, frames), flags=flags)
    for size in (1, 3, 501):
        group.invalid(
            f"{size} bytes are not two equal frames",
            ["RFC6716-3.2.3-R3", "RFC6716-3.4-reject"],
            _read(toc(13, 1) + source.bytes(size)),
            "R3",
            position=1,
        )
    group.invalid(
        "2 x 1276 bytes",
        ["RFC6716-3.2.1-R2", "RFC6716-3.4-reject"],
        _read(toc(13, 1) + source.bytes(2552)),
        "R2",
        position=1,
    )
    return group


def _code2(source: RandomSource) -> GroupBuilder:
    group = GroupBuilder("packet-code2", "packet", "Code 2: two frames, the first with its length.")
    for first in (0, 1, 251, 252, 253, 254, 255, 256, 1275):
        frames = [source.bytes(first), source.bytes(5)]
        packet = toc(22, 2) + length_code(first) + b"".join(frames)
        flags = ["zero-length"] if first == 0 else ["boundary"]
        clauses = ["RFC6716-3.2.4-code2", _LENGTH]
        group.valid(
            f"first frame of {first} bytes", clauses, _read(packet), _seen(packet, 22, 2, frames), flags=flags
        )
    for second in (0, 1275):
        frames = [source.bytes(3), source.bytes(second)]
        packet = toc(22, 2) + length_code(3) + b"".join(frames)
        clauses = ["RFC6716-3.2.4-code2", "RFC6716-3.2.1-zero"]
        group.valid(f"last frame of {second} bytes", clauses, _read(packet), _seen(packet, 22, 2, frames))
    rule = ["RFC6716-3.2.4-R4", "RFC6716-3.4-reject"]
    group.invalid("no length at all", rule, _read(toc(22, 2)), "R4", position=1)
    group.invalid("second length byte missing", rule, _read(toc(22, 2) + b"\xfc"), "R4", position=1)
    group.invalid("length 5, four bytes there", rule, _read(toc(22, 2) + b"\x05abcd"), "R4", position=1)
    group.invalid(
        "length 252, 251 bytes there",
        rule,
        _read(toc(22, 2) + b"\xfc\x00" + source.bytes(251)),
        "R4",
        position=1,
    )
    group.invalid(
        "last frame of 1276 bytes",
        ["RFC6716-3.2.1-R2", "RFC6716-3.4-reject"],
        _read(toc(22, 2) + b"\x01" + source.bytes(1277)),
        "R2",
        position=3,
    )
    return group


def _code3(source: RandomSource) -> list[GroupBuilder]:
    return [_cbr(source), _vbr(source), _padding(source)]


def _cbr(source: RandomSource) -> GroupBuilder:
    group = GroupBuilder("packet-code3-cbr", "packet", "Code 3 with frames of one size.")
    for config, most in _MOST_FRAMES.items():
        frames = [source.bytes(2) for _ in range(most)]
        packet = code3(config, frames)
        clauses = [_CODE3, "RFC6716-3.2.5-R5"]
        group.valid(
            f"{most} frames of configuration {config} are 120 ms",
            clauses,
            _read(packet),
            _seen(packet, config, 3, frames),
            flags=["boundary"],
        )
        group.invalid(
            f"{most + 1} frames of configuration {config} are more than 120 ms",
            ["RFC6716-3.2.5-R5", "RFC6716-3.4-reject"],
            _read(code3(config, [source.bytes(2) for _ in range(most + 1)])),
            "R5",
            position=1,
            flags=["rejection", "boundary"],
        )
    for size in (0, 1, 1275):
        frames = [source.bytes(size) for _ in range(3)]
        packet = code3(1, frames)
        flags = ["zero-length"] if size == 0 else []
        clauses = [_CODE3] + (["RFC6716-3.2.1-zero"] if size == 0 else [])
        group.valid(f"3 x {size} bytes", clauses, _read(packet), _seen(packet, 1, 3, frames), flags=flags)
    both = ["RFC6716-3.2.5-count", "RFC6716-3.4-reject"]
    group.invalid("frame count byte missing", both, _read(toc(1, 3)), "R6", "R7", position=1)
    group.invalid("no frames", ["RFC6716-3.2.5-R5"], _read(toc(1, 3) + b"\x00"), "R5", position=1)
    group.invalid(
        "no frames, all flags set", ["RFC6716-3.2.5-R5"], _read(toc(1, 3) + b"\xc0\x00"), "R5", position=1
    )
    group.invalid("63 frames of 60 ms", ["RFC6716-3.2.5-R5"], _read(toc(3, 3) + b"\x3f"), "R5", position=1)
    rule = ["RFC6716-3.2.5-R6", "RFC6716-3.4-reject"]
    for size in (1, 2, 4, 100):
        packet = toc(1, 3) + b"\x03" + source.bytes(size)
        group.invalid(f"{size} bytes are not three equal frames", rule, _read(packet), "R6", position=2)
    group.invalid(
        "3 x 1276 bytes",
        ["RFC6716-3.2.1-R2", "RFC6716-3.4-reject"],
        _read(code3(1, [source.bytes(1276)] * 3)),
        "R2",
        position=2,
    )
    return group


def _vbr(source: RandomSource) -> GroupBuilder:
    group = GroupBuilder("packet-code3-vbr", "packet", "Code 3 with a length for each frame but the last.")
    for sizes in (
        [7],
        [0],
        [0, 0],
        [1, 0, 2],
        [251, 252, 1],
        [255, 256, 0],
        [1275, 3],
        [3, 1275],
        list(range(6)),
    ):
        frames = [source.bytes(size) for size in sizes]
        packet = code3(25, frames, vbr=True)
        flags = ["zero-length"] if 0 in sizes else []
        clauses = [_CODE3, _LENGTH] + (["RFC6716-3.2.1-zero"] if 0 in sizes else [])
        group.valid(
            f"frames of {sizes} bytes", clauses, _read(packet), _seen(packet, 25, 3, frames), flags=flags
        )
    frames = [source.bytes(size % 4) for size in range(48)]
    packet = code3(28, frames, vbr=True)
    group.valid("48 frames", [_CODE3], _read(packet), _seen(packet, 28, 3, frames), flags=["boundary"])
    rule = ["RFC6716-3.2.5-R7", "RFC6716-3.4-reject"]
    head = toc(25, 3)
    group.invalid("two frames, no length", rule, _read(head + b"\x82"), "R7", position=2)
    group.invalid("half a length", rule, _read(head + b"\x82\xfd"), "R7", position=2)
    group.invalid("length 3, two bytes there", rule, _read(head + b"\x82\x03ab"), "R7", position=2)
    group.invalid("second length missing", rule, _read(head + b"\x83\x00"), "R7", position=3)
    group.invalid(
        "each length fits, their sum does not", rule, _read(head + b"\x83\x03\x03abcd"), "R7", position=3
    )
    group.invalid(
        "the last frame would be one byte short of nothing",
        rule,
        _read(head + b"\x82\x05abcd"),
        "R7",
        position=2,
        flags=["rejection", "boundary"],
    )
    group.invalid(
        "last frame of 1276 bytes",
        ["RFC6716-3.2.1-R2", "RFC6716-3.4-reject"],
        _read(head + b"\x82\x01" + source.bytes(1277)),
        "R2",
        position=4,
    )
    group.invalid(
        "one frame of 1276 bytes",
        ["RFC6716-3.2.1-R2"],
        _read(head + b"\x81" + source.bytes(1276)),
        "R2",
        position=2,
    )
    return group


def _padding(source: RandomSource) -> GroupBuilder:
    group = GroupBuilder("packet-padding", "packet", "The padding flag and the padding length bytes.")
    clauses = [_CODE3, "RFC6716-3.2.5-padany", "RFC6716-3.2.5-P", "EXT-ignored-by-old"]
    for count in (0, 1, 2, 253, 254, 255, 256, 508, 509, 1000):
        for vbr in (False, True):
            frames = [source.bytes(4), source.bytes(6 if vbr else 4)]
            padding = source.bytes(count)
            packet = code3(9, frames, vbr=vbr, padding=padding)
            group.valid(
                f"{count} bytes of padding, {'VBR' if vbr else 'CBR'}",
                clauses,
                _read(packet),
                _seen(packet, 9, 3, frames, padding),
                flags=["padding", "boundary"] if 250 < count < 600 else ["padding"],
            )
    frame = source.bytes(8)
    for lengths, count in ((b"\xfe", 254), (b"\xff\x00", 254), (b"\xff\xff\x00", 508), (b"\xff\x01", 255)):
        padding = source.bytes(count)
        packet = code3(9, [frame], padding=padding, lengths=lengths)
        group.valid(
            f"padding length bytes {lengths.hex(' ')} announce {count} bytes",
            clauses,
            _read(packet),
            _seen(packet, 9, 3, [frame], padding),
            flags=["padding", "boundary"],
        )
    packet = code3(9, [b""], padding=b"\x00" * 3)
    group.valid(
        "a frame of length 0 and zero padding",
        [*clauses, "RFC6716-3.2.1-zero"],
        _read(packet),
        _seen(packet, 9, 3, [b""], b"\x00" * 3),
        flags=["padding", "zero-length"],
    )
    head = toc(9, 3)
    fits = ["RFC6716-3.2.5-P", "RFC6716-3.4-reject"]
    has = ["RFC6716-3.2.5-padlen", "RFC6716-3.4-reject"]
    group.invalid("padding length missing, CBR", has, _read(head + b"\x41"), "R6", "R7", position=2)
    group.invalid("padding length missing, VBR", has, _read(head + b"\xc1"), "R6", "R7", position=2)
    group.invalid("padding length breaks off after 255", has, _read(head + b"\x41\xff"), "R6", "R7")
    group.invalid(
        "254 bytes and another length are announced, 253 are there",
        fits,
        _read(head + b"\x41\xff\x00" + source.bytes(253)),
        "R6",
        "R7",
        flags=["rejection", "boundary"],
    )
    group.invalid("three announced, two there", fits, _read(head + b"\x41\x03ab"), "R6", "R7")
    group.invalid("three announced, two there, VBR", fits, _read(head + b"\xc1\x03ab"), "R6", "R7")
    group.invalid(
        "padding fits, the rest is not two equal frames",
        ["RFC6716-3.2.5-R6"],
        _read(head + b"\x42\x01abcd"),
        "R6",
        position=3,
    )
    group.invalid(
        "padding leaves no room for a length, VBR",
        ["RFC6716-3.2.5-R7"],
        _read(head + b"\xc2\x02ab"),
        "R7",
        position=3,
    )
    group.invalid(
        "padding leaves a length but not its frame",
        ["RFC6716-3.2.5-R7"],
        _read(head + b"\xc2\x02\x01ab"),
        "R7",
        position=3,
    )
    return group
