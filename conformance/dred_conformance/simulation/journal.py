"""The results of a run as they come, so that a run that was cut goes on where it stopped."""

import json
import os
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from dred_conformance.simulation.cases import CaseKey, key_of
from dred_conformance.simulation.errors import SimulationError
from dred_conformance.simulation.settings import FORMAT

__all__ = ["JOURNAL_NAME", "Journal"]

JOURNAL_NAME = "journal.jsonl"
LARGEST_JOURNAL = 1 << 30  # bytes


class Journal:
    """A file of JSON lines: what the run is, then a line per case.

    Parameters
    ----------
    folder
        Of the run; it exists.
    identity
        Everything that the results depend on.

    Attributes
    ----------
    results
        Of the cases that are done, by key.

    Raises
    ------
    SimulationError
        L4: the file holds another run, is damaged, or cannot be written.
    """

    def __init__(self, folder: Path, identity: dict[str, Any]) -> None:
        self.path = folder / JOURNAL_NAME
        self.results: dict[CaseKey, dict[str, Any]] = {}
        head = json.loads(json.dumps({"format": FORMAT, **identity}))
        try:
            end = self._read(head) if self.path.exists() else 0
            self._file: IO[bytes] = self.path.open("ab")
            # a run that was killed leaves at most the beginning of a line
            self._file.truncate(end)
            if not end:
                self._write(head)
        except OSError as error:
            raise self._refusal(error) from error

    def _read(self, head: dict[str, Any]) -> int:
        """Read what is there and return where its last whole line ends."""
        if self.path.stat().st_size > LARGEST_JOURNAL:
            raise SimulationError(
                "L4", f"{self.path}: larger than {LARGEST_JOURNAL} bytes", "use another folder"
            )
        data = self.path.read_bytes()
        end = data.rfind(b"\n") + 1
        for number, line in enumerate(data[:end].splitlines(), 1):
            try:
                value = json.loads(line)
                if number == 1:
                    self._check(value, head)
                else:
                    self.results[key_of(value)] = value
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise SimulationError(
                    "L4", f"{self.path}, line {number}: damaged ({error})",
                    "take the line out, or use another folder",
                ) from error  # fmt: skip
        return end

    def _check(self, found: dict[str, Any], head: dict[str, Any]) -> None:
        different = sorted(name for name in head.keys() | found.keys() if head.get(name) != found.get(name))
        if different:
            shown = "; ".join(
                f"{name}: there {_short(found.get(name))}, here {_short(head.get(name))}"
                for name in different
            )
            raise SimulationError(
                "L4", f"{self.path} holds a run with other settings ({shown})",
                "run with the same settings to go on, use another folder (-o), or remove this one",
            )  # fmt: skip

    def add(self, result: dict[str, Any]) -> None:
        """Write down a case; it is on the disk when this returns."""
        try:
            self._write(result)
        except OSError as error:
            raise self._refusal(error) from error
        self.results[key_of(result)] = result

    def _write(self, value: dict[str, Any]) -> None:
        self._file.write(json.dumps(value, separators=(",", ":")).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def _refusal(self, error: OSError) -> SimulationError:
        return SimulationError("L4", f"{self.path}: cannot be written ({error.strerror})")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def _short(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
