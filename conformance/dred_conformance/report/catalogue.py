"""What the ids in a report stand for: clauses by document, rules, flags, bugs. A report explains itself."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dred_conformance.clauses.errors import RegistryError
from dred_conformance.clauses.registry import Clause, Registry, load_registry
from dred_conformance.data import DataNotFoundError
from dred_conformance.mutants.catalogue import MutantError, load_mutants

__all__ = ["bug_explanations", "documents_and_rules", "flag_explanations"]

_SHOWN = ("id", "revision", "section", "keyword", "summary", "seen", "stage", "rules", "notes")


def _clause(clause: Clause) -> dict[str, Any]:
    data = asdict(clause)
    return {name: list(data[name]) if name == "rules" else data[name] for name in _SHOWN}


def _documents(registry: Registry) -> list[dict[str, Any]]:
    return [
        {**asdict(document), "clauses": [_clause(each) for each in registry if each.document == name]}
        for name, document in registry.documents.items()
    ]


def documents_and_rules() -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Return the documents with their clauses, and the meaning of every rule.

    Both are empty where no registry is installed: a finished run is still worth its report.
    """
    try:
        registry = load_registry()
    except (DataNotFoundError, RegistryError):
        return [], {}
    return _documents(registry), {rule.id: rule.meaning for rule in registry.rules.values()}


def flag_explanations(vectors: Path, used: Sequence[str]) -> dict[str, str]:
    """Return for every used flag what its failure means, as ``flags.json`` of the vectors says."""
    try:
        known = json.loads((vectors / "flags.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {flag: str(known[flag]) for flag in sorted(set(used)) if flag in known}


def bug_explanations(used: Collection[str]) -> dict[str, str]:
    """Return for every used seeded bug the mistake that it stands for, as the catalogue says."""
    if not used:
        return {}
    try:
        mutants = load_mutants()
    except MutantError:
        return {}
    return {mutant.id: mutant.mistake for mutant in mutants if mutant.id in used}
