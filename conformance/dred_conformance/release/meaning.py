"""What of a case decides verdicts, and one digest over all of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dred_conformance.vectors.canonical import compact_json
from dred_conformance.vectors.errors import VectorError
from dred_conformance.vectors.manifest import Manifest, file_digest, read_manifest
from dred_conformance.vectors.strict_json import read_json

__all__ = ["Contents", "Figures", "judged", "model_digests", "read_contents"]

_WHERE_AN_ARRAY_LIES = ("file", "offset")


@dataclass(frozen=True)
class Figures:
    """The size of a release, and two digests.

    Attributes
    ----------
    cases, groups, models
        How many there are.
    meaning
        SHA-256 over what decides verdicts: inputs, expectations, models. Comments, clauses, flags and kills
        do not count.
    files
        SHA-256 over names and hashes of all files of the manifest.
    """

    cases: int
    groups: int
    models: int
    meaning: str
    files: str


@dataclass(frozen=True)
class Contents:
    """The cases of a folder as JSON, by group and id, in their order.

    Attributes
    ----------
    manifest
        The manifest.
    descriptions
        What each group is about.
    groups
        For each group its cases by id.
    """

    manifest: Manifest
    descriptions: Mapping[str, str]
    groups: Mapping[str, Mapping[str, Mapping[str, Any]]]

    def figures(self) -> Figures:
        """Return size and digests."""
        meaning = hashlib.sha256()
        for case in sorted((case for cases in self.groups.values() for case in cases.values()), key=_id):
            meaning.update(compact_json({"id": case["id"], **judged(case)}).encode() + b"\n")
        meaning.update(compact_json(model_digests(self.manifest)).encode())
        files = {name: entry["sha256"] for name, entry in self.manifest.files.items()}
        return Figures(
            cases=sum(map(len, self.groups.values())),
            groups=len(self.groups),
            models=len(self.manifest.models),
            meaning=meaning.hexdigest(),
            files=hashlib.sha256(compact_json(files).encode()).hexdigest(),
        )


def _id(case: Mapping[str, Any]) -> str:
    return str(case["id"])


def judged(case: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of a case that decide its verdict; of an array its values, not where it lies."""
    return {
        "input": case["input"],
        "result": case["result"],
        "expected": _without_places(case.get("expected")),
        "error": case.get("error"),
        "strength": case.get("strength", "must"),
    }


def _without_places(expected: Any) -> Any:
    if not isinstance(expected, Mapping):
        return expected
    return {
        name: {part: what for part, what in value.items() if part not in _WHERE_AN_ARRAY_LIES}
        if isinstance(value, Mapping) and "file" in value
        else value
        for name, value in expected.items()
    }


def model_digests(manifest: Manifest) -> dict[str, list[str | None]]:
    """Return what identifies each model."""
    return {
        name: [entry["tables_sha256"], entry["weights_sha256"]] for name, entry in manifest.models.items()
    }


def read_contents(folder: Path) -> Contents:
    """Read all cases of a folder whose files are those of its manifest.

    Raises
    ------
    VectorError
        A file is missing, changed, or no group of cases.
    """
    manifest = read_manifest(folder)
    for name, entry in manifest.files.items():
        if file_digest(folder / name) != entry["sha256"]:
            raise VectorError(f"{name}: its SHA-256 is not the manifest's; 'dred vectors verify' says more")
    groups: dict[str, dict[str, Any]] = {}
    descriptions = {}
    for name in manifest.group_names:
        data = read_json(folder / name)
        try:
            groups[data["group"]] = {case["id"]: case for case in data["cases"]}
            descriptions[data["group"]] = str(data["description"])
            for case in data["cases"]:
                judged(case)
        except (KeyError, TypeError, AttributeError) as error:
            raise VectorError(f"{name}: is no group of vectors; 'dred vectors verify' says more") from error
    return Contents(manifest, descriptions, groups)
