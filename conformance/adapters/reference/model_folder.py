"""Loads the quantiser tables, the decoder network and the vocoder network of a model folder."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dred_reference.errors import FeatureError
from dred_reference.network import (
    DecoderNetwork,
    VocoderNetwork,
    decoder_network,
    read_blob,
    vocoder_network,
)
from dred_reference.tables import QuantiserTables

__all__ = ["Model", "load_model"]

Arrays = Mapping[str, NDArray[Any]]
VOCODER_PREFIXES = ("cond_net_", "sig_net_")
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
    arrays : mapping of str to array
        All weights.
    """

    tables: QuantiserTables
    network: DecoderNetwork | FeatureError | None
    arrays: Arrays = field(default_factory=dict)

    @property
    def speaks(self) -> bool:
        """Whether there is a vocoder network."""
        return any(name.startswith(VOCODER_PREFIXES) for name in self.arrays)

    @cached_property
    def vocoder(self) -> VocoderNetwork | FeatureError | None:
        """The vocoder network, why it cannot run, or nothing where the model has none."""
        if not self.speaks:
            return None
        try:
            return vocoder_network(self.arrays)
        except FeatureError as error:
            return error


def _arrays(folder: Path, weights: Any) -> Arrays | FeatureError:
    if weights is None:
        return {}
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
        return read_blob(blob)
    except FeatureError as error:
        return error


def _decoder(arrays: Arrays | FeatureError, tables: QuantiserTables) -> DecoderNetwork | FeatureError | None:
    if isinstance(arrays, FeatureError):
        return arrays
    if not any(name.startswith("dec_") for name in arrays):
        return None
    try:
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
    arrays = _arrays(folder, model.get("weights"))
    usable = {} if isinstance(arrays, FeatureError) else arrays
    return name, Model(found, _decoder(arrays, found), usable)
