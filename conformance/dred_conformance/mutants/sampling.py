"""A sample of the mechanical changes: every file has its part, and in it every rule."""

import hashlib
import math
from collections.abc import Mapping, Sequence

from dred_conformance.mutants.mechanical import Mutation

__all__ = ["drawing_order", "quotas"]

LEAST_PER_FILE = 2


def quotas(counts: Mapping[str, int], total: int) -> dict[str, int]:
    """Deal a number of changes out to files: at least `LEAST_PER_FILE`, else by the root of what each offers.

    Parameters
    ----------
    counts
        Changes that each file offers.
    total
        How many are wanted; no file gives more than it has.
    """
    weights = {file: math.sqrt(count) for file, count in counts.items() if count}
    dealt = {file: min(counts[file], LEAST_PER_FILE) for file in weights}
    while sum(dealt.values()) < min(total, sum(counts.values())):
        open_files = [file for file in weights if dealt[file] < counts[file]]
        neediest = max(open_files, key=lambda file: (weights[file] / (dealt[file] + 1), file))
        dealt[neediest] += 1
    return dealt


def drawing_order(mutations: Sequence[Mutation], seed: int) -> list[Mutation]:
    """Return the changes of a file in the order in which they are drawn: the rules take turns.

    The order depends on the seed and the text of a change only, so it is the same on every machine.
    """

    def lot(mutation: Mutation) -> str:
        text = f"{seed}:{mutation.operator}:{mutation.start}:{mutation.key}"
        return hashlib.sha256(text.encode()).hexdigest()

    queues: dict[str, list[Mutation]] = {}
    for mutation in sorted(mutations, key=lot):
        queues.setdefault(mutation.operator, []).append(mutation)
    ordered = []
    while queues:
        for operator in sorted(queues):
            ordered.append(queues[operator].pop(0))
            if not queues[operator]:
                del queues[operator]
    return ordered
