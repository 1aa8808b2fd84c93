"""Vectors of the ``feature`` stage: payloads, and state and latents given as values."""

from collections.abc import Sequence
from typing import Any

from dred_conformance.protocol.arrays import floats_to_base64
from dred_conformance.vectors.generate.builder import GroupBuilder
from dred_conformance.vectors.generate.models import VectorModel
from dred_conformance.vectors.generate.packet_bytes import code3
from dred_conformance.vectors.generate.payload_maker import (
    PayloadMaker,
    foreign,
    level_of,
    marks,
    qualified,
)
from dred_conformance.vectors.generate.random_source import RandomSource
from dred_conformance.vectors.generate.speech_symbols import spoken_symbols

__all__ = ["feature_groups"]

# Clauses of the text and, one by one, of the fixed-point profile.
START = ("DRED-net-start", "FIX-start", "FIX-float-layer", "FIX-float-weight", "FIX-input")
STEP = (
    *(
        "DRED-net-input",
        "DRED-net-gru",
        "DRED-net-glu",
        "DRED-net-conv",
        "DRED-net-concat",
        "DRED-net-output",
    ),
    *(
        "FIX-step",
        "FIX-gru",
        "FIX-glu",
        "FIX-conv",
        "FIX-output",
        "FIX-int8-layer",
        "FIX-multiplier",
        "FIX-bias",
    ),
    *("FIX-tanh", "FIX-sigmoid", "FIX-product", "FIX-round", "FIX-activation", "FIX-tanh-table"),
)
ORDER = ("DRED-net-order", "DRED-net-tolerance")
LARGEST_SYMBOL = 63
SWEEP = (-12, -3, -1, 1, 3, 12)
_OFFICIAL_SPEECH = (
    "Real speech: what libopus' encoder made of recordings (the CC0 voice kathleen of the Rhasspy "
    "project), its latents quantised anew at other levels."
)
_BUNDLED_SPEECH = "Real speech: what the bundled model's own encoder made of CC0 recordings, at two levels."


def feature_groups(model: VectorModel, seed: int, ask: Any) -> list[GroupBuilder]:
    """Return the groups about the features of one model."""
    source = RandomSource(seed, f"feature/{model.name}")
    maker = PayloadMaker(model, ask)
    groups = [_payloads(maker, source), _extremes(maker, source), _sweeps(model), _values(model, source)]
    groups += [_speech(maker)] if model.is_trained else []
    for group in groups:
        group.drop_repeats()
    return groups


def _request(model: VectorModel, payload: bytes) -> dict[str, Any]:
    return {"op": "feature", "payload": payload.hex(), "wire": model.wire, "model": model.name}


def _random(
    maker: PayloadMaker, source: RandomSource, header: tuple[int, int, int, int], count: int, spread: int
) -> bytes:
    """Return a payload of random symbols; a reader may miss the last latents where they cost few bits."""
    levels = [level_of(*header[:3], index) for index in range(count)]
    state = maker.model.random_symbols(source, "state", header[0], spread)
    return maker.write(
        header, state, [maker.model.random_symbols(source, "latent", level, spread) for level in levels]
    )


def _injected(
    model: VectorModel, state: Sequence[float], latents: Sequence[Sequence[float]]
) -> dict[str, Any]:
    """Return the request for given values; every latent ends with its level value."""
    return {
        "op": "feature",
        "model": model.name,
        "state": floats_to_base64(state),
        "state_count": len(state),
        "latents": floats_to_base64([value for latent in latents for value in latent]),
        "latent_count": len(latents),
    }


