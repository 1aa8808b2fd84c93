"""What is not covered on purpose: ``spec-notes/exceptions.toml``, one entry per clause, with the reason."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from dred_conformance.clauses.errors import DuplicateIdError, FieldValueError, RegistryError
from dred_conformance.clauses.fields import Fields, tables
from dred_conformance.data import data_folder

__all__ = ["COLUMNS", "CoverageException", "load_exceptions"]

COLUMNS = ("python", "native", "test", "vector")
_NAMES = ("clause", "columns", "reason")


@dataclass(frozen=True)
class CoverageException:
    """Columns in which a clause has nothing, and why that is so.

    Attributes
    ----------
    clause
        The clause id.
    columns
        Some of ``python``, ``native``, ``test``, ``vector``.
    reason
        Why, and what would end it.
    """

    clause: str
    columns: tuple[str, ...]
    reason: str


def load_exceptions(folder: Path | None = None) -> dict[str, CoverageException]:
    """Read the exceptions of a folder ``spec-notes``, by clause; the published ones if left out.

    Raises
    ------
    RegistryError
        If the file is no valid file of exceptions.
    """
    folder = data_folder("spec-notes") if folder is None else folder
    path = folder / "exceptions.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise RegistryError(f"{path}: {error}") from error
    exceptions: dict[str, CoverageException] = {}
    for table, _ in tables(data, "exception", path):
        where = f"{path}: exception of {table.get('clause')}"
        fields = Fields(table, _NAMES, where)
        found = CoverageException(fields.text("clause"), fields.texts("columns"), fields.text("reason"))
        if not found.columns or not set(found.columns) <= set(COLUMNS):
            raise FieldValueError(f"{where}: 'columns' names some of {COLUMNS}")
        if found.clause in exceptions:
            raise DuplicateIdError(f"{where}: a clause has one exception")
        exceptions[found.clause] = found
    return exceptions
