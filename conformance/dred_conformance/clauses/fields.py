"""Typed reading of one TOML table: every field is required, no other field is allowed."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from dred_conformance.clauses.errors import FieldValueError, RegistryError, UnknownFieldError

__all__ = ["Fields", "tables"]


class Fields:
    """The fields of one table, with errors that say which table of which file is wrong.

    Parameters
    ----------
    table
        The parsed table.
    names
        The names of all its fields.
    where
        File and entry, for messages.
    """

    def __init__(self, table: Mapping[str, Any], names: Collection[str], where: str) -> None:
        unknown = sorted(set(table) - set(names))
        missing = sorted(set(names) - set(table))
        if unknown or missing:
            raise UnknownFieldError(f"{where}: unknown fields {unknown}, missing fields {missing}")
        self._table = table
        self._where = where

    def text(self, name: str, *, may_be_empty: bool = False) -> str:
        """Return a string field."""
        value = self._table[name]
        if not isinstance(value, str) or (not value and not may_be_empty):
            raise FieldValueError(f"{self._where}: '{name}' must be a string with content, found {value!r}")
        return value

    def choice(self, name: str, choices: Collection[str]) -> str:
        """Return a string field that must be one of ``choices``."""
        value = self.text(name, may_be_empty=True)
        if value not in choices:
            raise FieldValueError(f"{self._where}: '{name}' is {value!r}, expected one of {sorted(choices)}")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a field that is a list of different strings."""
        value = self._table[name]
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise FieldValueError(f"{self._where}: '{name}' must be a list of strings, found {value!r}")
        if len(set(value)) != len(value):
            raise FieldValueError(f"{self._where}: '{name}' names something twice: {value!r}")
        return tuple(value)


def tables(data: Mapping[str, Any], key: str, path: Path) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Yield the tables of the array ``key`` with the place to name in messages.

    Raises
    ------
    RegistryError
        If ``key`` is missing or no array of tables.
    """
    entries = data.get(key)
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise RegistryError(f"{path}: no array of tables [[{key}]]")
    for index, entry in enumerate(entries):
        yield entry, f"{path}: {entry.get('id', f'{key} number {index}')}"
