"""The verdicts of adapters by clause, from saved reports of ``dred conform``."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dred_conformance.clauses.records import Problem
from dred_conformance.clauses.registry import Registry

__all__ = ["AdapterVerdicts", "ReportError", "load_verdicts", "verdict_text"]


class ReportError(Exception):
    """A file is no report of ``dred conform``."""


@dataclass(frozen=True)
class AdapterVerdicts:
    """How the cases of each clause ended for one adapter.

    Attributes
    ----------
    adapter
        Name and version that the adapter declared.
    path
        The report.
    by_clause
        For each clause that a case cites, the number of cases by verdict.
    """

    adapter: str
    path: Path
    by_clause: Mapping[str, Counter[str]]

    def unknown(self, registry: Registry) -> Iterable[Problem]:
        """Yield a problem for each clause of the report that the registry does not have."""
        for clause in self.by_clause:
            if clause not in registry:
                yield Problem(self.path, 0, f"unknown clause id '{clause}'")


def _verdicts(data: Any, path: Path) -> AdapterVerdicts:
    if not isinstance(data, dict) or not str(data.get("format", "")).startswith("dred-report/"):
        raise ReportError(f"{path}: no report; 'dred conform --report {path.name}' writes one")
    by_clause: dict[str, Counter[str]] = {}
    try:
        adapter = data["adapter"]
        name = " ".join(part for part in (adapter["name"], adapter.get("version", "")) if part)
        for case in data["cases"]:
            for clause in dict.fromkeys(case["clauses"]):
                by_clause.setdefault(clause, Counter())[case["verdict"]] += 1
    except (KeyError, TypeError, AttributeError) as error:
        raise ReportError(f"{path}: a damaged report: {error!r}") from error
    return AdapterVerdicts(name, path, by_clause)


def load_verdicts(paths: Iterable[Path]) -> tuple[AdapterVerdicts, ...]:
    """Read reports.

    Raises
    ------
    ReportError
        If a file cannot be read, or is no report.
    """
    found = []
    for path in paths:
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise ReportError(f"{path}: {error}") from error
        found.append(_verdicts(data, path))
    return tuple(found)


def verdict_text(counts: Mapping[str, int]) -> str:
    """Return ``12 pass, 1 fail``; a dash where no case cites the clause."""
    return ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items())) or "-"
