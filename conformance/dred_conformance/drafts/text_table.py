"""Cells of a table of the text form."""

import itertools
from collections.abc import Iterator

__all__ = ["cells"]


def _border(line: str) -> bool:
    return line.startswith("+")


def cells(lines: list[str]) -> Iterator[str]:
    """Yield the text of each cell, row by row; a row ends at a border line."""
    rows = [line.strip() for line in lines]
    edges: list[int] = []
    group: list[str] = []
    for line in [*rows, "+"]:
        if not _border(line):
            group.append(line)
            continue
        if group:
            bounds = edges or [0, max(map(len, group)) - 1]
            for left, right in itertools.pairwise(bounds):
                yield " ".join(row[left + 1 : right].strip() for row in group)
            group = []
        if len(line) > 1:
            edges = [index for index, character in enumerate(line) if character == "+"]
