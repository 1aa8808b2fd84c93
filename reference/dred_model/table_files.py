"""
Tables beside the weights: quantiser tables and layer tables in their several forms.

A DNNw blob holds neither, and a folder of ``.npz`` arrays has them in files of their own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from . import strict_json
from .architecture import NETWORK_FILES
from .assembly import network_of_array
from .c_source import SourceModel, read_source
from .errors import ModelError
from .limits import Limits, check_limit
from .network import ARRAY_FIELDS, Array, Layer, named_layer
from .npz import read_npz
from .plain_files import plain_size
from .tables import ModelTables, tables_from_flat

STATS = "dred_rdovae_stats"
STATS_JSON = "dred_stats.json"
TABLE_FILES = (STATS_JSON, f"{STATS}.npz", f"{STATS}_data.c", f"dnn/{STATS}_data.c")
NETWORK_OF_FILE = {stem: network for network, stem in NETWORK_FILES.items()}


def read_tables(path: Path, limits: Limits) -> ModelTables:
    """
    Read quantiser tables from ``dred_stats.json``, an ``.npz``, a C source, or a folder with some of these.

    Raises
    ------
    ModelError
        M4 when there are none, M6 when two files beside each other disagree, else what is wrong with them.
    """
    if not path.is_dir():
        return _tables_file(path, limits)
    found = [(name, _tables_file(path / name, limits)) for name in TABLE_FILES if (path / name).exists()]
    if not found:
        raise ModelError(
            "M4",
            "no quantiser tables",
            subject=str(path),
            advice=f"Put {STATS_JSON}, {STATS}.npz or {STATS}_data.c there, or name one with --tables.",
        )
    for name, tables in found[1:]:
        if tables.sha256 != found[0][1].sha256:
            raise ModelError("M6", f"its tables are not those of {found[0][0]}", subject=str(path / name))
    return found[0][1]


def _tables_file(path: Path, limits: Limits) -> ModelTables:
    size = plain_size(path)
    if path.suffix == ".npz":
        return tables_from_flat(read_npz(path, limits))
    if path.suffix == ".json":
        stated = strict_json.load_object(path, limits).get("tables")
        if not isinstance(stated, dict):
            raise ModelError("M4", "no tables", subject=str(path))
        return tables_from_flat(
            {
                name: strict_json.byte_rows(rows, f"{path}: {name}").reshape(-1)
                for name, rows in stated.items()
            }
        )
    if path.suffix == ".c":
        model = SourceModel()
        check_limit(size, limits.member_bytes, "the file size", str(path))
        with path.open("rb") as stream:
            read_source(model, stream, path.name, limits)
        model.layers()
        return tables_from_flat(model.arrays)
    raise ModelError("M7", "tables are read from .json, .npz and .c", subject=str(path))


def read_layer_table(path: Path, arrays: dict[str, Array], limits: Limits) -> dict[str, tuple[Layer, ...]]:
    """
    Read ``layers.json``: per source file its layers, of the networks that have arrays.

    Raises
    ------
    ModelError
        M7 for rows that are not understood.
    """
    layers: dict[str, tuple[Layer, ...]] = {}
    held = {network_of_array(name) for name in arrays}
    for key, rows in strict_json.load_object(path, limits).items():
        network = NETWORK_OF_FILE.get(key.removesuffix("_data"))
        if network is None or network not in held:
            continue
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ModelError("M7", "not a list of layers", subject=f"{path}: {key}")
        layers[network] = tuple(_table_row(row, f"{path}: {key}") for row in rows)
    return layers


def _table_row(row: dict[str, Any], subject: str) -> Layer:
    def text(key: str) -> str | None:
        value = row.get(key, "NULL")
        if not isinstance(value, str):
            raise ModelError("M7", f"{key} is no string", subject=subject)
        return None if value == "NULL" else value

    def size(key: str) -> int:
        return strict_json.integer(row.get(key), 1, 1 << 16, f"{subject}, {key}")

    name = text("layer") or ""
    if row.get("conv2d") is True:
        names = {"bias": text("bias"), "float_weights": text("float_weights")}
        kernel = (size("ktime"), size("kheight"))
        return named_layer(name, size("in_channels"), size("out_channels"), names, kernel)
    if text("diag") is not None:
        raise ModelError("M7", "diagonal weights belong to older models", subject=f"{subject}, {name}")
    names = {array_field: text(array_field) for array_field, _ in ARRAY_FIELDS}
    return named_layer(name, size("nb_inputs"), size("nb_outputs"), names)
