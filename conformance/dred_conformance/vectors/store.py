"""Reads and verifies a folder of vectors: schemas, manifest, hashes, ids."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema

from dred_conformance.protocol.operations import OPERATIONS
from dred_conformance.protocol.validation import request_problem
from dred_conformance.vectors.canonical import canonical_json, case_id
from dred_conformance.vectors.case import Case, Group

__all__ = ["Manifest", "VectorError", "VectorStore", "check_group", "file_digest", "read_group"]

MANIFEST_NAME = "manifest.json"


class VectorError(Exception):
    """A vector file is missing, damaged or not in its published form."""


@dataclass(frozen=True)
class Manifest:
    """What the folder must hold: files with SHA-256, models by name, and where all of it came from."""

    version: str
    provenance: dict[str, Any]
    models: dict[str, dict[str, Any]]
    files: dict[str, dict[str, Any]]


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise VectorError(f"{path}: cannot be read ({error.strerror}); is this a vector folder?") from error
    except ValueError as error:
        raise VectorError(f"{path}: is no JSON ({error}); fetch the vectors again") from error


def _check_schema(path: Path, data: object, schema: dict[str, Any]) -> None:
    errors = jsonschema.Draft202012Validator(schema).iter_errors(data)
    worst = jsonschema.exceptions.best_match(errors)
    if worst is not None:
        where = "/".join(str(part) for part in worst.absolute_path)
        raise VectorError(f"{path}: {where}: {worst.message[:300]}")


def read_group(path: Path) -> Group:
    """Read one group file whose digest vouches for its form."""
    data = _read_json(path)
    cases = tuple(Case.from_json(data["stage"], entry, path.parent) for entry in data["cases"])
    return Group(data["group"], data["stage"], data["description"], cases)


def check_group(path: Path, schema: dict[str, Any]) -> None:
    """Check one group file against the schema, the protocol, its own ids and the canonical form.

    Raises
    ------
    VectorError
        If the file does not fit.
    """
    data = _read_json(path)
    _check_schema(path, data, schema)
    seen: set[str] = set()
    for entry in data["cases"]:
        case_input = entry["input"]
        if entry["id"] != case_id(data["group"], case_input) or entry["id"] in seen:
            raise VectorError(f"{path}: {entry['id']}: the id is not the tool's; run 'dred vectors fmt'")
        seen.add(entry["id"])
        operation = OPERATIONS.get(case_input["op"])
        if operation is None or operation.stage != data["stage"]:
            raise VectorError(f"{path}: {entry['id']}: operation {case_input['op']!r} is not of this stage")
        problem = request_problem(case_input)
        if problem is not None:
            raise VectorError(f"{path}: {entry['id']}: {problem}")
    if path.read_text(encoding="utf-8") != canonical_json(data):
        raise VectorError(f"{path}: is not in canonical form; run 'dred vectors fmt'")


class VectorStore:
    """A folder of vectors.

    Parameters
    ----------
    folder
        The folder that holds ``manifest.json``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        schema_folder = folder / "schema"
        self._group_schema = _read_json(schema_folder / "group-1.schema.json")
        data = _read_json(folder / MANIFEST_NAME)
        _check_schema(folder / MANIFEST_NAME, data, _read_json(schema_folder / "manifest-1.schema.json"))
        self.manifest = Manifest(data["version"], data["provenance"], data["models"], data["files"])

    def group_paths(self) -> list[Path]:
        """Return the group files in the manifest's order."""
        return [self.folder / name for name, entry in self.manifest.files.items() if "cases" in entry]

    def groups(self) -> Iterator[Group]:
        """Read every group after comparing its SHA-256 with the manifest.

        Raises
        ------
        VectorError
            If a file is missing or changed.
        """
        for path in self.group_paths():
            self._check_digest(path)
            arrays = path.with_suffix(".bin")
            if arrays.relative_to(self.folder).as_posix() in self.manifest.files:
                self._check_digest(arrays)
            yield read_group(path)

    def _check_digest(self, path: Path) -> None:
        name = path.relative_to(self.folder).as_posix()
        if not path.is_file():
            raise VectorError(f"{name}: is missing; fetch the vectors again")
        if file_digest(path) != self.manifest.files[name]["sha256"]:
            raise VectorError(f"{name}: its SHA-256 is not the manifest's; the file was changed or damaged")

    def verify(self) -> list[str]:
        """Return every problem of the folder: hashes, schemas, canonical form, files not in the manifest."""
        problems = []
        for name in self.manifest.files:
            path = self.folder / name
            try:
                self._check_digest(path)
                if "cases" in self.manifest.files[name]:
                    check_group(path, self._group_schema)
            except VectorError as error:
                problems.append(str(error))
        listed = {self.folder / name for name in self.manifest.files}
        for path in sorted([*self.folder.rglob("*.json"), *self.folder.rglob("*.bin")]):
            is_unlisted = path not in listed and path.name != MANIFEST_NAME
            if is_unlisted and path.parent.name != "schema" and path.name != "flags.json":
                problems.append(f"{path.relative_to(self.folder).as_posix()}: is not in the manifest")
        return problems
