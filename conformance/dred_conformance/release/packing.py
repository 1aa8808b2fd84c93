"""Packs a folder of vectors into one file, the same bytes from the same vectors on every machine."""

import io
import zipfile
from pathlib import Path

from dred_conformance.release.errors import ReleaseError
from dred_conformance.release.sums import SUMS_NAME, sums_text
from dred_conformance.vectors.manifest import MANIFEST_NAME, TEXT_NAMES, read_manifest
from dred_conformance.vectors.strict_json import read_bytes

__all__ = ["packed", "release_name"]

# The oldest time that the format knows, and what a plain file of a Unix system has.
_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_PLAIN_FILE = 0o100644 << 16


def release_name(version: str) -> str:
    """Return the name of a release, of its folder and, with ``.zip``, of its file."""
    return f"opus-dred-vectors-{version}"


def packed(folder: Path) -> bytes:
    """Return the release of a folder of vectors.

    The files are stored, not compressed: what a compressor makes differs between its versions.

    Raises
    ------
    ReleaseError
        A text that belongs to a release is missing.
    VectorError
        A file cannot be read.
    """
    manifest = read_manifest(folder)
    names = {MANIFEST_NAME, *manifest.files}
    names |= {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.name in TEXT_NAMES - {SUMS_NAME} and path.is_file() and not path.is_symlink()
    }
    missing = sorted(TEXT_NAMES - {SUMS_NAME} - names)
    if missing:
        raise ReleaseError(f"{folder}: {', '.join(missing)} missing; a release has them beside the vectors")
    files = {name: read_bytes(folder / name) for name in sorted(names)}
    files[SUMS_NAME] = sums_text(files).encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{release_name(manifest.version)}/{name}", _TIME)
            entry.create_system = _UNIX
            entry.external_attr = _PLAIN_FILE
            archive.writestr(entry, files[name])
    return stream.getvalue()
