"""Finds the first difference between an expected result and an answer."""

import base64
import binascii
import struct
from collections.abc import Mapping
from itertools import chain
from typing import Any

from dred_conformance.runner.verdict import Difference

__all__ = ["first_difference", "missing_members"]

_SCALARS = frozenset({int, str, float, bool, type(None)})
_FLOAT_MEMBERS = {"latent": ("state", "latents")}


def missing_members(expected: Any, actual: Any, required: frozenset[str]) -> tuple[str, ...]:
    """Return the optional members of ``expected`` that ``actual`` leaves out."""
    if not isinstance(expected, Mapping) or not isinstance(actual, Mapping):
        return ()
    return tuple(name for name in expected if name not in actual and name not in required)


def first_difference(op: str, expected: Any, actual: Any, skipped: tuple[str, ...] = ()) -> Difference | None:
    """Compare the result of ``op`` in reading order and return the first difference.

    Parameters
    ----------
    op
        The operation; it says which members hold floats.
    expected, actual
        The results.
    skipped
        Members of ``expected`` that are not compared.
    """
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        floats = _FLOAT_MEMBERS.get(op, ())
        for name, value in expected.items():
            if name in skipped:
                continue
            if name not in actual:
                return Difference(name, value, None)
            if name in floats:
                difference = _float_difference(name, value, actual[name])
            else:
                difference = _walk(name, value, actual[name])
            if difference is not None:
                return difference
        return None
    return _walk("result", expected, actual)


def _walk(path: str, expected: Any, actual: Any) -> Difference | None:
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        return _walk_members(path, expected, actual)
    if isinstance(expected, list) and isinstance(actual, list):
        return _walk_items(path, expected, actual)
    if isinstance(expected, bool) != isinstance(actual, bool) or expected != actual:
        return Difference(path, expected, actual)
    return None


def _walk_members(path: str, expected: Mapping[str, Any], actual: Mapping[str, Any]) -> Difference | None:
    for name, value in expected.items():
        where = f"{path}.{name}"
        if name not in actual:
            return Difference(where, value, None)
        difference = _walk(where, value, actual[name])
        if difference is not None:
            return difference
    extra = next((name for name in actual if name not in expected), None)
    return None if extra is None else Difference(f"{path}.{extra}", None, actual[extra])


def _walk_items(path: str, expected: list[Any], actual: list[Any]) -> Difference | None:
    if expected == actual and _are_alike(expected, actual):
        return None
    for index, (left, right) in enumerate(zip(expected, actual, strict=False)):
        difference = _walk(f"{path}[{index}]", left, right)
        if difference is not None:
            return difference
    if len(expected) != len(actual):
        return Difference(f"{path} (number of items)", len(expected), len(actual))
    return None


def _are_alike(expected: list[Any], actual: list[Any]) -> bool:
    """Tell cheaply whether equal lists are the same: Python takes ``true`` for 1, at every depth."""
    kinds = _kinds(expected)
    return len(kinds) <= 1 and kinds <= _SCALARS and kinds == _kinds(actual)


def _kinds(items: list[Any]) -> set[type]:
    """Return the types of the items, or of their items if all are lists."""
    kinds = set(map(type, items))
    return set(map(type, chain.from_iterable(items))) if kinds == {list} else kinds


def _floats(text: Any) -> tuple[float, ...] | None:
    if not isinstance(text, str):
        return None
    try:
        raw = base64.b64decode(text, validate=True)
        return struct.unpack(f"<{len(raw) // 4}f", raw)
    except (binascii.Error, struct.error):
        return None


def _float_difference(name: str, expected: Any, actual: Any) -> Difference | None:
    if expected == actual:
        return None
    left, right = _floats(expected), _floats(actual)
    if left is None or right is None:
        return Difference(f"{name} (base64 of float32)", expected, actual)
    for index, (a, b) in enumerate(zip(left, right, strict=False)):
        if a != b:
            return Difference(f"{name}[{index}]", a, b)
    if len(left) != len(right):
        return Difference(f"{name} (number of floats)", len(left), len(right))
    return None
