"""Reads a model folder: ``model.json`` of the format ``dred-model/1``, and the weights beside it."""

import hashlib
import json
from pathlib import Path

import numpy as np

from dred_native._core import Model

__all__ = ["load_model"]

_TABLES = ("quant_scales_q8", "dead_zone_q8", "r_q8", "p0_q8")


def load_model(folder: Path) -> Model:
    """Return the model whose ``model.json`` lies in ``folder``, with its weights where it has any.

    Raises
    ------
    ValueError
        If the file is of another format, or tables or weights are not those of their hashes.
    """
    file = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    if file.get("format") != "dred-model/1":
        raise ValueError(f"{folder / 'model.json'} is not of the format dred-model/1")
    names = [f"{part}_{table}" for part in ("latent", "state") for table in _TABLES]
    tables = [np.array(file["tables"][name], dtype=np.uint8) for name in names]
    if hashlib.sha256(b"".join(table.tobytes() for table in tables)).hexdigest() != file["tables_sha256"]:
        raise ValueError(f"the tables in {folder / 'model.json'} are not those of tables_sha256")
    weights = _read_weights(folder, file.get("weights"))
    return Model(file["name"], file["latent_dim"], file["state_dim"], *tables, weights=weights)


def _read_weights(folder: Path, weights: dict[str, str] | None) -> bytes | None:
    if weights is None:
        return None
    name = weights["file"]
    if name in {"", ".", ".."} or set(name) & set("/\\:\0"):
        raise ValueError(f"{name!r} does not name a file in {folder}")
    blob = (folder / name).read_bytes()
    if hashlib.sha256(blob).hexdigest() != weights["sha256"]:
        raise ValueError(f"{folder / name} is not the file of its hash")
    return blob
