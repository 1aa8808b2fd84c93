"""Vectors with models no one would train: one dimension, and a level that codes nothing."""

from dred_conformance.vectors.generate.builder import GroupBuilder
from dred_conformance.vectors.generate.models import VectorModel
from dred_conformance.vectors.generate.payload_maker import qualified, read, writing
from dred_conformance.vectors.generate.random_source import RandomSource

__all__ = ["edge_group"]


def edge_group(model: VectorModel, seed: int) -> GroupBuilder:
    """Return the group about payloads of one extreme model; only agreement can say what noise decodes to."""
    source = RandomSource(seed, f"payload-edge/{model.name}")
    group = GroupBuilder(
        qualified("payload-edge", model), "payload", f"Payloads with an extreme model ({model.name})."
    )
    clauses = ["DRED-always-decodes", "DRED-stop", "DRED-decode-all"]

    def add(what: str, data: bytes, *more: str, flags: tuple[str, ...] = ()) -> None:
        group.agreed(what, [*clauses, *more], read(model, model.prefix + data), flags=flags)

    for size in (1, 2, 3, 6, 12, 40):
        for _ in range(3):
            add(f"{size} random bytes", source.bytes(size), "DRED-symbol-skip", flags=("corrupt",))
    for level in range(16):
        state = model.random_symbols(source, "state", level, 2)
        latents = [model.random_symbols(source, "latent", level, 2) for _ in range(3)]
        written = writing(model, (level, 0, 15, 1), state, latents)
        group.agreed(f"three latents at level {level}", ["DRED-write-latents"], written, flags=("writer",))
    dead = model.dead_level()
    if dead is not None:
        # q0 = dead, dQ = 0, short offset: a latent that codes nothing never moves the decoder.
        header = (dead << 4).to_bytes(1, "big")
        add(
            f"only level {dead}, which codes nothing",
            header + source.bytes(20),
            "DRED-symbol-skip",
            flags=("extreme",),
        )
    return group
