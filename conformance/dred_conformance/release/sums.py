"""``SHA256SUMS``: every file of a release with its hash, as ``sha256sum -c`` reads it."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from dred_conformance.vectors.errors import Problem, VectorError
from dred_conformance.vectors.strict_json import read_bytes

__all__ = ["SUMS_NAME", "sums_problems", "sums_text"]

SUMS_NAME = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64})  ([^\n]+)")


def sums_text(files: Mapping[str, bytes]) -> str:
    """Return the file's text for the contents of a release, by name."""
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))


def sums_problems(folder: Path) -> Iterator[Problem]:
    """Yield what differs between ``SHA256SUMS`` and the folder it lies in."""
    try:
        lines = read_bytes(folder / SUMS_NAME).decode("utf-8", "replace").splitlines()
        stated = {match[2]: match[1] for line in lines if (match := _LINE.fullmatch(line))}
        if len(stated) != len(lines):
            yield Problem(SUMS_NAME, "a line is not a SHA-256, two spaces and a name, or a name comes twice")
        found = {
            path.relative_to(folder).as_posix(): hashlib.sha256(read_bytes(path)).hexdigest()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path != folder / SUMS_NAME
        }
    except VectorError as error:
        yield Problem(SUMS_NAME, str(error))
        return
    for name in sorted(found.keys() | stated.keys()):
        if name not in stated:
            yield Problem(name, f"is not in {SUMS_NAME}")
        elif name not in found:
            yield Problem(ascii(name)[1:-1], f"is in {SUMS_NAME}, but missing; fetch the vectors again")
        elif found[name] != stated[name]:
            yield Problem(name, f"its SHA-256 is not that of {SUMS_NAME}; the file was changed or damaged")
