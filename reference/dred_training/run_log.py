"""
The log of a run: JSON, one line per entry, in the order of steps.

A run that goes on forgets what was logged after its checkpoint, so no step is in the log twice.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .whole_files import write_whole

FILE = "log.jsonl"
LARGEST_LOG = 1 << 28


def read_log(folder: Path) -> list[dict[str, Any]]:
    """Return the entries; a last line that was cut is left out."""
    path = folder / FILE
    entries: list[dict[str, Any]] = []
    if path.is_file() and path.stat().st_size <= LARGEST_LOG:
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                entry = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(entry, dict) and isinstance(entry.get("step"), int):
                entries.append(entry)
    return entries


def forget_after(folder: Path, step: int) -> None:
    """Keep only the entries up to a step."""
    if (folder / FILE).is_file():
        kept = [entry for entry in read_log(folder) if entry["step"] <= step]
        text = "".join(json.dumps(entry) + "\n" for entry in kept)
        write_whole(folder / FILE, lambda stream: stream.write(text.encode("utf-8")))


def append(folder: Path, entry: dict[str, Any]) -> None:
    """Add an entry."""
    with (folder / FILE).open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(entry) + "\n")
