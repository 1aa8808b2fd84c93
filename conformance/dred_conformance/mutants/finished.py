"""What finished bugs came to, kept in a file, so that an interrupted run goes on where it was."""

import hashlib
import json
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import platformdirs

from dred_conformance.vectors.arrays import unresolved
from dred_conformance.vectors.canonical import compact_json
from dred_conformance.vectors.case import Case
from dred_model.cache import APPLICATION, VARIABLE

__all__ = ["Finished", "cases_digest", "default_place"]


def default_place(name: str) -> Path:
    """Return the file of results in the user's cache folder."""
    chosen = os.environ.get(VARIABLE)
    root = Path(chosen) if chosen else Path(platformdirs.user_cache_dir(APPLICATION))
    return root / "mutants" / f"{name}.jsonl"


def cases_digest(cases: Sequence[Case]) -> str:
    """Return a hash of everything by which the cases judge, in their order: their kills are no part of it."""
    digest = hashlib.sha256()
    for case in cases:
        error = None if case.error is None else [list(case.error.rules), case.error.position]
        found = None if case.error is None else case.error.extensions
        judged = [case.id, case.result, case.strength, unresolved(case.expected), error]
        digest.update(compact_json([*judged, None if found is None else list(found)]).encode() + b"\n")
    return digest.hexdigest()


class Finished:
    """A file of results, one JSON line each; a line that a crash cut short is ignored.

    Parameters
    ----------
    path
        The file; ``None`` keeps nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._known: dict[str, Any] = {}
        if path is None:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            if text and not text.endswith("\n"):
                with path.open("a", encoding="utf-8") as stream:
                    stream.write("\n")  # else the next line would be lost with the one that was cut short
            for line in text.splitlines():
                try:
                    entry = json.loads(line)
                    self._known[entry["key"]] = entry["value"]
                except (ValueError, KeyError, TypeError):
                    continue

    @staticmethod
    def key(*parts: str) -> str:
        """Return the key of everything that a result depends on."""
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def get(self, key: str) -> Any:
        """Return the result with this key, or ``None``."""
        return self._known.get(key)

    def put(self, key: str, value: Any) -> None:
        """Keep a result."""
        with self._lock:
            self._known[key] = value
            if self._path is not None:
                with self._path.open("a", encoding="utf-8") as stream:
                    stream.write(json.dumps({"key": key, "value": value}) + "\n")
