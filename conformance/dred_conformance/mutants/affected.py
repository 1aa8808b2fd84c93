"""Which objects differ when a source of the core changes, so that only these are compiled again."""

import difflib
import re
import shutil
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path

__all__ = ["AffectedObjects"]

_DECLARED = re.compile(r"constexpr [\w:<>, ]*?\b(\w+)(?: =|\{|;)")

_CLASS = re.compile(r"\b(?:class|struct) (\w+)")


def _constants(sound: str, changed: str) -> set[str] | None:
    """Return the constants whose definition changes; ``None`` if that is not clear."""
    lines = [line for line in difflib.ndiff(sound.splitlines(), changed.splitlines()) if line[:2] == "- "]
    names: set[str] = set()
    for line in lines:
        if "constexpr" in line:
            found = _DECLARED.search(line)
            if found is None:
                return None
            names.add(found.group(1))
    return names


class AffectedObjects:
    """Tells which objects to compile again.

    A header leaves instructions in an object or it does not, as the object's line table tells. Initial values
    of members belong to the lines of a constructor, so sources that define one count.
    Constants leave no lines, so where one changes, an object also counts when its own source names it, or
    when a header that names it left instructions; where a constant is the size of an array, all count.

    Parameters
    ----------
    objects
        The object of every source, with the compiler's list of what it was made from beside it (``.d``).
    headers
        All headers of the core.
    """

    def __init__(self, objects: Mapping[Path, Path], headers: list[Path]) -> None:
        self._objects = objects
        self._headers = headers
        self._tables: dict[Path, str | None] = {}
        self._lock = threading.Lock()

    def of(self, file: Path, changed: str) -> list[Path]:
        """Return the sources whose object differs when ``file`` holds another text."""
        including = [
            source
            for source, made in self._objects.items()
            if str(file) in made.with_suffix(".d").read_text(encoding="utf-8").split()
        ]
        if file.suffix == ".cpp":
            return including
        constants = _constants(file.read_text(encoding="utf-8"), changed)
        if constants is None:
            return including
        naming = self._headers_naming(constants)
        if naming is None:
            return including
        classes = _CLASS.findall(file.read_text(encoding="utf-8"))
        marks = [*(rf"\b{name}\b" for name in constants), *(rf"\b{name}::{name}\(" for name in classes)]
        mark = re.compile("|".join(marks) or "$^")
        return [
            source
            for source in including
            if any(self._has_lines_of(source, header) for header in {file, *naming})
            or mark.search(source.read_text(encoding="utf-8"))
        ]

    def _headers_naming(self, constants: set[str]) -> set[Path] | None:
        """Return the headers that name the constants or others made of them, which are added to the set."""
        texts = {header: header.read_text(encoding="utf-8") for header in self._headers}
        found: set[Path] = set()
        grows = bool(constants)
        while grows:
            grows = False
            mark = re.compile("|".join(rf"\b{name}\b" for name in sorted(constants)))
            for header, text in texts.items():
                for line in filter(mark.search, text.splitlines()):
                    if "std::array<" in line or re.search(r"\w\[\w*k[A-Z]", line):
                        return None
                    found.add(header)
                    declared = _DECLARED.search(line)
                    if declared is not None and declared.group(1) not in constants:
                        constants.add(declared.group(1))
                        grows = True
        return found

    def _has_lines_of(self, source: Path, header: Path) -> bool:
        with self._lock:
            if source not in self._tables:
                self._tables[source] = _line_table(self._objects[source])
        table = self._tables[source]
        return table is None or header.name in table


def _line_table(made: Path) -> str | None:
    reader = shutil.which("readelf")
    if reader is None:
        return None
    done = subprocess.run(  # noqa: S603 - reads what the compiler wrote
        [reader, "--debug-dump=rawline", str(made)], capture_output=True, text=True, check=False
    )
    return None if done.returncode else done.stdout