def _payloads(maker: PayloadMaker, source: RandomSource) -> GroupBuilder:
    model = maker.model
    group = GroupBuilder(
        qualified("feature-payload", model), "feature", f"Features of payloads and packets ({model.name})."
    )

    def add(what: str, payload: bytes, *flags: str) -> None:
        group.agreed(what, [*START, *STEP, *ORDER], _request(model, payload), flags=marks(model, *flags))

    for level in range(16):
        flags = ["setup"] if level == 6 else []
        add(f"three latents at level {level}", _random(maker, source, (level, 0, 15, 1), 3, 3), *flags)
    for dq in model.some(range(1, 8)):
        add(f"dQ {dq} over 10 latents", _random(maker, source, (3, dq, 15, 4), 10, 2))
    for header in model.some(((7, 4, 15, 8), (8, 1, 12, 8), (6, 7, 10, 8))):
        add(
            f"header {header}: the level passes from 8 to 9", _random(maker, source, header, 6, 2), "boundary"
        )
    for count in model.some((1, 2, 25, 26, 27, 60)):
        payload = _random(maker, source, (9, 1, 14, 0), count, 1)
        add(f"{count} latents", payload, *(["boundary"] if count != 60 else ["extreme"]))
    _add_packets(group, maker, source)
    return group


def _add_packets(group: GroupBuilder, maker: PayloadMaker, source: RandomSource) -> None:
    model = maker.model
    # A separator to frame 1, then a long extension without length: the rest of the area.
    area = b"\x02\xfc" + _random(maker, source, (6, 2, 12, 3), 4, 2)
    packet = code3(9, [b"\xaa"] * 2, padding=area)
    case_input = {"op": "feature", "packet": packet.hex(), "wire": model.wire, "model": model.name}
    what = "a packet with DRED on its second frame"
    group.agreed(what, [*START, *STEP, *ORDER], case_input, flags=marks(model, "frame-offset"))
    bare = {"op": "feature", "packet": "48aabbcc", "wire": model.wire, "model": model.name}
    group.valid("a packet without DRED", ORDER, bare, None, flags=marks(model))
    wrong = {"op": "feature", "payload": foreign(model).hex(), "wire": model.wire, "model": model.name}
    group.invalid("another version", ["DRED-version"], wrong, "D2", position=0)


def _extremes(maker: PayloadMaker, source: RandomSource) -> GroupBuilder:
    model = maker.model
    group = GroupBuilder(
        qualified("feature-extreme", model), "feature", f"Features of symbols at their limits ({model.name})."
    )

    def add(what: str, header: tuple[int, int, int, int], value: int, count: int, *flags: str) -> None:
        levels = [level_of(*header[:3], index) for index in range(count)]
        state = model.constant_symbols("state", header[0], value)
        latents = [model.constant_symbols("latent", level, value) for level in levels]
        request = _request(model, maker.write(header, state, latents))
        group.agreed(what, [*START, *STEP, *ORDER], request, flags=marks(model, *flags))

    for level in (0, 3, 6, 8, 9, 12, 15):
        add(f"every symbol is 0, level {level}", (level, 0, 15, 1), 0, 4, "boundary")
    for level in model.some(range(16), 5):
        value = LARGEST_SYMBOL if level % 2 else -LARGEST_SYMBOL
        add(f"every symbol is {value}, level {level}", (level, 0, 15, 1), value, 2, "extreme")
    for value in (-1, 1, 7, -7):
        add(f"every symbol is {value}, a ramp", (4, 3, 14, 1), value, 8, "boundary")
    for value in () if model.is_bundled else (4000, -70000):
        state = model.one_symbol("state", 2, value)
        latents = [model.one_symbol("latent", 2, value), model.random_symbols(source, "latent", 2, 2)]
        request = _request(model, maker.write((2, 0, 15, 1), state, latents))
        clauses = [*START, *STEP, *ORDER]
        group.agreed(f"a symbol of {value}", clauses, request, flags=marks(model, "extreme"))
    return group


def _sweeps(model: VectorModel) -> GroupBuilder:
    group = GroupBuilder(
        qualified("feature-sweep", model),
        "feature",
        f"One dimension at a time, all others 0 ({model.name}).",
    )
    latent_dim, state_dim = int(model.data["latent_dim"]), int(model.data["state_dim"])
    for index in model.some(range(latent_dim), 6):
        latents = [[*_only(latent_dim, index, value), -0.25] for value in SWEEP]
        what = f"latent value {index}: {', '.join(map(str, SWEEP))}"
        group.agreed(what, [*STEP, *ORDER], _injected(model, [0.0] * state_dim, latents), flags=marks(model))
    for index in model.some(range(0, state_dim, 3), 6):
        for value in (-5, 20):
            request = _injected(model, _only(state_dim, index, value), [[0.0] * latent_dim + [-0.25]])
            what = f"state value {index}: {value}"
            group.agreed(what, [*START, *ORDER], request, flags=marks(model))
    return group


