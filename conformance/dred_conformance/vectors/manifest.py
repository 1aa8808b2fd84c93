"""The manifest: every file of the vectors with its SHA-256, the models, and where all of it came from."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dred_conformance.protocol.operations import STAGES
from dred_conformance.vectors.canonical import canonical_json
from dred_conformance.vectors.errors import VectorError
from dred_conformance.vectors.schemas import MANIFEST_SCHEMA, schema_problem
from dred_conformance.vectors.strict_json import parse_json, read_bytes, read_json

__all__ = [
    "MANIFEST_NAME",
    "TEXT_NAMES",
    "Manifest",
    "content_entry",
    "data_files",
    "file_digest",
    "file_table",
    "is_safe_name",
    "manifest_text",
    "read_manifest",
]

MANIFEST_NAME = "manifest.json"
# What a release has beside the files of the manifest; SHA256SUMS covers them.
TEXT_NAMES = frozenset({"README.md", "CHANGELOG.md", "LICENSE", "SHA256SUMS"})
_DATA_SUFFIXES = (".json", ".bin")
_FOLDERS = (*STAGES, "models", "schema")
_LONGEST_NAME = 200
_SAFE_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Manifest:
    """What the folder must hold: files with SHA-256, models by name, and where all of it came from."""

    version: str
    provenance: dict[str, Any]
    models: dict[str, dict[str, Any]]
    files: dict[str, dict[str, Any]]

    @property
    def group_names(self) -> list[str]:
        """The names of the files that hold cases."""
        return [name for name, entry in self.files.items() if "cases" in entry]


def is_safe_name(name: str) -> bool:
    """Return whether a file name stays inside its folder on every system: plain parts between slashes."""
    return len(name) <= _LONGEST_NAME and all(_SAFE_PART.fullmatch(part) for part in name.split("/"))


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    return hashlib.sha256(read_bytes(path)).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a folder of vectors.

    Raises
    ------
    VectorError
        There is none, it does not fit the schema, or a name leads out of the folder.
    """
    path = folder / MANIFEST_NAME
    data = read_json(path)
    problem = schema_problem(MANIFEST_SCHEMA, data)
    if problem is not None:
        where = "/".join(str(part) for part in problem[0])
        raise VectorError(f"{path}: {where}: {problem[1]}")
    outside = next((name for name in data["files"] if not is_safe_name(name)), None)
    if outside is not None:
        raise VectorError(
            f"{path}: the file name {ascii(outside)[:100]} is not a plain one inside the folder"
        )
    return Manifest(data["version"], data["provenance"], data["models"], data["files"])


def manifest_text(manifest: Manifest) -> str:
    """Return the manifest as its file has it."""
    return canonical_json(
        {
            "format": "dred-vector-manifest/1",
            "version": manifest.version,
            "provenance": manifest.provenance,
            "models": manifest.models,
            "files": manifest.files,
        }
    )


def data_files(folder: Path) -> Iterator[Path]:
    """Yield the files that a manifest lists, in its order: by stage, then models, schemas and flags."""
    for name in _FOLDERS:
        for path in sorted((folder / name).rglob("*")):
            if path.suffix in _DATA_SUFFIXES and path.is_file():
                yield path
    if (folder / "flags.json").is_file():
        yield folder / "flags.json"


def file_table(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what the manifest says about every data file of a folder: SHA-256, size, number of cases."""
    return {path.relative_to(folder).as_posix(): _entry(path) for path in data_files(folder)}


def content_entry(data: bytes) -> dict[str, Any]:
    """Return what the manifest says about the content of a file: SHA-256 and size."""
    return {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def _entry(path: Path) -> dict[str, Any]:
    data = read_bytes(path)
    entry = content_entry(data)
    if path.parent.name in STAGES and path.suffix == ".json":
        group = parse_json(data, str(path))
        if not isinstance(group, Mapping) or not isinstance(group.get("cases"), list):
            raise VectorError(f"{path}: is no group of vectors; it has no list of cases")
        entry["cases"] = len(group["cases"])
    return entry
