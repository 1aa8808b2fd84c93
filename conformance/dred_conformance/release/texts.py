"""The texts of a release, which people write and no generator touches."""

import shutil
from pathlib import Path

from dred_conformance.release.sums import SUMS_NAME
from dred_conformance.vectors.manifest import TEXT_NAMES

__all__ = ["add_missing_texts"]


def add_missing_texts(source: Path, folder: Path) -> list[str]:
    """Copy the texts that ``folder`` lacks from another folder of vectors, and return their names."""
    added = []
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source)
        target = folder / name
        if path.name in TEXT_NAMES - {SUMS_NAME} and target.parent.is_dir() and not target.exists():
            shutil.copyfile(path, target)
            added.append(name.as_posix())
    return added
