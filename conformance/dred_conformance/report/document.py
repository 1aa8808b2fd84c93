"""The report as one JSON document; every other form of the report is made from it."""

import json
import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from dred_conformance import __version__
from dred_conformance.report.case_entry import SHOWN_IN_FULL, case_entry
from dred_conformance.report.catalogue import bug_explanations, documents_and_rules, flag_explanations
from dred_conformance.report.resemblance import resembling_bugs
from dred_conformance.runner.campaign import Campaign, CaseResult
from dred_conformance.runner.verdict import Verdict
from dred_conformance.vectors.store import MANIFEST_NAME, VectorStore, file_digest

__all__ = [
    "MAPS_PER_GROUP",
    "counts_by_clause",
    "counts_by_stage",
    "group_of",
    "measured_distances",
    "report_document",
    "report_schema",
    "verdict_counts",
]

MAPS_PER_GROUP = 16  # bit maps of the first failures of each group: more would tell the same again


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema of the report."""
    text = (resources.files("dred_conformance.report") / "schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def group_of(case_id: str) -> str:
    """Return the group of vectors that a case belongs to; its name is the first part of the id."""
    return case_id.rpartition("-")[0] or case_id


def verdict_counts(results: Iterable[CaseResult]) -> dict[str, int]:
    """Return how many cases ended with each verdict, those that occur."""
    counts = Counter(result.outcome.verdict for result in results)
    return {verdict.value: counts[verdict] for verdict in Verdict if counts[verdict]}


def counts_by_clause(results: Sequence[CaseResult]) -> dict[str, dict[str, int]]:
    """Return the verdicts of the cases that cite a clause, by clause."""
    citing: dict[str, list[CaseResult]] = {}
    for result in results:
        for clause in dict.fromkeys(result.case.clauses):
            citing.setdefault(clause, []).append(result)
    return {clause: verdict_counts(citing[clause]) for clause in sorted(citing)}


def counts_by_stage(results: Sequence[CaseResult]) -> dict[str, dict[str, int]]:
    """Return the verdicts by stage, in the order in which the stages come first."""
    stages = dict.fromkeys(result.case.stage for result in results)
    return {stage: verdict_counts(each for each in results if each.case.stage == stage) for stage in stages}


def measured_distances(results: Sequence[CaseResult]) -> dict[str, dict[str, Any]]:
    """Return for each measured figure how often it was measured, its mean, its largest value and where."""
    found: dict[str, list[tuple[float, str]]] = {}
    for result in results:
        for name, value in result.outcome.figures.items():
            if value is not None:
                found.setdefault(name, []).append((value, result.case.id))
    return {
        name: {
            "cases": len(values),
            "mean": sum(value for value, _ in values) / len(values),
            "largest": max(values)[0],
            "largest_in": max(values)[1],
        }
        for name, values in found.items()
    }


def _cases(results: Sequence[CaseResult], reproduce: str, vectors: Path) -> list[dict[str, Any]]:
    maps: Counter[str] = Counter()
    entries = []
    for result in results:
        group = group_of(result.case.id)
        with_map = maps[group] < MAPS_PER_GROUP
        entries.append(case_entry(result, reproduce, vectors, with_map=with_map))
        maps[group] += result.outcome.verdict in SHOWN_IN_FULL
    return entries


def _baseline(campaign: Campaign) -> dict[str, Any]:
    found = campaign.known_failures
    if found is None:
        return {}
    names = ("failed", "new", "mended", "unknown", "unjudged")
    return {"baseline": {**{name: list(getattr(found, name)) for name in names}, "updated": found.is_updated}}


def report_document(campaign: Campaign, store: VectorStore, adapter: str) -> dict[str, Any]:
    """Return the report of a campaign.

    Parameters
    ----------
    campaign
        The run.
    store
        The vectors it ran over.
    adapter
        What the user named on the command line, for the reproducing commands.
    """
    results = list(campaign.results)
    declaration = campaign.declaration
    reproduce = f"dred conform --adapter {shlex.quote(adapter)}"
    if not _is_default_folder(store.origin):
        reproduce += f" --vectors {shlex.quote(str(store.origin))}"
    documents, rules = documents_and_rules()
    resembles = resembling_bugs(results)
    cases = _cases(results, reproduce, store.folder)
    bugs = {bug for case in cases for bug in case.get("kills", ())} | {found["bug"] for found in resembles}
    return {
        "format": "dred-report/1",
        "tool": {"name": "opus-dred-reference", "version": __version__},
        "adapter": {
            "command": list(campaign.command),
            "name": declaration.name,
            "version": declaration.version,
            "stages": sorted(declaration.stages),
            "wire": sorted(declaration.wire),
            "models": sorted(declaration.models),
            "profiles": sorted(declaration.profiles),
            "operations": None if declaration.operations is None else sorted(declaration.operations),
        },
        "vectors": {
            "folder": str(store.origin),
            "version": store.manifest.version,
            "manifest_sha256": file_digest(store.folder / MANIFEST_NAME),
            "selected": len(results),
        },
        "summary": {
            "verdicts": verdict_counts(results),
            "executed": campaign.executed,
            "exit_code": campaign.exit_code,
            "seconds": round(campaign.seconds, 3),
            **_baseline(campaign),
        },
        "stages": counts_by_stage(results),
        "clauses": counts_by_clause(results),
        "distances": measured_distances(results),
        "resembles": resembles,
        "cases": cases,
        "bugs": bug_explanations(bugs),
        "flags": flag_explanations(store.folder, [flag for r in results for flag in r.case.flags]),
        "rules": rules,
        "documents": documents,
    }


def _is_default_folder(folder: Path) -> bool:
    from dred_conformance.data import DataNotFoundError, data_folder  # noqa: PLC0415 - only needed here

    try:
        return folder.resolve() == data_folder("vectors").resolve()
    except DataNotFoundError:
        return False
