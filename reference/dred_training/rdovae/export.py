"""From a trained model to a bundle: tables of bytes, int8 weights, and only the dimensions that are used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from dred_model import ModelBundle, ModelTables
from dred_model.architecture import BLOCKS, LAYERS
from dred_model.network import ARRAY_FIELDS, ARRAY_SUFFIXES, Array, Layer, Network, named_layer, own
from dred_training.configuration import Configuration
from dred_training.errors import TrainingError
from dred_training.run_folder import read_run

from .checkpoint import Checkpoint, read_checkpoint, restore
from .layers import Layer as TrainedLayer
from .model import RdoVae
from .networks import DECODER, ENCODER
from .rounding import LARGEST, to_int8
from .statistics import Bytes

BLOCK_OUTPUTS, BLOCK_INPUTS = 8, 4
SPARSE_LAYERS = {
    "gdense1",
    "dec_output",
    "dec_gru_init",
    *(f"{side}_conv_dense{k}" for side in ("enc", "dec") for k in BLOCKS),
    *(f"{side}_gru{k}_input" for side in ("enc", "dec") for k in BLOCKS),
}


def export_model(model: RdoVae, configuration: Configuration, source: str) -> ModelBundle:
    """
    Make a bundle.

    A dimension stays if it is coded at any level. Scales of the tables are relative to the largest of a
    dimension; what they leave out goes into the last layers of the encoder and the first ones of the decoder.

    Parameters
    ----------
    model : RdoVae
        Trained.
    configuration : Configuration
        Name and version.
    source : str
        Where the model comes from, for people.

    Raises
    ------
    TrainingError
        T6: no dimension of latents or states is coded at any level, or a weight or statistic is no number.
    ModelError
        M7: a name that no model can have.
    """
    for name, statistics in (("latent", model.latent_statistics), ("state", model.state_statistics)):
        if not torch.isfinite(statistics.raw).all():
            raise TrainingError("T6", "a statistic is no finite number", subject=name)
    latent, state = model.latent_statistics.bytes(), model.state_statistics.bytes()
    kept_latent, kept_state = _kept(latent, "latent"), _kept(state, "state")
    units = {
        "enc_zdense": ("rows", kept_latent, latent.unit),
        "gdense2": ("rows", kept_state, state.unit),
        "dec_dense1": ("columns", kept_latent, latent.unit),
        "dec_hidden_init": ("columns", kept_state, state.unit),
    }
    networks = {}
    for name, trained in ((ENCODER, model.encoder), (DECODER, model.decoder)):
        layers: list[Layer] = []
        arrays: dict[str, Array] = {}
        for layer_name in LAYERS[name]:
            layer = trained.layer(layer_name)
            weights, bias = _scaled(layer, *units.get(layer_name, ("", kept_latent, latent.unit)))
            if not (torch.isfinite(weights).all() and torch.isfinite(bias).all()):
                raise TrainingError("T6", "a weight is no finite number", subject=layer_name)
            held = dict(_arrays(layer, weights, bias))
            names: dict[str, str | None] = {field: f"{layer_name}_{ARRAY_SUFFIXES[field]}" for field in held}
            dtypes = dict(ARRAY_FIELDS)
            for field, array in held.items():
                arrays[f"{layer_name}_{ARRAY_SUFFIXES[field]}"] = own(array, dtypes[field])
            layers.append(named_layer(layer_name, weights.shape[1], weights.shape[0], names))
        networks[name] = Network(name, tuple(layers), arrays)
    tables = ModelTables(*_tables(latent, kept_latent), *_tables(state, kept_state))
    return ModelBundle(configuration.name, configuration.experimental_version, tables, networks, source)


def export_run(folder: Path) -> tuple[ModelBundle, Checkpoint, Configuration]:
    """
    Make a bundle of the newest state of a run, which may go on meanwhile.

    Returns
    -------
    bundle, checkpoint, configuration
        The state is that of the bundle.

    Raises
    ------
    TrainingError
        T4: there is no run, no checkpoint yet, or one of them is damaged. T6: as for `export_model`.
    """
    configuration, features_sha256 = read_run(folder)
    checkpoint = read_checkpoint(folder)
    if checkpoint is None:
        raise TrainingError("T4", "there is no checkpoint yet", subject=str(folder))
    if checkpoint.features_sha256 != features_sha256:
        raise TrainingError("T4", "the checkpoint is of other features than the run", subject=str(folder))
    return export_checkpoint(checkpoint, configuration), checkpoint, configuration


def export_checkpoint(checkpoint: Checkpoint, configuration: Configuration) -> ModelBundle:
    """
    Make a bundle of a state of a run; the same state gives the same bundle.

    Raises
    ------
    TrainingError
        T4: the state is of another configuration. T6: as for `export_model`.
    """
    if checkpoint.fingerprint != configuration.fingerprint:
        raise TrainingError("T4", "the checkpoint is of another configuration than the run")
    model = RdoVae(configuration.network, configuration.seed)
    restore(model, checkpoint)
    source = (
        f"trained by dred_training for {checkpoint.step} of {configuration.training.steps} steps, seed "
        f"{configuration.seed}, configuration {configuration.fingerprint[:16]}, features "
        f"{checkpoint.features_sha256[:16]}"
    )
    return export_model(model, configuration, source)


def _kept(written: Bytes, kind: str) -> torch.Tensor:
    """Return the numbers of the dimensions that are coded at some level."""
    kept = torch.nonzero(written.coded.any(dim=0)).flatten()
    if not kept.numel():
        raise TrainingError("T6", f"no dimension of the {kind} is coded at any level")
    return kept


def _tables(written: Bytes, kept: torch.Tensor) -> Iterator[NDArray[np.uint8]]:
    for table in (written.scales, written.dead_zones, written.decays, written.zeros):
        yield table[:, kept].cpu().numpy().astype(np.uint8)


def _scaled(
    layer: TrainedLayer, part: str, kept: torch.Tensor, unit: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return weights and bias of a layer, in the units of the tables where it borders on them."""
    weights, bias = layer.weight.detach().cpu(), layer.bias.detach().cpu()
    kept, unit = kept.cpu(), unit.cpu()
    if part == "rows":
        padding = -len(kept) % BLOCK_OUTPUTS
        weights = torch.nn.functional.pad(weights[kept] / unit[kept, None], (0, 0, 0, padding))
        bias = torch.nn.functional.pad(bias[kept] / unit[kept], (0, padding))
    elif part == "columns":
        level = weights[:, len(unit) :]  # the level value is one more input, without a unit
        weights = torch.cat([weights[:, kept] * unit[kept], level], dim=1)
    return weights, bias


