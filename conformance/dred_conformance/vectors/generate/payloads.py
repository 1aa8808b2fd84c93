"""Vectors of the ``payload`` stage: headers, state, latents, ends, damage."""

from typing import Any

from dred_conformance.vectors.generate.availability import add_availability
from dred_conformance.vectors.generate.builder import GroupBuilder
from dred_conformance.vectors.generate.models import VectorModel
from dred_conformance.vectors.generate.packet_bytes import code3, toc
from dred_conformance.vectors.generate.payload_maker import (
    Encoded,
    PayloadMaker,
    marks,
    qualified,
    read,
    read_packet,
)
from dred_conformance.vectors.generate.random_source import RandomSource
from dred_conformance.vectors.generate.side_by_side import add_other_versions, add_side_by_side
from dred_conformance.vectors.generate.wires import DRAFT, OLDER, other_prefixes

__all__ = ["payload_groups"]

_SKIP = "DRED-symbol-skip"


def payload_groups(model: VectorModel, seed: int, ask: Any) -> list[GroupBuilder]:
    """Return the groups about payloads made with one model."""
    source = RandomSource(seed, f"payload/{model.name}")
    maker = PayloadMaker(model, ask)
    return [
        _headers(maker, source),
        _symbols(maker, source),
        _ends(maker, source),
        _damage(maker, source),
        _locations(maker, source),
    ]


def _headers(maker: PayloadMaker, source: RandomSource) -> GroupBuilder:
    model = maker.model
    group = GroupBuilder(
        qualified("payload-header", model), "payload", f"Header fields, offsets and schedules ({model.name})."
    )

    def add(
        header: tuple[int, int, int, int],
        what: str,
        *clauses: str,
        count: int = 2,
        flags: tuple[str, ...] = (),
    ) -> None:
        encoded = maker.random(source, header, count, 2)
        named = ["DRED-header-q0", "DRED-header-dq", *clauses]
        group.valid(what, named, read(model, encoded.payload), encoded.expected, flags=marks(model, *flags))

    add((6, 3, 15, 6), "an ordinary header", "DRED-offset-low", "DRED-qmax", flags=("setup",))
    for q0 in range(16):
        add((q0, 0, 15, 0), f"q0 {q0}, one level all along", "DRED-schedule", count=1)
    for dq in range(1, 8):
        add((2, dq, 15, 4), f"dQ {dq} over 12 latents", "DRED-schedule", "DRED-latents", count=12)
    for q0, qmax in (
        (0, 1),
        (0, 14),
        (0, 15),
        (4, 9),
        (7, 8),
        (12, 13),
        (12, 14),
        (13, 14),
        (13, 15),
        (14, 15),
    ):
        add(
            (q0, 7, qmax, 2),
            f"q0 {q0}, qmax {qmax}",
            "DRED-qmax",
            "DRED-schedule",
            count=4,
            flags=("boundary",),
        )
    for offset in (16, 15, 0, -1, -15, -16, -17, -47, -48, -1000, -8175):
        add(
            (5, 2, 12, offset),
            f"offset {offset}",
            "DRED-offset-low",
            "DRED-offset-extra",
            "DRED-offset-sign",
            count=1,
            flags=("boundary",),
        )
    return group


def _symbols(maker: PayloadMaker, source: RandomSource) -> GroupBuilder:
    model = maker.model
    group = GroupBuilder(
        qualified("payload-symbols", model),
        "payload",
        f"State and latents of every level and magnitude ({model.name}).",
    )
    clauses = ["DRED-state", "DRED-latents", "DRED-laplace-sign", "DRED-laplace-magnitude", _SKIP]
    clauses += ["RFC6716-6-range"]

    def add(
        what: str, encoded: Encoded, *more: str, flags: tuple[str, ...] = (), wire: str | None = None
    ) -> None:
        case_input = read(model, encoded.payload, wire)
        group.valid(what, [*clauses, *more], case_input, encoded.expected, flags=marks(model, *flags))

    for level in range(16):
        add(
            f"level {level}, magnitudes up to 20",
            maker.random(source, (level, 0, 15, 1), 3, 20),
            "DRED-laplace-escape",
        )
    for value in (0, 1, -1, 6, 7, 8, 13, 14, 15, 21, -22):
        state = model.constant_symbols("state", 3, value)
        latents = [model.constant_symbols("latent", 3, value)] * 2
        add(
            f"every symbol is {value}",
            maker.encode((3, 0, 15, 3), state, latents),
            "DRED-laplace-escape",
            flags=("boundary",),
        )
    for value in model.some((1000, -20000)):
        state = model.one_symbol("state", 2, value)
        latents = [model.one_symbol("latent", 2, -value), model.one_symbol("latent", 2, value)]
        add(
            f"a symbol of {value}",
            maker.encode((2, 0, 15, 3), state, latents),
            "DRED-laplace-escape",
            flags=("extreme",),
        )
    for count in model.some((26, 27, 52, 100), 2):
        encoded = maker.random(source, (11, 0, 15, 0), count, 1)
        add(f"{count} latents", encoded, "DRED-decode-all", flags=("boundary",) if count == 27 else ())
    add("levels from 0 to 15", maker.random(source, (0, 7, 15, 0), 20, 5), "DRED-schedule")
    encoded = maker.random(source, (6, 3, 15, 8), 4, 3, wire=DRAFT)
    add("wire profile draft-32: no prefix", encoded, "DRED-version", wire=DRAFT)
    return group


