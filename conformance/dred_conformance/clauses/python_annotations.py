"""Clause annotations of Python files, read from the syntax tree without importing anything."""

import ast
from collections.abc import Iterator
from pathlib import Path

from dred_conformance.clauses.records import Annotation, Problem
from dred_conformance.clauses.registry import ID_PATTERN

__all__ = ["id_strings", "marked_calls"]


def _is_mark(function: ast.expr, kind: str) -> bool:
    """Tell whether a called expression is ``clause`` (code) or ``pytest.mark.clause`` (test)."""
    if kind == "code":
        return (isinstance(function, ast.Name) and function.id == "clause") or (
            isinstance(function, ast.Attribute) and function.attr == "clause"
        )
    return (
        isinstance(function, ast.Attribute)
        and function.attr == "clause"
        and isinstance(function.value, ast.Attribute)
        and function.value.attr == "mark"
    )


def _targets(tree: ast.Module) -> dict[int, str]:
    """Map the identity of every node inside a decorator to the name of what it decorates."""
    names: dict[int, str] = {}

    def visit(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                name = f"{prefix}{child.name}"
                for decorator in child.decorator_list:
                    names.update((id(inner), name) for inner in ast.walk(decorator))
                visit(child, f"{name}.")
            else:
                visit(child, prefix)

    visit(tree, "")
    return names


def marked_calls(path: Path, kind: str) -> Iterator[Annotation | Problem]:
    """Yield the ids of the ``clause(...)`` calls of a file.

    Parameters
    ----------
    path
        A Python file.
    kind
        ``code``: any ``clause(...)``; ``test``: any ``....mark.clause(...)``.

    Yields
    ------
    Annotation or Problem
        One annotation per id; a problem per call without ids or with anything but literal strings.
    """
    text = path.read_text(encoding="utf-8")
    if "clause" not in text:
        return
    tree = ast.parse(text, filename=str(path))
    names = _targets(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not _is_mark(node.func, kind):
            continue
        if not node.args or node.keywords:
            yield Problem(path, node.lineno, "a clause annotation takes one or more ids and nothing else")
        for argument in node.args:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield Annotation(argument.value, kind, path, argument.lineno, names.get(id(node), ""))
            else:
                yield Problem(path, argument.lineno, "clause ids must be literal strings")


def id_strings(path: Path) -> Iterator[Annotation]:
    """Yield, as mentions, the string literals of a file that are clause ids by their form."""
    text = path.read_text(encoding="utf-8")
    if ID_PATTERN.search(text) is None:
        return
    for node in ast.walk(ast.parse(text, filename=str(path))):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and ID_PATTERN.fullmatch(node.value)
        ):
            yield Annotation(node.value, "mention", path, node.lineno, "")
