"""The quantiser tables of the models that cases name, each loaded once."""

from functools import cache
from pathlib import Path

from dred_model import find_model, load_model
from dred_reference.tables import QuantiserTables

__all__ = ["tables_of_model"]


@cache
def tables_of_model(vectors: Path, name: str) -> QuantiserTables | None:
    """Return the tables of a model: published with the vectors, else at hand on this machine, else ``None``.

    Raises
    ------
    ModelError
        The model is there but broken.
    """
    folder = vectors / "models" / name
    if (folder / "model.json").is_file():
        return load_model(folder).tables.to_reference_tables()
    bundle = find_model(name)
    return None if bundle is None else bundle.tables.to_reference_tables()
