"""Range encoding into buffers that are just large enough, or one byte too small: where both ends meet."""

from typing import Any

from dred_conformance.vectors.generate.builder import GroupBuilder
from dred_conformance.vectors.generate.random_source import RandomSource

__all__ = ["add_tight_buffers"]

_DRAWN = 60
_CLAUSES = ("RFC6716-5.1.5-finalise", "RFC6716-4.1.4-overlap")


def add_tight_buffers(group: GroupBuilder, source: RandomSource) -> None:
    """Add cases to the group of range encoding."""

    def add(what: str, size: int, steps: list[list[Any]]) -> None:
        written = {"op": "range_encode", "size": size, "steps": steps}
        group.agreed(what, _CLAUSES, written, flags=["writer", "boundary"])

    for size in (1, 2):
        add(f"a last byte of 0 in a buffer of {size}", size, [["encode", 746, 747, 1000]])
    for size in (1, 2):
        steps = [["encode", 2, 3, 16], ["bits", 58, 6]]
        add(f"six raw bits and four spare ones in a buffer of {size}", size, steps)
    drawn: list[tuple[int, list[list[Any]]]] = []
    while len(drawn) < _DRAWN:
        case = (source.between(1, 6), [_step(source) for _ in range(source.between(1, 7))])
        if case not in drawn:
            drawn.append(case)
    for size, steps in drawn:
        add(f"{len(steps)} random steps into {size} bytes", size, steps)


def _step(source: RandomSource) -> list[Any]:
    kind = source.below(3)
    if kind == 0:
        count = source.between(1, 10)
        return ["bits", source.below(1 << count), count]
    if kind == 1:
        total = (2, 3, 5, 16, 256, 1000)[source.below(6)]
        low = source.below(total)
        return ["encode", low, low + 1, total]
    return ["bit_logp", source.below(2), source.between(1, 12)]