def _arrays(layer: TrainedLayer, weights: torch.Tensor, bias: torch.Tensor) -> Iterator[tuple[str, Array]]:
    if layer.is_float:
        yield "float_weights", weights.T.contiguous().numpy()
        yield "bias", bias.numpy()
        return
    rounded, row_scales = to_int8(weights)
    matrix = rounded.numpy()
    scale = (row_scales / LARGEST).numpy()
    blocks, index = _blocks(matrix, is_sparse=layer.name in SPARSE_LAYERS)
    yield "weights", blocks
    if layer.name in SPARSE_LAYERS:
        yield "idx", index
    sums = matrix.sum(axis=1, dtype=np.int64)
    yield "subias", bias.numpy().astype(np.float64) - LARGEST * scale.astype(np.float64) * sums
    yield "scale", scale
    yield "bias", bias.numpy()


def _blocks(matrix: NDArray[np.int8], *, is_sparse: bool) -> tuple[Array, Array]:
    """Return a matrix block by block, eight outputs after eight outputs, and the index of a sparse one."""
    chosen, index = [], []
    for first in range(0, len(matrix), BLOCK_OUTPUTS):
        rows = matrix[first : first + BLOCK_OUTPUTS]
        blocks = rows.reshape(BLOCK_OUTPUTS, -1, BLOCK_INPUTS).transpose(1, 0, 2)
        columns = np.flatnonzero(blocks.any(axis=(1, 2))) if is_sparse else np.arange(len(blocks))
        if is_sparse and first == 0 and not len(columns):
            columns = np.array([0])  # an array of the deployed format cannot be empty
        index += [len(columns), *(BLOCK_INPUTS * columns).tolist()]
        chosen.append(blocks[columns])
    return np.concatenate(chosen), np.array(index)
