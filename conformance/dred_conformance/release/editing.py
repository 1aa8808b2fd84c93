"""Edits what a tool knows better than a person: figures of the changelog, version of the manifest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from dred_conformance.release.changelog import (
    CHANGELOG_NAME,
    Changelog,
    Entry,
    checked_date,
    read_changelog,
    wanted_figures,
)
from dred_conformance.release.errors import ReleaseError
from dred_conformance.release.meaning import Figures, read_contents
from dred_conformance.release.versions import Change, Version
from dred_conformance.vectors.manifest import MANIFEST_NAME, manifest_text, read_manifest

__all__ = ["Edited", "begin_entry", "date_entry", "with_figures"]


@dataclass(frozen=True)
class Edited:
    """The newest entry as it should be, and the texts of the files that have to be written, by name."""

    entry: Entry
    texts: Mapping[str, str]


def with_figures(folder: Path) -> Edited:
    """Put the figures of the vectors into the newest entry, and its version into the manifest.

    Raises
    ------
    ReleaseError
        That version is released and is not that of these vectors: what was published stays as it was.
    VectorError
        The vectors are not those of their manifest.
    """

    def refreshed(entry: Entry, figures: Figures) -> Entry:
        wanted = wanted_figures(figures, is_released=entry.date is not None)
        if entry.date is not None and wanted != entry.figures:
            raise ReleaseError(
                f"{CHANGELOG_NAME}: {entry.version} was released on {entry.date}, and these are other "
                f"vectors; 'dred vectors changelog --start {entry.version.after(Change.PATCH)}' begins the "
                "next entry ('dred vectors diff OLD NEW' says whether that is enough)"
            )
        return replace(entry, figures=wanted)

    return _edit(folder, lambda log, figures: log.with_newest(refreshed(log.entries[0], figures)))


def begin_entry(folder: Path, version: str) -> Edited:
    """Begin the entry of the next version.

    Raises
    ------
    ReleaseError
        It is no version, not above the last one, or that one is not released yet.
    VectorError
        The vectors are not those of their manifest.
    """
    wanted = Version.parse(version)
    if wanted is None:
        raise ReleaseError(f"{ascii(version)[:60]} is no version like 1.2.0")

    def begun(log: Changelog, figures: Figures) -> Changelog:
        newest = log.entries[0]
        if newest.date is None:
            raise ReleaseError(
                f"{CHANGELOG_NAME}: {newest.version} is not released yet; change its heading by hand if it "
                "should be another version"
            )
        if wanted <= newest.version:
            raise ReleaseError(f"{CHANGELOG_NAME}: there is {newest.version} already; take a higher version")
        entry = Entry(wanted, None, wanted_figures(figures, is_released=False), "")
        return Changelog(log.preamble, (entry, *log.entries))

    return _edit(folder, begun)


def date_entry(folder: Path, date: str) -> Edited:
    """Give the newest entry its date: from now on not a byte of its vectors may change.

    Raises
    ------
    ReleaseError
        There is no such day, it is dated already, or it does not say what changed.
    VectorError
        The vectors are not those of their manifest.
    """
    day = checked_date(date)

    def dated(log: Changelog, figures: Figures) -> Changelog:
        newest = log.entries[0]
        if newest.date is not None:
            raise ReleaseError(f"{CHANGELOG_NAME}: {newest.version} was released on {newest.date}")
        if not newest.text:
            raise ReleaseError(f"{CHANGELOG_NAME}: say in the entry {newest.version} what changed")
        rows = wanted_figures(figures, is_released=True)
        return log.with_newest(replace(newest, date=day, figures=rows))

    return _edit(folder, dated)


def _edit(folder: Path, change: Callable[[Changelog, Figures], Changelog]) -> Edited:
    log = change(read_changelog(folder), read_contents(folder).figures())
    texts = {CHANGELOG_NAME: log.render()}
    version = str(log.entries[0].version)
    manifest = read_manifest(folder)
    if version != manifest.version:
        texts[MANIFEST_NAME] = manifest_text(replace(manifest, version=version))
    changed = {
        name: text for name, text in texts.items() if (folder / name).read_text(encoding="utf-8") != text
    }
    return Edited(log.entries[0], changed)
