"""Verifies a folder of vectors against its manifest, file by file and case by case."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dred_conformance.clauses.registry import load_registry
from dred_conformance.mutants.catalogue import load_mutants
from dred_conformance.protocol.operations import STAGES
from dred_conformance.vectors.errors import Problem, VectorError
from dred_conformance.vectors.group_checks import Known, group_problems
from dred_conformance.vectors.manifest import (
    MANIFEST_NAME,
    TEXT_NAMES,
    Manifest,
    file_digest,
    manifest_text,
    read_manifest,
)
from dred_conformance.vectors.schemas import SCHEMAS, schema_bytes
from dred_conformance.vectors.strict_json import read_bytes, read_json
from dred_model import ModelError, load_model

__all__ = ["vector_problems"]


def vector_problems(folder: Path) -> Iterator[Problem]:
    """Yield every problem of a folder of vectors.

    Raises
    ------
    VectorError
        It has no manifest that can be read.
    """
    manifest = read_manifest(folder)
    if read_bytes(folder / MANIFEST_NAME) != manifest_text(manifest).encode():
        yield Problem(MANIFEST_NAME, "is not in canonical form; run 'dred vectors fmt'")
    yield from _unlisted(folder, manifest)
    intact = set()
    for name in manifest.files:
        problem = _file_problem(folder, name, manifest.files[name])
        if problem is None:
            intact.add(name)
        else:
            yield Problem(name, problem)
    yield from _schema_problems(folder, manifest)
    yield from _model_problems(folder, manifest, intact)
    try:
        known = _known(folder, manifest)
    except VectorError as error:
        yield Problem("flags.json", str(error))
        return
    seen: set[str] = set()
    for name in manifest.group_names:
        if name in intact:
            yield from group_problems(folder / name, name, manifest.files[name]["cases"], known, seen)


def _unlisted(folder: Path, manifest: Manifest) -> Iterator[Problem]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            yield Problem(name, "is a symbolic link; vectors are plain files")
        elif path.is_file() and name not in manifest.files:
            if name != MANIFEST_NAME and path.name not in TEXT_NAMES:
                yield Problem(name, "is not in the manifest; if it belongs there, run 'dred vectors fmt'")
        elif not path.is_file() and not path.is_dir():
            yield Problem(name, "is neither a file nor a folder")


def _file_problem(folder: Path, name: str, entry: dict[str, Any]) -> str | None:
    path = folder / name
    if path.is_symlink() or not path.is_file():
        return "is missing; fetch the vectors again"
    size = path.stat().st_size
    if size != entry["bytes"]:
        return f"has {size} bytes, the manifest says {entry['bytes']}; the file was changed or damaged"
    try:
        if file_digest(path) != entry["sha256"]:
            return "its SHA-256 is not the manifest's; the file was changed or damaged"
    except VectorError as error:
        return str(error)
    is_group = name.split("/", maxsplit=1)[0] in STAGES and name.endswith(".json")
    if is_group != ("cases" in entry):
        return "the manifest must say how many cases a group has, and only of a group"
    return None


def _schema_problems(folder: Path, manifest: Manifest) -> Iterator[Problem]:
    for name in (*(f"schema/{schema}" for schema in SCHEMAS), "flags.json"):
        if name not in manifest.files and not (folder / name).exists():
            yield Problem(name, "is missing; fetch the vectors again")
    for schema in SCHEMAS:
        path = folder / "schema" / schema
        if path.is_file() and read_bytes(path) != schema_bytes(schema):
            yield Problem(
                f"schema/{schema}",
                "is not the schema that came with this dred, by which everything here was checked; "
                "it was changed, or another version of dred made these vectors",
            )


def _model_problems(folder: Path, manifest: Manifest, intact: set[str]) -> Iterator[Problem]:
    published = {entry["published"]: name for name, entry in manifest.models.items() if entry["published"]}
    for name in manifest.files:
        if name.startswith("models/") and name.endswith("/model.json") and name not in published:
            yield Problem(name, "the manifest has no model of this file")
    for name, model in published.items():
        if name != f"models/{model}/model.json" or name not in manifest.files:
            yield Problem(MANIFEST_NAME, f"the model '{ascii(model)[1:-1]}' is not in models/NAME/model.json")
            continue
        if name not in intact:
            continue
        try:
            bundle = load_model((folder / name).parent)
        except ModelError as error:
            yield Problem(name, str(error))
            continue
        stated = manifest.models[model]
        if (bundle.name, bundle.tables_sha256) != (model, stated["tables_sha256"]):
            yield Problem(name, "its name or tables_sha256 is not the manifest's")
        weights = manifest.files.get(f"models/{model}/weights.bin", {}).get("sha256")
        if weights != stated["weights_sha256"]:
            yield Problem(name, "the SHA-256 of its weights is not the manifest's")


def _known(folder: Path, manifest: Manifest) -> Known:
    registry = load_registry()
    flags = read_json(folder / "flags.json")
    if not isinstance(flags, dict) or not all(isinstance(text, str) for text in flags.values()):
        raise VectorError("is no object of flags with their explanations")
    return Known(
        frozenset(registry.clauses),
        frozenset(registry.rules),
        frozenset(flags),
        frozenset(manifest.models),
        frozenset(mutant.id for mutant in load_mutants()),
    )
