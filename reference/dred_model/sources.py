"""
Where a model can come from.

The official archive, a folder of its C sources, a folder of ``.npz`` arrays, a DNNw blob with tables beside
it. Each reader gives the same thing: tables, arrays, layers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from .architecture import NETWORK_FILES
from .assembly import layers_from_arrays, network_of_array
from .c_source import SourceModel, read_source
from .dnnw import read_blob
from .errors import ModelError
from .gzip_stream import Expander
from .limits import Limits, check_limit
from .network import Array, Layer
from .npz import read_npz
from .plain_files import plain_size
from .table_files import NETWORK_OF_FILE, STATS, read_layer_table, read_tables
from .tables import TABLE_NAMES, ModelTables, tables_from_flat
from .tar_stream import members

SOURCES = frozenset(
    f"{stem}{suffix}"
    for stem in (*NETWORK_FILES.values(), STATS, "dred_rdovae")
    for suffix in ("_data.c", "_data.h", "_constants.h")
)


@dataclass
class RawModel:
    """What a source holds, before it is joined and checked."""

    tables: ModelTables
    arrays: dict[str, Array]
    layers: dict[str, tuple[Layer, ...]]
    source: str
    notes: list[str] = field(default_factory=list)
    archive_sha256: str | None = None


def read_archive(path: Path, limits: Limits) -> RawModel:
    """Read a ``.tar.gz`` of C sources; other members are skipped without being held in memory."""
    model = SourceModel()
    seen: set[str] = set()
    with path.open("rb") as stream:
        archive = Expander(stream, path.name, limits)
        for member in members(archive, path.name, limits):
            *folders, base = member.path.split("/")
            if base not in SOURCES or (folders and folders[-1] != "dnn"):
                continue
            if base in seen:
                raise ModelError(
                    "M3", f"the archive holds {base} twice", subject=f"{path.name}: {member.path}"
                )
            seen.add(base)
            check_limit(member.size, limits.member_bytes, "the member", f"{path.name}: {member.path}")
            read_source(model, member, base, limits)
    raw = _from_sources(model, f"archive {path.name}")
    raw.archive_sha256 = archive.sha256
    return raw


def read_source_folder(folder: Path, limits: Limits) -> RawModel:
    """Read a folder of C sources, or the folder above its ``dnn``."""
    inner = folder / "dnn" if (folder / "dnn").is_dir() else folder
    model = SourceModel()
    for base in sorted(SOURCES):
        path = inner / base
        if not path.is_symlink() and not path.exists():
            continue
        check_limit(plain_size(path), limits.member_bytes, "the file size", str(path))
        with path.open("rb") as stream:
            read_source(model, stream, base, limits)
    return _from_sources(model, f"C sources in {folder.name}")


def _from_sources(model: SourceModel, source: str) -> RawModel:
    found = model.layers()
    arrays = dict(model.arrays)
    tables = tables_from_flat(arrays)
    for name in TABLE_NAMES:
        arrays.pop("dred_" + name, None)
    for key, dim in (("LATENT_DIM", tables.latent_dim), ("STATE_DIM", tables.state_dim)):
        for name in (key, "DRED_" + key):
            if name in model.defines and model.value(name, name) != dim:
                raise ModelError(
                    "M5", f"defined as {model.defines[name]}, the tables have {dim}", subject=name
                )
    layers = {NETWORK_OF_FILE[stem]: tuple(rows) for stem, rows in found.items() if stem in NETWORK_OF_FILE}
    for name in arrays:
        network = network_of_array(name)
        if network is not None and network not in layers:
            raise ModelError(
                "M4", f"{NETWORK_FILES[network]}_data.c has arrays but no layer calls", subject=name
            )
    return RawModel(tables, arrays, layers, source)


def read_npz_folder(folder: Path, limits: Limits) -> RawModel:
    """Read a folder with one ``.npz`` per network, the tables, and usually ``layers.json``."""
    arrays: dict[str, Array] = {}
    for stem in NETWORK_FILES.values():
        path = folder / f"{stem}.npz"
        if path.exists():
            for name, array in read_npz(path, limits).items():
                if name in arrays:
                    raise ModelError("M7", "the array occurs in two files", subject=f"{path}: {name}")
                arrays[name] = array
    tables = read_tables(folder, limits)
    if (folder / "layers.json").exists():
        layers = read_layer_table(folder / "layers.json", arrays, limits)
    else:
        layers = layers_from_arrays(arrays, tables.latent_dim, tables.state_dim)
    return RawModel(tables, arrays, layers, f"arrays in {folder.name}")


def read_blob_file(path: Path, tables: Path | None, limits: Limits) -> RawModel:
    """Read a DNNw blob; the tables come from `tables`, or lie beside the blob."""
    notes: list[str] = []
    arrays: dict[str, Array] = {}
    foreign = 0
    check_limit(plain_size(path), limits.blob_bytes, "the file size", str(path))
    with path.open("rb") as stream:
        wanted = lambda name: network_of_array(name) is not None  # noqa: E731  a predicate, used once
        for record in read_blob(stream, str(path), wanted=wanted, limits=limits):
            if record.array is None:
                foreign += 1
            else:
                arrays[record.name] = record.array
    if foreign:
        notes.append(f"{foreign} arrays of other networks were skipped")
    quantiser = read_tables(tables or path.parent, limits)
    layers = layers_from_arrays(arrays, quantiser.latent_dim, quantiser.state_dim)
    return RawModel(quantiser, arrays, layers, f"blob {path.name}", notes)
