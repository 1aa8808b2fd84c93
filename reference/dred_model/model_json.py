"""
The text of ``model.json``.

Format ``dred-model/1``: name, version, dimensions, tables (one row per line, so that people can read and
compare them), hashes, and the layers of the weights. A reader that only needs tables may ignore the rest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import strict_json
from .architecture import NETWORKS
from .bundle import ModelBundle
from .errors import ModelError
from .network import ARRAY_FIELDS, Layer, named_layer
from .tables import LEVELS, MAX_DIM, TABLE_NAMES, ModelTables

FORMAT = "dred-model/1"
WEIGHTS_FILE = "weights.bin"


@dataclass(frozen=True)
class Weights:
    """What ``model.json`` says about the blob beside it."""

    file: str
    sha256: str
    layers: Mapping[str, tuple[Layer, ...]] | None  # by network; None when the file does not list them


@dataclass(frozen=True)
class ModelText:
    """The parsed content of ``model.json``; hashes are as stated, `tables` are verified against theirs."""

    name: str
    experimental_version: int
    tables: ModelTables
    weights: Weights | None
    model_sha256: str | None
    source: str


def write_text(bundle: ModelBundle) -> bytes:
    """Return the canonical ``model.json`` of a bundle."""
    blob = bundle.weights_blob
    weights: dict[str, Any] | None = None
    if blob is not None:
        weights = {"file": WEIGHTS_FILE, "sha256": hashlib.sha256(blob).hexdigest()}
    fields = {
        "format": FORMAT,
        "name": bundle.name,
        "experimental_version": bundle.experimental_version,
        "levels": LEVELS,
        "latent_dim": bundle.latent_dim,
        "state_dim": bundle.state_dim,
    }
    lines = [f" {json.dumps(key)}: {json.dumps(value)}," for key, value in fields.items()]
    lines.append(' "tables": {')
    for name, table in bundle.tables.as_dict().items():
        rows = ",\n".join("   " + json.dumps(row, separators=(",", ":")) for row in table.tolist())
        lines.append(f"  {json.dumps(name)}: [\n{rows}]" + ("," if name != TABLE_NAMES[-1] else ""))
    lines.append(" },")
    lines.append(f' "tables_sha256": {json.dumps(bundle.tables_sha256)},')
    lines.append(f' "weights": {json.dumps(weights)},')
    if weights is not None:
        lines.append(' "layers": {')
        networks = bundle.ordered_networks()
        for network in networks:
            rows = ",\n".join("   " + json.dumps(layer_fields(layer)) for layer in network.layers)
            comma = "," if network is not networks[-1] else ""
            lines.append(f"  {json.dumps(network.name)}: [\n{rows}]{comma}")
        lines.append(" },")
    lines.append(f' "model_sha256": {json.dumps(bundle.model_sha256)},')
    lines.append(f' "source": {json.dumps(bundle.source)}')
    return ("{\n" + "\n".join(lines) + "\n}\n").encode("ascii")


def layer_fields(layer: Layer) -> dict[str, Any]:
    """Return a layer as it stands in ``model.json``."""
    fields: dict[str, Any] = {
        "layer": layer.name,
        "nb_inputs": layer.nb_inputs,
        "nb_outputs": layer.nb_outputs,
    }
    for field, _ in ARRAY_FIELDS:
        if (name := getattr(layer, field)) is not None:
            fields[field] = name
    if layer.kernel is not None:
        fields["kernel"] = list(layer.kernel)
    return fields


def parse_text(text: bytes, subject: str) -> ModelText:
    """
    Parse ``model.json`` and verify the hash of its tables.

    Raises
    ------
    ModelError
        M3 for a weights file outside the folder, M5, M6 or M7.
    """
    fields = strict_json.parse_object(text, subject)
    if fields.get("format") != FORMAT:
        raise ModelError(
            "M7",
            f"format {fields.get('format')!r:.80}, not {FORMAT!r}",
            subject=subject,
            advice="Import the model again with this version of the tool.",
        )
    strict_json.integer(fields.get("levels"), LEVELS, LEVELS, f"{subject}: levels")
    stated = fields.get("tables")
    if not isinstance(stated, dict):
        raise ModelError("M4", "no tables", subject=subject)
    for name in TABLE_NAMES:
        if name not in stated:
            raise ModelError("M4", "the quantiser table is missing", subject=f"{subject}: {name}")
    tables = ModelTables(
        **{name: strict_json.byte_rows(stated[name], f"{subject}: {name}") for name in TABLE_NAMES}
    )
    for key in ("latent_dim", "state_dim"):
        dim = strict_json.integer(fields.get(key), 1, MAX_DIM, f"{subject}: {key}")
        if dim != getattr(tables, key):
            raise ModelError(
                "M5", f"{dim}, the tables have {getattr(tables, key)}", subject=f"{subject}: {key}"
            )
    if tables.sha256 != fields.get("tables_sha256"):
        raise ModelError(
            "M6",
            f"tables_sha256 says {fields.get('tables_sha256')!r:.80}, the tables give {tables.sha256}",
            subject=subject,
            advice="The file was changed after it was written; import the model again.",
        )
    return ModelText(
        name=_string(fields.get("name"), f"{subject}: name"),
        experimental_version=strict_json.integer(
            fields.get("experimental_version"), 0, 255, f"{subject}: experimental_version"
        ),
        tables=tables,
        weights=_weights(fields, subject),
        model_sha256=None
        if fields.get("model_sha256") is None
        else _string(fields["model_sha256"], f"{subject}: model_sha256"),
        source=_string(fields.get("source", ""), f"{subject}: source"),
    )


def _string(value: Any, subject: str) -> str:
    if not isinstance(value, str) or len(value) > 4096:
        raise ModelError("M7", "not a string of at most 4096 characters", subject=subject)
    return value


def _weights(fields: dict[str, Any], subject: str) -> Weights | None:
    weights = fields.get("weights")
    if weights is None:
        return None
    if not isinstance(weights, dict):
        raise ModelError("M7", "weights is neither null nor an object", subject=subject)
    file = _string(weights.get("file"), f"{subject}: weights.file")
    if not file or file in (".", "..") or set(file) & set("/\\:\0"):
        raise ModelError(
            "M3", f"{file!r} does not name a file in the folder", subject=f"{subject}: weights.file"
        )
    layers = fields.get("layers")
    if layers is not None and not isinstance(layers, dict):
        raise ModelError("M7", "layers is no object", subject=subject)
    return Weights(
        file,
        _string(weights.get("sha256"), f"{subject}: weights.sha256"),
        None if layers is None else {name: _layers(name, layers[name], subject) for name in layers},
    )


def _layers(network: str, rows: Any, subject: str) -> tuple[Layer, ...]:
    if network not in NETWORKS or not isinstance(rows, list):
        raise ModelError("M7", f"{network!r:.80} is no list of layers of a known network", subject=subject)
    return tuple(_layer(row, f"{subject}: layers of {network}") for row in rows)


def _layer(row: Any, subject: str) -> Layer:
    if not isinstance(row, dict):
        raise ModelError("M7", "a layer is no object", subject=subject)
    name = _string(row.get("layer"), subject)
    where = f"{subject}, {name}"
    kernel = row.get("kernel")
    if kernel is not None:
        if not isinstance(kernel, list) or len(kernel) != 2:
            raise ModelError("M7", "kernel is no pair", subject=where)
        kernel = (strict_json.integer(kernel[0], 1, 64, where), strict_json.integer(kernel[1], 1, 64, where))
    return named_layer(
        name,
        strict_json.integer(row.get("nb_inputs"), 1, 1 << 16, where),
        strict_json.integer(row.get("nb_outputs"), 1, 1 << 16, where),
        {field: _string(row[field], where) for field, _ in ARRAY_FIELDS if row.get(field) is not None},
        kernel,
    )
