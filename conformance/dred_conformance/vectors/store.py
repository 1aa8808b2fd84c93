"""Reads the cases of a folder of vectors, after comparing every file with the manifest."""

from collections.abc import Iterator
from pathlib import Path

from dred_conformance.vectors.case import Case, Group
from dred_conformance.vectors.errors import VectorError
from dred_conformance.vectors.manifest import MANIFEST_NAME, Manifest, file_digest, read_manifest
from dred_conformance.vectors.strict_json import read_json

__all__ = ["MANIFEST_NAME", "Manifest", "VectorError", "VectorStore", "file_digest", "read_group"]


def read_group(path: Path) -> Group:
    """Read one group file whose digest vouches for its form.

    Raises
    ------
    VectorError
        It has another form all the same.
    """
    data = read_json(path)
    try:
        cases = tuple(Case.from_json(data["stage"], entry, path.parent) for entry in data["cases"])
        return Group(data["group"], data["stage"], data["description"], cases)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise VectorError(
            f"{path}: is no group of vectors ({error!r:.100}); 'dred vectors verify' says more"
        ) from error


class VectorStore:
    """A folder of vectors.

    Parameters
    ----------
    folder
        The folder that holds ``manifest.json``.
    origin
        What the user knows it by, where that is the file of a release.
    """

    def __init__(self, folder: Path, origin: Path | None = None) -> None:
        self.folder = folder
        self.origin = folder if origin is None else origin
        self.manifest = read_manifest(folder)

    def group_paths(self) -> list[Path]:
        """Return the group files in the manifest's order."""
        return [self.folder / name for name in self.manifest.group_names]

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
