"""
A tar archive as a stream of members.

Members are met one after the other, in bounded memory, and nothing is ever written to the disk, so no
archive can place a file anywhere. Still everything that only an attacker or an accident puts into a model
archive is refused: absolute paths, ``..``, links, devices, names that occur twice, headers that do not add
up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .errors import ModelError
from .gzip_stream import CHUNK, Expander
from .limits import Limits, check_limit

RECORD = 512
EXTENSION_BYTES = 1 << 16  # pax and GNU long-name records; real ones are a few hundred bytes
REGULAR = (b"0", b"\0")
DIRECTORY, PAX, PAX_GLOBAL, LONG_NAME = b"5", b"x", b"g", b"L"
SPECIAL = {
    b"1": "hard link",
    b"2": "symbolic link",
    b"3": "device",
    b"4": "device",
    b"6": "pipe",
    b"K": "link",
}
DRIVE = re.compile(r"[A-Za-z]:")


@dataclass
class Member:
    """A regular file of the archive; `read` it before asking for the next one."""

    path: str
    size: int
    _archive: Expander
    _left: int

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes, none at the end of the member."""
        data = self._archive.exactly(min(size, self._left, CHUNK))
        self._left -= len(data)
        return data

    def finish(self) -> None:
        """Skip what was not read, and the fill up to the next record."""
        self._archive.skip(self._left + -self.size % RECORD)
        self._left = 0


def members(archive: Expander, subject: str, limits: Limits) -> Iterator[Member]:
    """
    Iterate over the regular files of a tar archive, to its very end.

    Parameters
    ----------
    archive : Expander
        The expanded stream.
    subject : str
        The name of the archive, for errors.
    limits : Limits
        Bounds for the number of members.

    Yields
    ------
    member : Member
        Checked path, size, content.

    Raises
    ------
    ModelError
        M1, M2, M3 or M7.
    """
    seen: set[str] = set()
    overrides: dict[str, str] = {}
    count = 0
    while True:
        position = archive.position
        header = archive.exactly(RECORD)
        if not any(header):
            break
        count += 1
        check_limit(count, limits.members, "the number of members", subject)
        kind, size, path = _parse_header(header, subject, position)
        if kind in (PAX, PAX_GLOBAL, LONG_NAME):
            check_limit(size, EXTENSION_BYTES, "an extended header", subject)
            data = archive.exactly(size)
            archive.skip(-size % RECORD)
            if kind != PAX_GLOBAL:
                overrides |= {"path": _text(data.rstrip(b"\0"))} if kind == LONG_NAME else _pax(data, subject)
            continue
        path = safe_path(overrides.pop("path", path), subject)
        size = _number(overrides.pop("size", str(size)), subject)
        linked = overrides.pop("linkpath", None)
        if kind in SPECIAL or linked is not None:
            what = SPECIAL.get(kind, "link")
            raise ModelError("M3", f"the archive holds a {what}", subject=f"{subject}: {path}")
        if kind == DIRECTORY:
            if size:
                raise ModelError("M7", "a directory with content", subject=f"{subject}: {path}")
            continue
        if kind not in REGULAR:
            raise ModelError("M3", f"a member of unknown type {kind!r}", subject=f"{subject}: {path}")
        if path in seen:
            raise ModelError("M3", "the archive holds this path twice", subject=f"{subject}: {path}")
        seen.add(path)
        member = Member(path, size, archive, size)
        yield member
        member.finish()
    while piece := archive.read(CHUNK):  # to the end, so that the checksum of the gzip data is seen
        if any(piece):
            raise ModelError(
                "M7", "data after the end of the archive", subject=subject, position=archive.position
            )


def safe_path(path: str, subject: str) -> str:
    """
    Return a member path in normal form.

    Raises
    ------
    ModelError
        M3 when it is absolute, leaves the archive, or holds what no file system should see.
    """
    shown = f"{subject}: {path[:200]!r}"
    if path.startswith("/") or "\\" in path or DRIVE.match(path):
        raise ModelError("M3", "an absolute or foreign path", subject=shown)
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise ModelError("M3", "the path leads out of the archive", subject=shown)
    if not path.isprintable():
        raise ModelError("M3", "control characters in a path", subject=shown)
    return "/".join(parts) or "."


def _parse_header(header: bytes, subject: str, position: int) -> tuple[bytes, int, str]:
    stated = _octal(header[148:156])
    actual = sum(header) - sum(header[148:156]) + 8 * 0x20  # the checksum field counts as blanks
    size = _octal(header[124:136])
    if stated != actual or size is None:
        raise ModelError("M1", "damaged member header", subject=subject, position=position)
    path = _text(header[:100].split(b"\0")[0])
    if header[257:263] == b"ustar\0" and header[345]:
        path = _text(header[345:500].split(b"\0")[0]) + "/" + path
    return header[156:157], size, path


def _octal(field: bytes) -> int | None:
    digits = field.strip(b" \0")
    return int(digits, 8) if digits and not digits.strip(b"01234567") else None


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")


def _pax(data: bytes, subject: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    at = 0
    while at < len(data):
        length, blank, _ = data[at : at + 8].partition(b" ")
        if not blank or not length.isdigit() or not len(length) + 3 <= int(length) <= len(data) - at:
            raise ModelError("M7", "damaged extended header", subject=subject)
        key, equals, value = data[at + len(length) + 1 : at + int(length)].partition(b"=")
        if not equals or not value.endswith(b"\n"):
            raise ModelError("M7", "damaged extended header", subject=subject)
        if key in (b"path", b"size", b"linkpath"):
            fields[_text(key)] = _text(value[:-1])
        at += int(length)
    return fields


def _number(text: str, subject: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise ModelError("M7", f"member size {text[:20]!r}", subject=subject)
    return int(text)