def _ends(maker: PayloadMaker, source: RandomSource) -> GroupBuilder:
    model = maker.model
    group = GroupBuilder(
        qualified("payload-end", model),
        "payload",
        f"Where decoding ends: short payloads, last bits ({model.name}).",
    )
    stop = ["DRED-stop", "DRED-always-decodes"]
    for data in (b"\x00", b"\xff", b"\xff" * 20, b"\x00" * 3, b"\x80" * 5):
        for wire, prefix in ((model.wire, model.prefix), (DRAFT, b"")):
            case_input = read(model, prefix + data, wire)
            group.agreed(
                f"{len(data)} bytes of {data[0]:02x}, {wire}",
                stop,
                case_input,
                flags=marks(model, "past-end"),
            )
    for wire, data in ((model.wire, b""), (model.wire, b"D"), (model.wire, model.prefix), (DRAFT, b"")):
        case_input = read(model, data, wire)
        group.invalid(f"{len(data)} bytes are too few for {wire}", ["DRED-locate"], case_input, "D1")
    for prefix in other_prefixes(model.wire):
        case_input = read(model, prefix + b"\x55" * 9)
        group.invalid(f"prefix {prefix.hex(' ')}", ["DRED-version"], case_input, "D2", position=0)
    encoded = maker.random(source, (8, 4, 15, 2), 8, 4)
    for length in range(3, len(encoded.payload), max(1, len(encoded.payload) // 24)):
        case_input = read(model, encoded.payload[:length])
        group.agreed(f"cut after {length} bytes", stop, case_input, flags=marks(model, "truncated"))
    for extra in (b"\x00", b"\xff", b"\x00\x00\x00", source.bytes(4)):
        case_input = read(model, encoded.payload + extra)
        group.agreed(f"{extra.hex(' ')} behind the payload", stop, case_input, flags=marks(model, "corrupt"))
    for limit in (0, 1, 3, 100):
        case_input = read(model, encoded.payload, max_latents=limit)
        group.agreed(f"at most {limit} latents wanted", ["DRED-latents"], case_input, flags=marks(model))
    for frame_offset in (8, 40):
        expected = encoded.expected | {"offset": encoded.expected["offset"] + frame_offset}
        case_input = read(model, encoded.payload, frame_offset=frame_offset)
        group.valid(
            f"frame offset {frame_offset}",
            ["DRED-frame-offset"],
            case_input,
            expected,
            flags=marks(model, "frame-offset"),
        )
    _add_last_latents(group, maker, source)
    if model.is_bundled:
        add_other_versions(group, maker, source)
    return group


def _add_last_latents(group: GroupBuilder, maker: PayloadMaker, source: RandomSource) -> None:
    """Add last latents of fewer than 8 bits: lost to the stop rule, unless the writer adds a byte."""
    model = maker.model
    level = model.cheapest_level()
    header = (level, 0, 15, 0)
    state = model.random_symbols(source, "state", level, 2)
    seen: set[bytes] = set()
    for count in (1, 2, 3, 4):
        latents = [model.constant_symbols("latent", level, 0)] * count
        for keep_last in (False, True):
            payload = maker.write(header, state, latents, keep_last=keep_last)
            if payload in seen:
                continue
            seen.add(payload)
            end = "a byte added for the last" if keep_last else "the last may be lost"
            what = f"{count} cheap latents, {end}"
            # How many latents the last bits hold, and what an added byte reads as, only agreement can say.
            clauses = ["DRED-last-latent", "DRED-stop"]
            group.agreed(what, clauses, read(model, payload), flags=marks(model, "boundary"))


def _damage(maker: PayloadMaker, source: RandomSource) -> GroupBuilder:
    model = maker.model
    group = GroupBuilder(
        qualified("payload-damage", model),
        "payload",
        f"Damaged payloads decode to the same symbols ({model.name}).",
    )
    clauses = ["DRED-always-decodes", "DRED-stop"]
    encoded = maker.random(source, (5, 3, 13, -3), 9, 6)
    bits = {source.between(16, 8 * len(encoded.payload) - 1) for _ in range(32)}
    for bit in model.some(sorted(bits)):
        damaged = bytearray(encoded.payload)
        damaged[bit // 8] ^= 0x80 >> bit % 8
        group.agreed(
            f"bit {bit} inverted", clauses, read(model, bytes(damaged)), flags=marks(model, "corrupt")
        )
    for size in (1, 2, 5, 10, 20, 40, 80):
        for _ in range(2):
            data = model.prefix + source.bytes(size)
            group.agreed(f"{size} random bytes", clauses, read(model, data), flags=marks(model, "corrupt"))
    return group


def _locations(maker: PayloadMaker, source: RandomSource) -> GroupBuilder:
    model = maker.model
    group = GroupBuilder(
        qualified("payload-packet", model), "payload", f"Finding DRED in a whole packet ({model.name})."
    )
    encoded = maker.random(source, (6, 3, 15, 10), 3, 3)
    other = maker.random(source, (7, 2, 15, 4), 2, 3)
    plain = maker.random(source, (9, 1, 15, 5), 2, 2, wire=DRAFT)
    frame = source.bytes(12)

    def packet(config: int, frames: int, area: bytes) -> bytes:
        return code3(config, [frame] * frames, padding=area)

    def add(
        what: str,
        data: bytes,
        expected: Any,
        *clauses: str,
        wire: str | None = None,
        flags: tuple[str, ...] = (),
    ) -> None:
        case_input = read_packet(model, data, wire)
        group.valid(what, ["DRED-locate", *clauses], case_input, expected, flags=marks(model, *flags))

    def at(made: Encoded, frame_index: int, frame_offset: int) -> dict[str, Any]:
        offset = made.expected["offset"] + frame_offset
        return made.expected | {"frame": frame_index, "offset": offset}

    own = bytes([126 << 1]) + encoded.payload
    counted = bytes([126 << 1 | 1, len(encoded.payload)]) + encoded.payload
    add(
        "the only extension of one frame",
        packet(9, 1, own),
        at(encoded, 0, 0),
        "DRED-first-frame",
        flags=("setup",),
    )
    add("no padding", toc(9, 0) + frame, None)
    add("zero padding", packet(9, 1, bytes(30)), None)
    add("other extensions only", packet(9, 1, bytes([80, 1, 2, 3])), None)
    add("filler before it", packet(9, 1, b"\x01" * 9 + own), at(encoded, 0, 0))
    add(
        "behind a short and a long extension",
        packet(9, 1, bytes([7, 1, 81, 2, 3, 4]) + own),
        at(encoded, 0, 0),
    )
    for config, samples, index in (
        (9, 960, 1),
        (11, 2880, 1),
        (28, 120, 7),
        (29, 240, 11),
        (8, 480, 3),
        (10, 1920, 2),
    ):
        frames = index + 1
        area = bytes([3, index]) + own
        offset = index * samples // 120
        add(
            f"on frame {index} of {frames}, {samples} samples each",
            packet(config, frames, area),
            at(encoded, index, offset),
            "DRED-frame-offset",
            flags=("frame-offset",),
        )
    two = counted + bytes([126 << 1]) + other.payload
    add(
        "two on a frame: the first counts",
        packet(9, 1, two),
        at(encoded, 0, 0),
        "DRED-locate-first",
        "DRED-one-per-frame",
    )
    two = counted + b"\x02" + bytes([126 << 1]) + other.payload
    add(
        "one on each frame: the first counts",
        packet(9, 2, two),
        at(encoded, 0, 0),
        "DRED-locate-first",
        "DRED-one-per-packet",
    )
    old = bytes([253, 5]) + OLDER + b"abc"
    add(
        "an older version before it is passed over",
        packet(9, 1, old + own),
        at(encoded, 0, 0),
        "DRED-version",
    )
    add("only an older version", packet(9, 1, old), None, "DRED-version")
    short_one = bytes([253, 2]) + model.prefix
    add("a prefix without data is passed over", packet(9, 1, short_one + own), at(encoded, 0, 0))
    add(
        "an error behind it does not matter",
        packet(9, 1, counted + b"\x07"),
        at(encoded, 0, 0),
        "EXT-error-keeps",
        flags=("corrupt",),
    )
    add(
        f"id 32 means nothing to {model.wire}",
        packet(9, 1, bytes([64]) + plain.payload),
        None,
        "DRED-version",
    )
    draft = bytes([64]) + plain.payload
    add("id 32 in draft-32", packet(9, 1, draft), at(plain, 0, 0), "DRED-version", wire=DRAFT)
    add("id 126 means nothing to draft-32", packet(9, 1, own), None, "DRED-version", wire=DRAFT)
    repeated = counted + bytes([4]) + other.payload
    add(
        "repeated: the first copy counts",
        packet(9, 2, repeated),
        at(encoded, 0, 0),
        "EXT-repeat",
        flags=("repeat",),
    )
    case_input = read_packet(model, packet(9, 1, b"\x07"))
    group.invalid("an extension error before any DRED", ["DRED-locate"], case_input, "E1")
    case_input = read_packet(model, toc(9, 1) + b"abc")
    group.invalid("a packet that is none", ["DRED-locate"], case_input, "R3")
    add_availability(group, maker, source)
    if model.is_bundled:
        add_side_by_side(group, maker, source)
    return group
