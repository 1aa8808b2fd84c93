"""Vectors of the ``latent`` stage: dequantisation, and quantisation by the deployed rule."""

import struct
from typing import Any

from dred_conformance.protocol.arrays import floats_to_base64
from dred_conformance.vectors.generate.builder import GroupBuilder
from dred_conformance.vectors.generate.models import VectorModel
from dred_conformance.vectors.generate.payload_maker import Encoded, PayloadMaker, foreign, qualified
from dred_conformance.vectors.generate.random_source import RandomSource

__all__ = ["latent_groups"]


def _exact(symbol: int, scale: int) -> float:
    """Return symbol * 256 / scale, rounded once to float32 (the quotient of two float32 values is such)."""
    quotient = symbol * 256 / (scale if scale else 1)
    rounded: float = struct.unpack("<f", struct.pack("<f", quotient))[0]
    return rounded


def _expected(model: VectorModel, encoded: Encoded) -> dict[str, Any]:
    symbols = encoded.expected
    tables = model.data["tables"]
    state_scales = tables["state_quant_scales_q8"][symbols["q0"]]
    state = [_exact(v, scale) for v, scale in zip(symbols["state"], state_scales, strict=True)]
    latents: list[float] = []
    for latent, level in zip(symbols["latents"], symbols["levels"], strict=True):
        scales = tables["latent_quant_scales_q8"][level]
        latents += [_exact(v, scale) for v, scale in zip(latent, scales, strict=True)]
        latents.append(level / 8 - 1)
    return {
        "q0": symbols["q0"],
        "dq": symbols["dq"],
        "qmax": symbols["qmax"],
        "offset": symbols["offset"],
        "state": floats_to_base64(state),
        "state_count": len(state),
        "latents": floats_to_base64(latents),
        "latent_count": len(symbols["latents"]),
    }


def latent_groups(model: VectorModel, seed: int, ask: Any) -> list[GroupBuilder]:
    """Return the groups about dequantising and quantising with one model."""
    source = RandomSource(seed, f"latent/{model.name}")
    return [_dequantised(PayloadMaker(model, ask), source), _quantised(model, source)]


def _dequantised(maker: PayloadMaker, source: RandomSource) -> GroupBuilder:
    model = maker.model
    group = GroupBuilder(
        qualified("latent-dequantise", model), "latent", f"Dequantised state and latents ({model.name})."
    )
    clauses = ["DRED-dequantise", "DRED-scale-zero", "DRED-level-input"]
    extra = ["official-model"] if model.is_official else []

    def add(what: str, encoded: Encoded, *flags: str) -> None:
        case_input = {
            "op": "latent",
            "payload": encoded.payload.hex(),
            "wire": model.wire,
            "model": model.name,
        }
        group.valid(what, clauses, case_input, _expected(model, encoded), flags=[*flags, *extra])

    for level in range(16):
        add(
            f"level {level}",
            maker.random(source, (level, 0, 15, 1), 2, 12),
            *(["setup"] if level == 6 else []),
        )
    for dq in (1, 3, 5, 7):
        add(f"dQ {dq}, 20 latents", maker.random(source, (3, dq, 14, 1), 20, 3))
    for value in (1, -1, 63, -64):
        state = model.constant_symbols("state", 5, value)
        latents = [model.constant_symbols("latent", 5, value)]
        add(f"every symbol is {value}", maker.encode((5, 0, 15, 0), state, latents), "boundary")
    wrong = {"op": "latent", "payload": foreign(model).hex(), "wire": model.wire, "model": model.name}
    group.invalid("another version", ["DRED-version"], wrong, "D2", position=0)
    for value in () if model.is_bundled else (65536, -100003):
        state = model.one_symbol("state", 1, value)
        latents = [model.one_symbol("latent", 1, value)]
        add(f"a symbol of {value}", maker.encode((1, 0, 15, 0), state, latents), "extreme")
    return group


def _quantised(model: VectorModel, source: RandomSource) -> GroupBuilder:
    group = GroupBuilder(
        qualified("latent-quantise", model),
        "latent",
        f"Quantisation with dead zone, in float32 ({model.name}).",
    )
    extra = ["official-model"] if model.is_official else []
    latent_dim, state_dim = int(model.data["latent_dim"]), int(model.data["state_dim"])

    def add(what: str, header: tuple[int, int, int], state: list[float], latents: list[list[float]]) -> None:
        case_input = _quantise(model, header, state, latents)
        group.agreed(what, ["DRED-quantise"], case_input, flags=["writer", *extra])

    def drawn(count: int, spread: int) -> list[float]:
        return [source.between(-1000 * spread, 1000 * spread) / 1024 for _ in range(count)]

    _add_refusals(group, model)
    for spread in (1, 4, 30, 200):
        for header in ((0, 0, 15), (6, 3, 15), (2, 7, 11)):
            latents = [drawn(latent_dim, spread) for _ in range(6)]
            add(f"header {header}, values up to {spread}", header, drawn(state_dim, spread), latents)
    for value in (0.0, 0.5, -0.5, 1e-30, 1000.0):
        add(f"every value is {value:g}", (4, 0, 15), [value] * state_dim, [[value] * latent_dim])
    return group


def _quantise(
    model: VectorModel, header: tuple[int, int, int], state: list[float], latents: list[list[float]]
) -> dict[str, Any]:
    return {
        "op": "latent_write",
        "model": model.name,
        "q0": header[0],
        "dq": header[1],
        "qmax": header[2],
        "state": floats_to_base64(state),
        "latents": floats_to_base64([value for latent in latents for value in latent]),
        "latent_count": len(latents),
    }


def _add_refusals(group: GroupBuilder, model: VectorModel) -> None:
    state, latent = [0.0] * int(model.data["state_dim"]), [0.0] * int(model.data["latent_dim"])

    def add(what: str, header: tuple[int, int, int], state: list[float], latents: list[list[float]]) -> None:
        case_input = _quantise(model, header, state, latents)
        group.invalid(what, ["DRED-quantise"], case_input, "W1", flags=["writer", "rejection"])

    add("a state too long", (6, 0, 15), [*state, 0.0], [latent])
    add("a state too short", (6, 0, 15), state[1:], [latent])
    add("a latent too long", (6, 0, 15), state, [[*latent, 0.0]])
    add("q0 16", (16, 0, 15), state, [latent])
    add("dQ 8", (6, 8, 15), state, [latent])
    add("qmax 16", (6, 1, 16), state, [latent])
    add("not a number", (6, 0, 15), state, [[float("nan"), *latent[1:]]])
    add("infinity", (6, 0, 15), [float("inf"), *state[1:]], [latent])
    add("more than 2**20", (6, 0, 15), [2.0**20 + 1, *state[1:]], [latent])
