"""Tests that are marked with clauses but can never prove anything, because they do not run."""

import ast
from collections.abc import Iterator
from pathlib import Path

__all__ = ["dead_tests"]

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _dotted(node: ast.expr) -> str:
    """Return ``pytest.mark.skip`` for such an expression, with or without its call."""
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _marks(expressions: list[ast.expr]) -> Iterator[ast.expr]:
    for expression in expressions:
        if isinstance(expression, ast.List | ast.Tuple):
            yield from expression.elts
        else:
            yield expression


def _never_runs(expressions: list[ast.expr]) -> str:
    """Return why tests with these marks prove nothing, empty if they may."""
    for mark in _marks(expressions):
        name = _dotted(mark)
        if name in {"pytest.mark.skip", "pytest.mark.xfail"}:
            return f"it is marked {name.removeprefix('pytest.mark.')}"
        condition = mark.args[0] if isinstance(mark, ast.Call) and mark.args else None
        if name == "pytest.mark.skipif" and isinstance(condition, ast.Constant) and condition.value:
            return "it is always skipped"
    return ""


def _ids(expressions: list[ast.expr]) -> tuple[str, ...]:
    return tuple(
        argument.value
        for mark in _marks(expressions)
        if isinstance(mark, ast.Call) and _dotted(mark) == "pytest.mark.clause"
        for argument in mark.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    )


def _first_call(definition: _Definition) -> str:
    body = definition.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Call):
        return _dotted(body[0].value)
    return ""


def _module_marks(tree: ast.Module) -> list[ast.expr]:
    return [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets)
    ]


def dead_tests(path: Path) -> Iterator[tuple[int, tuple[str, ...], str]]:
    """Yield line, clauses and reason of every mark that proves nothing.

    Parameters
    ----------
    path
        A file of tests.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    module = _module_marks(tree)
    if module and (why := _never_runs(module)) and (ids := _ids(module)):
        yield module[0].lineno, ids, why
    yield from _dead(tree.body, _never_runs(module))


def _dead(body: list[ast.stmt], outer: str) -> Iterator[tuple[int, tuple[str, ...], str]]:
    for node in body:
        if not isinstance(node, _Definition):
            continue
        is_class = isinstance(node, ast.ClassDef)
        ids = _ids(node.decorator_list)
        why = outer or _never_runs(node.decorator_list)
        if not why and not node.name.startswith("Test" if is_class else "test"):
            why = f"pytest does not collect {node.name}"
        if not why and _first_call(node) in {"pytest.skip", "pytest.xfail"}:
            why = f"{node.name} starts with {_first_call(node)}"
        if ids and why:
            yield node.lineno, ids, why
        if is_class:
            yield from _dead(node.body, outer or _never_runs(node.decorator_list))
