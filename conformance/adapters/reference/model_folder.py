"""Loads the quantiser tables of a model folder."""

import hashlib
import json
from pathlib import Path

import numpy as np

from dred_reference.tables import QuantiserTables

__all__ = ["load_tables"]

TABLE_NAMES = [
    f"{kind}_{part}_q8" for kind in ("latent", "state") for part in ("quant_scales", "dead_zone", "r", "p0")
]


def load_tables(folder: Path) -> tuple[str, QuantiserTables]:
    """Return name and tables of the model in a folder.

    Raises
    ------
    ValueError, OSError
        ``model.json`` is missing, is no model, or its tables do not have the hash that it states.
    """
    model = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    if not isinstance(model, dict) or model.get("format") != "dred-model/1":
        raise ValueError(f"{folder}: model.json is not of format dred-model/1")
    try:
        rows = [np.array(model["tables"][name]) for name in TABLE_NAMES]
        name, stated = str(model["name"]), model["tables_sha256"]
        levels, latent_dim, state_dim = (int(model[key]) for key in ("levels", "latent_dim", "state_dim"))
    except (KeyError, TypeError) as error:
        raise ValueError(f"{folder}: model.json lacks {error}") from error
    if any(table.dtype.kind != "i" or table.min() < 0 or table.max() > 255 for table in rows):
        raise ValueError(f"{folder}: a table entry is not an integer from 0 to 255")
    tables = [table.astype(np.uint8) for table in rows]
    if hashlib.sha256(b"".join(table.tobytes() for table in tables)).hexdigest() != stated:
        raise ValueError(f"{folder}: the tables do not match tables_sha256")
    return name, QuantiserTables(levels, latent_dim, state_dim, *tables)
