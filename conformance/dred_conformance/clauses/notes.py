"""What a machine can read in the spec notes: tables of constants and example messages of the protocol."""

import ast
import itertools
import json
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = [
    "ConstantRow",
    "Exchange",
    "NoteError",
    "constant_rows",
    "evaluate",
    "exchanges",
    "table_rows",
]

_OPEN = "<!-- constants -->"
_CLOSE = "<!-- /constants -->"
_HEADER = ("name", "value", "evaluated", "clause")
_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
}


class NoteError(Exception):
    """A table or example of a note is malformed. The message names file and line."""


@dataclass(frozen=True)
class ConstantRow:
    """One row of a table of constants, as written."""

    name: str
    value: str
    evaluated: str
    clause: str
    path: Path
    line: int


@dataclass(frozen=True)
class Exchange:
    """One request of an example and the answer that belongs to it."""

    request: Mapping[str, Any]
    answer: Mapping[str, Any]
    path: Path
    line: int


def _cells(line: str) -> tuple[str, ...]:
    """Split a table row; an escaped bar belongs to its cell."""
    row = line.strip().removeprefix("|").removesuffix("|")
    parts = row.replace("\\|", "\0").split("|")
    return tuple(part.replace("\0", "|").strip() for part in parts)


def table_rows(path: Path, header: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the cells of every row of the tables with exactly this header."""
    lines = iter(path.read_text(encoding="utf-8").splitlines())
    for heading in lines:
        if not heading.startswith("|") or _cells(heading) != header:
            continue
        next(lines)
        for line in itertools.takewhile(lambda line: line.startswith("|"), lines):
            if len(_cells(line)) != len(header):
                raise NoteError(f"{path}: a row does not have the {len(header)} cells of its header: {line}")
            yield _cells(line)


def constant_rows(path: Path) -> Iterator[ConstantRow]:
    """Yield the rows of the tables between ``<!-- constants -->`` and ``<!-- /constants -->``.

    Raises
    ------
    NoteError
        If a fence has no partner, a table another header, or a table of constants no fence.
    """
    inside = 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip() == _OPEN and not inside:
            inside = 1
        elif line.strip() == _CLOSE and inside > 2:
            inside = 0
        elif line.strip() in {_OPEN, _CLOSE} or (not inside and _cells(line) == _HEADER):
            raise NoteError(f"{path}:{number}: the fences of a table of constants do not match")
        elif inside:
            cells = _cells(line)
            if inside == 1 and cells != _HEADER:
                raise NoteError(f"{path}:{number}: a table of constants starts with {_HEADER}")
            if inside > 2:
                if len(cells) != len(_HEADER):
                    raise NoteError(f"{path}:{number}: a row of {len(cells)} cells")
                name, value, evaluated, clause = cells
                yield ConstantRow(name, value, evaluated, clause, path, number)
            inside += 1
    if inside:
        raise NoteError(f"{path}: a table of constants is not closed")


def evaluate(expression: str, names: Mapping[str, Any]) -> Any:
    """Evaluate an expression of numbers, tuples, known names and integer operators.

    Raises
    ------
    NoteError
        If it holds anything else.
    """
    return _value(ast.parse(expression, mode="eval").body, names, expression)


def _value(node: ast.expr, names: Mapping[str, Any], expression: str) -> Any:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return node.value
    if isinstance(node, ast.Name) and node.id in names:
        return names[node.id]
    if isinstance(node, ast.Tuple):
        return tuple(_value(element, names, expression) for element in node.elts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, names, expression)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        left, right = (_value(side, names, expression) for side in (node.left, node.right))
        return _OPERATORS[type(node.op)](left, right)
    raise NoteError(f"cannot evaluate '{ast.unparse(node)}' in '{expression}'")


def exchanges(path: Path) -> Iterator[Exchange]:
    """Yield the requests and answers of the blocks marked ``protocol``.

    Raises
    ------
    NoteError
        If a block is anything but pairs of a request line and an answer line with the same ``seq``.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    starts = (index for index, line in enumerate(lines) if line == "```protocol")
    for start in starts:
        end = lines.index("```", start)
        block = list(enumerate(lines[start + 1 : end], start=start + 2))
        if not block or len(block) % 2:
            raise NoteError(f"{path}:{start + 1}: a request without an answer")
        for (number, asked), (_, answered) in zip(block[::2], block[1::2], strict=True):
            if not asked.startswith("> ") or not answered.startswith("< "):
                raise NoteError(f"{path}:{number}: a request line starts with '> ', its answer with '< '")
            request, answer = (json.loads(line[2:]) for line in (asked, answered))
            if request["seq"] != answer["seq"]:
                raise NoteError(f"{path}:{number}: request and answer have different seq")
            yield Exchange(request, answer, path, number)
