"""
A model on disk.

A folder with ``model.json`` and, when the model has networks, ``weights.bin``. It is written beside its
destination, flushed to the disk, and renamed: nobody ever sees half a model.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import shutil
import tempfile
from pathlib import Path

from . import model_json
from .assembly import build_networks, layers_from_arrays, network_of_array
from .bundle import ModelBundle
from .dnnw import read_blob
from .errors import ModelError
from .limits import DEFAULT_LIMITS, Limits
from .network import Array, Network
from .plain_files import read_plain
from .tables import ModelTables

MODEL_FILE = "model.json"
TEMPORARY = ".incomplete-"


def is_model_folder(path: Path) -> bool:
    """Tell whether a folder is in the format written here."""
    return (path / MODEL_FILE).is_file()


def write_aside(bundle: ModelBundle, parent: Path) -> Path:
    """
    Write a model into a new temporary folder in `parent` and flush it to the disk.

    Returns
    -------
    folder : Path
        To be renamed or removed by the caller.

    Raises
    ------
    ModelError
        M1 when the disk refuses.
    """
    try:
        parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=parent))
    except OSError as error:
        raise ModelError("M1", f"cannot write: {error.strerror or error}", subject=str(parent)) from error
    try:
        folder.chmod(0o755)
        if bundle.weights_blob is not None:
            _write_file(folder / model_json.WEIGHTS_FILE, bundle.weights_blob)
        _write_file(folder / MODEL_FILE, model_json.write_text(bundle))
        flush_folder(folder)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise ModelError("M1", f"cannot write: {error.strerror or error}", subject=str(parent)) from error
        raise
    return folder


def save_model(bundle: ModelBundle, folder: Path, *, replace: bool = False) -> Path:
    """
    Write a model to `folder`.

    Parameters
    ----------
    bundle : ModelBundle
        The model.
    folder : Path
        Its destination; parents are made.
    replace : bool
        Replace a model that is already there. Anything else there is never touched.

    Raises
    ------
    ModelError
        M1 when the disk refuses, M3 when something else is in the way.
    """
    folder = folder.absolute()
    in_the_way = folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir())))
    if in_the_way and not (replace and not folder.is_symlink() and is_model_folder(folder)):
        raise ModelError(
            "M3",
            "something is already there",
            subject=str(folder),
            advice="Choose a new folder, or replace the model that is there (--force).",
        )
    aside = write_aside(bundle, folder.parent)
    try:
        if in_the_way:
            _exchange(aside, folder)
        else:
            aside.rename(folder)
        flush_folder(folder.parent)
    except OSError as error:
        raise ModelError("M1", f"cannot write: {error.strerror or error}", subject=str(folder)) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return folder


def _exchange(aside: Path, folder: Path) -> None:
    trash = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=folder.parent))
    try:
        folder.rename(trash / "old")
        try:
            aside.rename(folder)
        except OSError:
            (trash / "old").rename(folder)
            raise
    finally:
        shutil.rmtree(trash, ignore_errors=True)


def load_model(folder: Path, *, limits: Limits = DEFAULT_LIMITS) -> ModelBundle:
    """
    Load a model folder and verify every hash it states.

    Raises
    ------
    ModelError
        Whatever is wrong with it, see `errors.RULES`.
    """
    path = folder / MODEL_FILE
    text = model_json.parse_text(read_plain(path, limits.json_bytes), str(path))
    notes: list[str] = []
    networks: dict[str, Network] = {}
    if text.weights is not None:
        networks = _load_weights(folder / text.weights.file, text.weights, text.tables, notes, limits)
    bundle = ModelBundle(
        name=text.name,
        experimental_version=text.experimental_version,
        tables=text.tables,
        networks=networks,
        source=text.source,
        notes=tuple(notes),
    )
    if text.model_sha256 not in (None, bundle.model_sha256):
        raise ModelError(
            "M6",
            f"model_sha256 says {text.model_sha256}, the content gives {bundle.model_sha256}",
            subject=str(path),
            advice="The file was changed after it was written; import the model again.",
        )
    return bundle


def _load_weights(
    path: Path, weights: model_json.Weights, tables: ModelTables, notes: list[str], limits: Limits
) -> dict[str, Network]:
    blob = read_plain(path, limits.blob_bytes)
    found = hashlib.sha256(blob).hexdigest()
    if found != weights.sha256:
        raise ModelError(
            "M6",
            f"model.json says {weights.sha256}, the file gives {found}",
            subject=str(path),
            advice="Import the model again.",
        )
    arrays: dict[str, Array] = {}
    stated = weights.layers
    named = {name for layers in (stated or {}).values() for layer in layers for name in layer.array_names}
    records = read_blob(
        io.BytesIO(blob),
        str(path),
        wanted=lambda name: name in named or network_of_array(name) is not None,
        limits=limits,
    )
    for record in records:
        if record.array is not None:
            arrays[record.name] = record.array
    layers = stated or layers_from_arrays(arrays, tables.latent_dim, tables.state_dim)
    return build_networks(arrays, layers, notes)


def _write_file(path: Path, data: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def flush_folder(folder: Path) -> None:
    """Flush the entries of a folder to the disk, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
