"""
Import of a model.

Looks at what lies at a path, reads it with the reader for that source, joins and checks the parts, and
names the model. Nothing is written: what is returned is complete and checked, or there is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from . import bundled, official, synthetic
from .architecture import CODEC_NETWORKS
from .assembly import build_networks
from .bundle import ModelBundle, check_name
from .errors import ModelError
from .folder import MODEL_FILE, is_model_folder, load_model
from .limits import DEFAULT_LIMITS, Limits
from .plain_files import plain_size
from .sources import (
    SOURCES,
    RawModel,
    read_archive,
    read_blob_file,
    read_npz_folder,
    read_source_folder,
)
from .table_files import STATS, STATS_JSON

UNNAMED = "unnamed"
KINDS = (
    f"a model folder ({MODEL_FILE}), the archive opus_data-<sha256>.tar.gz, a folder of its C sources, "
    f"a folder of .npz arrays, or a DNNw blob with {STATS_JSON} beside it"
)


def import_model(
    path: Path,
    *,
    name: str | None = None,
    tables: Path | None = None,
    experimental_version: int = official.EXPERIMENTAL_VERSION,
    limits: Limits = DEFAULT_LIMITS,
) -> ModelBundle:
    """
    Read a model from whatever form it has.

    Parameters
    ----------
    path : Path
        A model folder, a ``.tar.gz`` archive, a folder of C sources or ``.npz`` arrays, or a DNNw blob.
    name : str, optional
        What to call it. The official model is recognised by its hash; else the name of the file is taken if
        it can be one.
    tables : Path, optional
        Quantiser tables for a blob.
    experimental_version : int
        The version byte; the sources do not hold it. A model folder does, and keeps its own.
    limits : Limits
        What reading it may cost.

    Returns
    -------
    bundle : ModelBundle
        Checked and named.

    Raises
    ------
    ModelError
        What is wrong, see `errors.RULES`.
    """
    path = Path(path).resolve()  # what the user names may be a link; what lies inside may not
    tables = None if tables is None else Path(tables).resolve()
    if name is not None:
        check_name(name)
    if tables is not None and path.is_dir():
        raise ModelError("M7", "tables can only be given for a DNNw blob", subject=str(path))
    try:
        if path.is_dir() and is_model_folder(path):
            bundle = load_model(path, limits=limits)
            bundle = bundle if name is None else bundle.renamed(name)
        else:
            raw = _reader(path, tables)(limits)
            bundle = _join(raw, name, _file_stem(path), experimental_version)
    except OSError as error:
        raise ModelError("M1", f"cannot be read: {error.strerror or error}", subject=str(path)) from error
    check_reserved(bundle)
    return bundle


def _reader(path: Path, tables: Path | None) -> Callable[[Limits], RawModel]:
    if path.is_dir():
        if any((folder / f"{STATS}_data.c").exists() for folder in (path, path / "dnn")):
            return lambda limits: read_source_folder(path, limits)
        if (path / f"{STATS}.npz").exists() or (path / STATS_JSON).exists():
            return lambda limits: read_npz_folder(path, limits)
        if any((folder / base).exists() for folder in (path, path / "dnn") for base in SOURCES):
            raise ModelError("M4", "the quantiser tables are missing", subject=str(path / f"{STATS}_data.c"))
        raise ModelError("M4", "no model in this folder", subject=str(path), advice=f"Expected: {KINDS}.")
    plain_size(path)
    with path.open("rb") as stream:
        magic = stream.read(4)
    if magic == b"DNNw":
        return lambda limits: read_blob_file(path, tables, limits)
    if tables is not None:
        raise ModelError("M7", "tables can only be given for a DNNw blob", subject=str(path))
    if magic[:2] == b"\x1f\x8b":
        return lambda limits: read_archive(path, limits)
    raise ModelError(
        "M7", "not a form of model that is known", subject=str(path), advice=f"Expected: {KINDS}."
    )


def _join(raw: RawModel, name: str | None, stem: str, experimental_version: int) -> ModelBundle:
    networks = build_networks(raw.arrays, raw.layers, raw.notes)
    missing = [network for network in CODEC_NETWORKS if network not in networks]
    if missing:
        raw.notes.append(f"without the networks {', '.join(missing)}")
    bundle = ModelBundle(UNNAMED, experimental_version, raw.tables, networks, raw.source, tuple(raw.notes))
    if raw.archive_sha256 == official.ARCHIVE_SHA256 and not official.is_official(bundle):
        raise ModelError(
            "M6",
            f"this is the official archive, yet its content gives {bundle.model_sha256} "
            f"and not {official.MODEL_SHA256}",
            subject=raw.source,
            advice="This is a defect of the importer; please report it.",
        )
    if name is None:
        name = official.NAME if official.is_official(bundle) else derived_name(stem)
    return replace(bundle, name=name)


def derived_name(stem: str) -> str:
    """
    Make a model name out of a file name.

    Raises
    ------
    ModelError
        M7 when that is not possible; the advice asks for a name.
    """
    name = re.sub(r"[^a-z0-9._-]+", "-", stem.lower()).strip("._-")[:64].rstrip("._-")
    if not name or name.startswith(("libopus", "synthetic", "bundled", "opus_data")):
        raise ModelError(
            "M7",
            "this is not the official model, and its file name gives no name for it",
            subject=stem,
            advice="Give it a name with --name.",
        )
    return name


def check_reserved(bundle: ModelBundle) -> None:
    """
    Make sure that reserved names are only borne by the models they belong to.

    Raises
    ------
    ModelError
        M6.
    """
    official.check_official_name(bundle)
    bundled.check_bundled_name(bundle)
    if synthetic.is_synthetic_name(bundle.name):
        expected = synthetic.named_synthetic_model(bundle.name)
        if expected.model_sha256 != bundle.model_sha256:
            raise ModelError(
                "M6",
                f"its hash is {bundle.model_sha256}, that of {bundle.name} is {expected.model_sha256}",
                subject=bundle.source,
                advice="Names that begin with synthetic- belong to generated models; use another (--name).",
            )


def _file_stem(path: Path) -> str:
    name = path.name
    for suffix in (".tar.gz", ".tgz", ".bin", ".dnnw", ".blob"):
        name = name.removesuffix(suffix)
    return name
