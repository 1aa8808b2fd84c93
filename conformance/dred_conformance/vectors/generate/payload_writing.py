"""Vectors of the ``payload`` stage: writing under a budget, and what a writer must refuse."""

from typing import Any

from dred_conformance.vectors.generate.builder import GroupBuilder
from dred_conformance.vectors.generate.models import VectorModel
from dred_conformance.vectors.generate.payload_maker import qualified, writing
from dred_conformance.vectors.generate.random_source import RandomSource

__all__ = ["payload_write_group"]


def payload_write_group(model: VectorModel, seed: int) -> GroupBuilder:
    """Return the group about writing payloads with one model."""
    source = RandomSource(seed, f"payload-write/{model.name}")
    group = GroupBuilder(
        qualified("payload-write", model), "payload", f"Writing payloads under a budget ({model.name})."
    )
    _add_written(group, model, source)
    if not model.is_trained:
        _add_refusals(group, model)
    return group


def _symbols(
    model: VectorModel, source: RandomSource, levels: list[int]
) -> tuple[list[int], list[list[int]]]:
    state = model.random_symbols(source, "state", levels[0], 3)
    return state, [model.random_symbols(source, "latent", level, 3) for level in levels]


def _add_written(group: GroupBuilder, model: VectorModel, source: RandomSource) -> None:
    headers = [(6, 0, 15, 10), (9, 0, 15, -30), (14, 0, 15, 16), (3, 0, 15, -8175)]
    clauses = ["DRED-write-header", "DRED-write-state", "DRED-write-latents"]
    flags = ["writer"]
    for header in headers:
        state, latents = _symbols(model, source, [header[0]] * 5)
        written = writing(model, header, state, latents)
        group.agreed(f"five latents, header {header}", clauses, written, flags=flags)
    for qmax in (7, 11, 14, 15):
        header = (6, 0, 15, 2) if qmax == 15 else (6, 1, qmax, 2)
        state, latents = _symbols(model, source, [6] * 3)
        written = writing(model, header, state, latents)
        group.agreed(f"qmax {qmax}", [*clauses, "DRED-write-qmax"], written, flags=flags)
    state, latents = _symbols(model, source, [6] * 8)
    for budget in (40, 60, 61, 62, 80, 120, 1000):
        for keep_last in (False, True):
            written = writing(model, (6, 0, 15, 4), state, latents)
            written |= {"max_bytes": budget, "keep_last": keep_last}
            what = f"eight latents in {budget} bytes{', keeping the last' if keep_last else ''}"
            named = ["DRED-write-budget", "DRED-write-last"] if keep_last else ["DRED-write-budget"]
            group.agreed_or_refused(what, named, written, "W2", flags=[*flags, "boundary"])
    level = model.cheapest_level()
    for budget in model.some(range(2, 26)):
        silent = [model.constant_symbols("latent", level, 0)] * 6
        still = model.constant_symbols("state", level, 0)
        written = writing(model, (level, 0, 15, 0), still, silent) | {"max_bytes": budget, "keep_last": True}
        what = f"six cheap latents in {budget} bytes, keeping the last"
        group.agreed_or_refused(what, ["DRED-write-budget", "DRED-write-last"], written, "W2", flags=flags)
    quiet = [model.constant_symbols("latent", level, 0)] * 3
    state = model.constant_symbols("state", level, 0)
    for keep_last in (False, True):
        written = writing(model, (level, 0, 15, 0), state, quiet) | {"keep_last": keep_last}
        what = f"cheap latents{', keeping the last' if keep_last else ''}"
        group.agreed(what, ["DRED-write-last", "DRED-last-latent"], written, flags=flags)
    written = writing(model, (6, 2, 15, 4), model.constant_symbols("state", 6, 0), [], wire="draft-32")
    group.agreed("no latent, no prefix", [*clauses, "DRED-version"], written, flags=flags)


def _add_refusals(group: GroupBuilder, model: VectorModel) -> None:
    state = model.constant_symbols("state", 6, 0)
    latent = model.constant_symbols("latent", 6, 0)
    flags = ["writer", "rejection"]

    def add(what: str, clause: str, written: dict[str, Any], rule: str = "W1") -> None:
        group.invalid(what, [clause], written, rule, flags=flags)

    for header, what in (
        ((16, 0, 15, 0), "q0 16"),
        ((-1, 0, 15, 0), "q0 -1"),
        ((6, 8, 15, 0), "dQ 8"),
        ((6, 1, 16, 0), "qmax 16"),
        ((6, 1, 6, 0), "qmax not above q0"),
        ((6, 0, 9, 0), "qmax below 15 where it cannot be sent, dQ 0"),
        ((14, 1, 14, 0), "qmax below 15 where it cannot be sent, q0 14"),
        ((6, 1, 15, 17), "offset 17"),
        ((6, 1, 15, -8176), "offset -8176"),
    ):
        add(what, "DRED-write-header", writing(model, header, state, [latent]))
    header = (6, 0, 15, 0)
    add("state too short", "DRED-write-state", writing(model, header, state[:-1], [latent]))
    add("latent too long", "DRED-write-latents", writing(model, header, state, [[*latent, 0]]))
    dead = model.dead_dimension()
    if dead is not None:
        level, index = dead
        wrong = model.constant_symbols("latent", level, 0)
        wrong[index] = 1
        state_there = model.constant_symbols("state", level, 0)
        written = writing(model, (level, 0, 15, 0), state_there, [wrong])
        add("a symbol where the level codes none", "DRED-symbol-skip", written)
    many = [model.constant_symbols("latent", 6, 0)] * 1025
    add("1025 latents", "DRED-decode-all", writing(model, header, state, many))
    largest = model.one_symbol("state", 6, 2**20 + 1)
    add("a symbol beyond 2**20", "DRED-laplace-escape", writing(model, header, largest, [latent]))
    add("a negative budget", "DRED-write-budget", writing(model, header, state, [latent]) | {"max_bytes": -1})
    loud = model.constant_symbols("state", 6, 9)
    add(
        "state over the budget",
        "DRED-write-budget",
        writing(model, header, loud, [latent]) | {"max_bytes": 9},
        "W2",
    )
