"""Loads the quantiser tables and the decoder network of a model folder."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dred_reference.errors import FeatureError
from dred_reference.network import DecoderNetwork, decoder_network, read_blob
from dred_reference.tables import QuantiserTables

__all__ = ["Model", "load_model"]

TABLE_NAMES = [
    f"{kind}_{part}_q8" for kind in ("latent", "state") for part in ("quant_scales", "dead_zone", "r", "p0")
]


@dataclass(frozen=True)
class Model:
    """What the stages need of a model.

    Attributes
    ----------
    tables : QuantiserTables
    network : DecoderNetwork, FeatureError or None
        The decoder network, why it cannot run, or nothing where the model has none.
    """

    tables: QuantiserTables
    network: DecoderNetwork | FeatureError | None


def _network(folder: Path, weights: Any, tables: QuantiserTables) -> DecoderNetwork | FeatureError | None:
    if weights is None:
        return None
    try:
        file, stated = str(weights["file"]), weights["sha256"]
    except (KeyError, TypeError) as error:
        raise ValueError(f"{folder}: model.json says nothing of use about the weights") from error
    if Path(file).name != file:
        raise ValueError(f"{folder}: {file!r} is no file of the folder")
    blob = (folder / file).read_bytes()
    if hashlib.sha256(blob).hexdigest() != stated:
        raise ValueError(f"{folder}: {file} does not match its hash")
    try:
        arrays = read_blob(blob)
        if not any(name.startswith("dec_") for name in arrays):
            return None
        return decoder_network(arrays, tables.latent_dim, tables.state_dim)
    except FeatureError as error:
        return error


def load_model(folder: Path) -> tuple[str, Model]:
    """Return name and content of the model in a folder.

    Raises
    ------
    ValueError, OSError
        ``model.json`` or the weights are missing, it is no model, or a hash is not the one that it states.
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
    found = QuantiserTables(levels, latent_dim, state_dim, *tables)
    return name, Model(found, _network(folder, model.get("weights"), found))
