"""The changelog of the vectors: each version has an entry, and the entry says which vectors it is about.

An entry is a heading with version and date (or ``not released``), a table of figures that the tool writes,
and what changed, in words that people write.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

from dred_conformance.release.errors import ReleaseError
from dred_conformance.release.meaning import Figures
from dred_conformance.release.versions import Change, Version
from dred_conformance.vectors.errors import Problem

__all__ = [
    "CHANGELOG_NAME",
    "Changelog",
    "Entry",
    "changelog_problems",
    "checked_date",
    "read_changelog",
    "wanted_figures",
]

CHANGELOG_NAME = "CHANGELOG.md"
NOT_RELEASED = "not released"
_LARGEST = 1 << 20
_HEADING = re.compile(r"## ([0-9.]+), (not released|\d{4}-\d\d-\d\d)")
_ROW = re.compile(r"\| (cases|groups|models|meaning|files) \| `?([0-9a-f]+)`? \|")
_TABLE_HEAD = ("| figure | value |", "|---|---|")


@dataclass(frozen=True)
class Entry:
    """One version of the vectors.

    Attributes
    ----------
    version, date
        The date is ``None`` as long as it is not released.
    figures
        The rows of its table.
    text
        What changed.
    """

    version: Version
    date: str | None
    figures: dict[str, str]
    text: str

    def render(self) -> str:
        """Return the entry as the file has it."""
        rows = [
            f"| {name} | {f'`{value}`' if name in ('meaning', 'files') else value} |"
            for name, value in self.figures.items()
        ]
        heading = f"## {self.version}, {self.date or NOT_RELEASED}"
        return "\n".join([heading, "", *_TABLE_HEAD, *rows, "", self.text, ""]).rstrip() + "\n"


@dataclass(frozen=True)
class Changelog:
    """The whole file: what stands before the first entry, and the entries, newest first."""

    preamble: str
    entries: tuple[Entry, ...]

    def render(self) -> str:
        """Return the text of the file."""
        return "\n".join([self.preamble.rstrip() + "\n", *(entry.render() for entry in self.entries)])

    def with_newest(self, entry: Entry) -> "Changelog":
        """Return it with another newest entry in place of the one it has."""
        return Changelog(self.preamble, (entry, *self.entries[1:]))


def read_changelog(folder: Path) -> Changelog:
    """Read the changelog of a folder of vectors.

    Raises
    ------
    ReleaseError
        There is none, or an entry is malformed.
    """
    path = folder / CHANGELOG_NAME
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseError(f"{CHANGELOG_NAME}: cannot be read ({error})") from error
    preamble, *parts = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    entries = tuple(_entry(part) for part in parts)
    if not entries:
        raise ReleaseError(f"{CHANGELOG_NAME}: has no entry; one starts with '## 0.1.0, {NOT_RELEASED}'")
    for newer, older in pairwise(entries):
        if newer.version <= older.version or older.date is None:
            raise ReleaseError(
                f"{CHANGELOG_NAME}: {older.version} stands below {newer.version}; the newest entry comes "
                f"first, and only it may be '{NOT_RELEASED}'"
            )
    return Changelog(preamble, entries)


def _entry(part: str) -> Entry:
    heading, *lines = part.splitlines()
    match = _HEADING.fullmatch(heading.rstrip())
    version = None if match is None else Version.parse(match[1])
    if match is None or version is None:
        raise ReleaseError(
            f"{CHANGELOG_NAME}: the heading {ascii(heading)[:80]} is none of an entry; "
            f"write '## 0.1.0, {NOT_RELEASED}' or '## 0.1.0, 2026-11-25'"
        )
    date = None if match[2] == NOT_RELEASED else checked_date(match[2])
    figures = {row[1]: row[2] for line in lines if (row := _ROW.fullmatch(line.rstrip()))}
    words = [line for line in lines if not _ROW.fullmatch(line.rstrip()) and line.rstrip() not in _TABLE_HEAD]
    return Entry(version, date, figures, "\n".join(words).strip())


def checked_date(text: str) -> str:
    """Return a date as given.

    Raises
    ------
    ReleaseError
        There is no such day.
    """
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise ReleaseError(f"'{text[:40]}' is no date like 2026-11-25") from error


def wanted_figures(figures: Figures, *, is_released: bool) -> dict[str, str]:
    """Return the rows of an entry: an entry that is not released says nothing about bytes."""
    rows = {name: str(value) for name, value in asdict(figures).items()}
    return rows if is_released else {name: value for name, value in rows.items() if name != "files"}


def changelog_problems(folder: Path, version: str, figures: Figures) -> Iterator[Problem]:
    """Yield what the changelog does not say, or says wrongly, about vectors of this version."""
    try:
        newest = read_changelog(folder).entries[0]
    except ReleaseError as error:
        yield Problem(CHANGELOG_NAME, str(error).removeprefix(f"{CHANGELOG_NAME}: "))
        return
    if str(newest.version) != version:
        yield Problem(
            CHANGELOG_NAME,
            f"the newest entry is {newest.version}, the manifest says {version!a}; "
            "'dred vectors changelog' writes the entry's version into the manifest",
        )
        return
    if not newest.text:
        yield Problem(
            CHANGELOG_NAME, f"the entry {version} does not say what changed; write it below the table"
        )
    wanted = wanted_figures(figures, is_released=newest.date is not None)
    differing = [name for name in wanted if newest.figures.get(name) != wanted[name]]
    if not differing:
        return
    found = ", ".join(
        f"{name} {newest.figures.get(name, '?')[:12]} -> {wanted[name][:12]}" for name in differing
    )
    if newest.date is None:
        advice = f"say in the entry {version} what changed, then run 'dred vectors changelog'"
    else:
        least = newest.version.after(Change.PATCH)
        advice = (
            f"{version} was released on {newest.date} and must stay as it was; 'dred vectors diff OLD NEW' "
            f"says which version this needs ({least} if only words changed), and "
            "'dred vectors changelog --start VERSION' begins its entry"
        )
    yield Problem(CHANGELOG_NAME, f"the vectors are not those of the entry {version} ({found}); {advice}")
