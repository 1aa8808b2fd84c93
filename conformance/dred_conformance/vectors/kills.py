"""The members ``kills`` and ``purpose`` of published cases: carried over, written, compared."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dred_conformance.vectors.canonical import canonical_json, compact_json
from dred_conformance.vectors.manifest import MANIFEST_NAME, content_entry, manifest_text, read_manifest
from dred_conformance.vectors.purposes import purpose_of
from dred_conformance.vectors.store import VectorStore

__all__ = ["PublishedKills", "differing_kills", "kills_by_case", "rewrite_kills", "with_kills"]

_COMPUTED = ("kills", "purpose")


def with_kills(group: str, case: Mapping[str, Any], kills: Sequence[str]) -> dict[str, Any]:
    """Return a case in JSON form with its kills; one that has none says what it is there for."""
    bare = {name: value for name, value in case.items() if name not in _COMPUTED}
    purpose = {} if kills else {"purpose": purpose_of(group, bare)}
    return {**bare, "kills": sorted(kills), **purpose}


def _judged(case: Mapping[str, Any]) -> str:
    """Return everything by which a case judges."""
    return compact_json([case.get(name) for name in ("input", "result", "expected", "error", "strength")])


class PublishedKills:
    """The kills of a folder of vectors, for cases that are generated anew.

    Parameters
    ----------
    folder
        The folder; cases of files that it lacks have no kills.
    """

    def __init__(self, folder: Path) -> None:
        self._known: dict[str, list[str]] = {}
        for path in sorted(folder.glob("*/*.json")):
            data = json.loads(path.read_text(encoding="utf-8"))
            for case in data.get("cases", []) if isinstance(data, dict) else []:
                self._known[_judged(case)] = case["kills"]

    def carried(self, group: str, case: Mapping[str, Any]) -> dict[str, Any]:
        """Return a case with the kills of the published one that judges by the same, or none."""
        return with_kills(group, case, self._known.get(_judged(case), []))


def kills_by_case(
    cases: Sequence[str], matrices: Sequence[Mapping[str, Sequence[str]]]
) -> dict[str, list[str]]:
    """Return the kills of each case from matrices that name the cases of each bug."""
    found: dict[str, list[str]] = {case_id: [] for case_id in cases}
    for matrix in matrices:
        for mutant, caught_by in matrix.items():
            for case_id in caught_by:
                found[case_id].append(mutant)
    return {case_id: sorted(mutants) for case_id, mutants in found.items()}


def differing_kills(folder: Path, kills: Mapping[str, Sequence[str]], untried: set[str]) -> list[str]:
    """Return the ids of the cases of which other kills are written, untried bugs aside."""
    written = {case.id: case.kills for group in VectorStore(folder).groups() for case in group.cases}
    return [
        case_id
        for case_id, found in kills.items()
        if sorted(set(written[case_id]) - untried) != sorted(set(found) - untried)
    ]


def rewrite_kills(folder: Path, kills: Mapping[str, Sequence[str]]) -> Iterator[tuple[Path, str]]:
    """Yield the files that change when cases have these kills, with their text, and the manifest last.

    Cases without an entry in ``kills`` keep theirs.
    """
    manifest = read_manifest(folder)
    table = dict(manifest.files)
    for name in manifest.group_names:
        before = (folder / name).read_text(encoding="utf-8")
        data = json.loads(before)
        cases = [
            with_kills(data["group"], case, kills.get(case["id"], case["kills"])) for case in data["cases"]
        ]
        after = canonical_json({**data, "cases": cases})
        if after != before:
            table[name] = table[name] | content_entry(after.encode())
            yield folder / name, after
    if table != manifest.files:
        yield folder / MANIFEST_NAME, manifest_text(replace(manifest, files=table))
