"""How ``dred model`` shows models."""

import hashlib
from typing import Any

from rich.table import Table

from dred_model import FoundModel, ModelBundle
from dred_model.model_json import layer_fields

__all__ = ["facts", "layer_table", "layers", "row", "summary", "table"]


def summary(bundle: ModelBundle) -> dict[str, Any]:
    """Return what is to know about a model, for JSON."""
    blob = bundle.weights_blob
    return {
        "name": bundle.name,
        "experimental_version": bundle.experimental_version,
        "levels": bundle.tables.levels,
        "latent_dim": bundle.latent_dim,
        "state_dim": bundle.state_dim,
        "model_sha256": bundle.model_sha256,
        "tables_sha256": bundle.tables_sha256,
        "weights_sha256": None if blob is None else hashlib.sha256(blob).hexdigest(),
        "networks": {
            network.name: {
                "layers": len(network.layers),
                "values": sum(array.size for array in network.arrays.values()),
                "sha256": bundle.network_sha256[network.name],
            }
            for network in bundle.ordered_networks()
        },
        "source": bundle.source,
        "notes": list(bundle.notes),
    }


def facts(bundle: ModelBundle) -> list[str]:
    """Return what is to know about a model, as lines for people."""
    lines = [
        f"  dimensions     {bundle.latent_dim} latent, {bundle.state_dim} state",
        f"  version byte   {bundle.experimental_version}",
        f"  model SHA-256  {bundle.model_sha256}",
        f"  tables SHA-256 {bundle.tables_sha256}",
        f"  networks       {', '.join(network.name for network in bundle.ordered_networks()) or 'none'}",
        f"  source         {bundle.source}",
    ]
    return lines + [f"  note: {note}" for note in bundle.notes]


def layers(bundle: ModelBundle) -> list[dict[str, Any]]:
    """Return all layers, for JSON."""
    return [
        {"network": network.name, "kind": layer.kind} | layer_fields(layer)
        for network in bundle.ordered_networks()
        for layer in network.layers
    ]


def layer_table(bundle: ModelBundle) -> Table:
    """Return all layers as a table for the terminal."""
    result = Table()
    for column in ("network", "layer", "kind", "inputs", "outputs", "values"):
        result.add_column(column, justify="right" if column in ("inputs", "outputs", "values") else "left")
    for network in bundle.ordered_networks():
        for layer in network.layers:
            values = sum(network.arrays[name].size for name in layer.array_names)
            result.add_row(
                network.name, layer.name, layer.kind, str(layer.nb_inputs), str(layer.nb_outputs), str(values)
            )
    return result


def row(model: FoundModel) -> dict[str, Any]:
    """Return a model at a place, for JSON."""
    return {
        "name": model.name,
        "place": model.place,
        "path": None if model.path is None else str(model.path),
        "intact": model.intact,
        "model_sha256": None if model.bundle is None else model.bundle.model_sha256,
        "tables_sha256": None if model.bundle is None else model.bundle.tables_sha256,
        "latent_dim": None if model.bundle is None else model.bundle.latent_dim,
        "state_dim": None if model.bundle is None else model.bundle.state_dim,
        "error": None if model.error is None else model.error.as_dict(),
    }


def table(found: list[FoundModel]) -> Table:
    """Return models at their places as a table for the terminal."""
    result = Table()
    for column in ("model", "dimensions", "model SHA-256", "place", "path"):
        result.add_column(column, overflow="fold")
    for model in found:
        bundle = model.bundle
        state = "BROKEN, see `dred model verify`" if bundle is None else bundle.model_sha256[:16]
        dims = "" if bundle is None else f"{bundle.latent_dim}x{bundle.state_dim}"
        result.add_row(model.name, dims, state, model.place, str(model.path or ""))
    return result