def _only(dimension: int, index: int, value: float) -> list[float]:
    return [value if place == index else 0.0 for place in range(dimension)]


def _values(model: VectorModel, source: RandomSource) -> GroupBuilder:
    group = GroupBuilder(
        qualified("feature-values", model),
        "feature",
        f"Features of given state and latents, with values at the limits of the input format ({model.name}).",
    )
    latent_dim, state_dim = int(model.data["latent_dim"]), int(model.data["state_dim"])
    clauses = [*START, *STEP, *ORDER]

    def add(what: str, state: Sequence[float], latents: Sequence[Sequence[float]], *flags: str) -> None:
        group.agreed(what, clauses, _injected(model, state, latents), flags=marks(model, *flags))

    def all_of(value: float, level: float = 0.5, count: int = 2) -> tuple[list[float], list[list[float]]]:
        return [value] * state_dim, [[value] * latent_dim + [level]] * count

    add("no latent", [0.0] * state_dim, [], "boundary")
    for level in (-1.0, -0.125, 0.0, 0.875):
        add(f"all 0, level value {level}", *all_of(0.0, level), "boundary")
    for exponent in (-18, -149):
        for sign in (1, -1):
            add(f"every value is {sign} * 2^{exponent}", *all_of(sign * 2.0**exponent), "boundary")
    for steps in (0.5, 1.5, -0.5, -1.5, 100000.5, -100000.5):
        add(f"every value is {steps} * 2^-16, a tie", *all_of(steps / 65536), "boundary")
    for value in (32767.998046875, 32768.0, -32768.0, 1e6, -3.4e38):
        add(f"every value is {value:g}", *all_of(value), "extreme")
    for _ in range(4):
        drawn = [[source.between(-(1 << 20), 1 << 20) / 65536 for _ in range(latent_dim)] for _ in range(5)]
        latents = [[*values, source.below(16) / 8 - 1] for values in drawn]
        state = [source.between(-(1 << 22), 1 << 22) / 65536 for _ in range(state_dim)]
        add("random values between quantiser steps", state, latents)
    _add_refusals(group, model)
    return group


def _add_refusals(group: GroupBuilder, model: VectorModel) -> None:
    latent_dim, state_dim = int(model.data["latent_dim"]), int(model.data["state_dim"])
    state, latent = [0.0] * state_dim, [0.0] * (latent_dim + 1)

    def add(what: str, state: list[float], latents: list[list[float]], position: int | None = None) -> None:
        request = _injected(model, state, latents)
        group.invalid(
            what, ["DRED-net-input"], request, "N3", position=position, flags=marks(model, "rejection")
        )

    add("a state value is NaN", [*state[1:], float("nan")], [latent], state_dim - 1)
    add(
        "a latent value is infinite",
        state,
        [latent, [float("-inf"), *latent[1:]]],
        state_dim + latent_dim + 1,
    )
    add("a level value is NaN", state, [[*latent[1:], float("nan")]], state_dim + latent_dim)
    add("a state too long", [*state, 0.0], [latent])
    add("a latent too short", state, [latent[1:]])


def _speech(maker: PayloadMaker) -> GroupBuilder:
    model = maker.model
    group = GroupBuilder(
        qualified("feature-speech", model),
        "feature",
        _BUNDLED_SPEECH if model.is_bundled else _OFFICIAL_SPEECH,
    )
    for each in spoken_symbols(model):
        q0, dq, qmax, _ = each.header
        payload = maker.write(each.header, each.state, each.latents)
        comment = f"{each.comment}, q0 {q0}, dQ {dq}, qmax {qmax}"
        group.agreed(comment, [*START, *STEP, *ORDER], _request(model, payload), flags=marks(model, "speech"))
    return group
