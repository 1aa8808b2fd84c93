"""Brings files of vectors into canonical form; of a whole folder, the manifest's hashes too."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from dred_conformance.protocol.operations import STAGES
from dred_conformance.vectors.canonical import canonical_json
from dred_conformance.vectors.errors import VectorError
from dred_conformance.vectors.identify import identified
from dred_conformance.vectors.manifest import MANIFEST_NAME, file_table, manifest_text, read_manifest
from dred_conformance.vectors.strict_json import read_json

__all__ = ["formatted", "formatted_folder"]


def formatted(path: Path) -> str:
    """Return the text of a group file in canonical form, with the tool's ids.

    Raises
    ------
    VectorError
        It is no group of cases.
    """
    data = read_json(path)
    try:
        if not isinstance(data["cases"], list):
            raise TypeError("its cases are no list")
        return canonical_json(identified(data))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise VectorError(f"{path}: is no group of vectors ({error!r:.100})") from error


def formatted_folder(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield every group file of a folder of vectors with its canonical text, and the manifest last.

    Raises
    ------
    VectorError
        There is no manifest, or a file is no group of cases.
    """
    manifest = read_manifest(folder)
    table = file_table(folder)
    for name in table:
        if name.split("/")[0] in STAGES and name.endswith(".json"):
            text = formatted(folder / name)
            data = text.encode()
            table[name] |= {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            yield folder / name, text
    yield folder / MANIFEST_NAME, manifest_text(replace(manifest, files=table))
