"""The report as one JSON document; every other form of the report is made from it."""

import json
import shlex
from collections import Counter
from importlib import resources
from pathlib import Path
from typing import Any

from dred_conformance import __version__
from dred_conformance.report.position import locate
from dred_conformance.runner.campaign import Campaign, CaseResult
from dred_conformance.runner.verdict import Verdict
from dred_conformance.vectors.arrays import unresolved
from dred_conformance.vectors.case import ExpectedError
from dred_conformance.vectors.store import MANIFEST_NAME, VectorStore, file_digest

__all__ = ["SHOWN_IN_FULL", "report_document", "report_schema"]

SHOWN_IN_FULL = frozenset({Verdict.FAIL, Verdict.NON_STRICT, Verdict.ERROR, Verdict.TIMEOUT})
_LARGEST_DETAIL = 100_000


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema of the report."""
    text = (resources.files("dred_conformance.report") / "schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def _counts(results: list[CaseResult]) -> dict[str, int]:
    counts = Counter(result.outcome.verdict for result in results)
    return {verdict.value: counts[verdict] for verdict in Verdict if counts[verdict]}


def _distances(results: list[CaseResult]) -> dict[str, dict[str, Any]]:
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


def _error(error: ExpectedError | None) -> dict[str, Any] | None:
    if error is None:
        return None
    data: dict[str, Any] = {"rules": list(error.rules)}
    if error.position is not None:
        data["position"] = error.position
    if error.extensions is not None:
        data["extensions"] = list(error.extensions)
    return data


def _case(result: CaseResult, reproduce: str) -> dict[str, Any]:
    case, outcome = result.case, result.outcome
    data: dict[str, Any] = {
        "id": case.id,
        "stage": case.stage,
        "op": case.op,
        "clauses": list(case.clauses),
        "flags": list(case.flags),
        "comment": case.comment,
        "verdict": outcome.verdict.value,
        "reason": outcome.reason,
    }
    if outcome.not_reported:
        data["not_reported"] = list(outcome.not_reported)
    if outcome.figures:
        data["figures"] = dict(outcome.figures)
    if outcome.verdict not in SHOWN_IN_FULL:
        return data
    if outcome.difference is not None:
        found = outcome.difference
        bit = found.bit if found.bit is not None else locate(case, found.path)
        data["difference"] = {
            "path": found.path,
            "expected": found.expected,
            "actual": found.actual,
            "bit": bit,
        }
    data["input"] = dict(case.input)
    if case.error is None:
        data["expected"] = unresolved(case.expected)
    else:
        data["error"] = _error(case.error)
    answer_text = json.dumps(outcome.answer)
    data["answer"] = outcome.answer if len(answer_text) <= _LARGEST_DETAIL else answer_text[:_LARGEST_DETAIL]
    data["reproduce"] = f"{reproduce} --id {case.id}"
    return data


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
    stages = dict.fromkeys(result.case.stage for result in campaign.results)
    declaration = campaign.declaration
    reproduce = f"dred conform --adapter {shlex.quote(adapter)}"
    if not _is_default_folder(store.folder):
        reproduce += f" --vectors {shlex.quote(str(store.folder))}"
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
            "folder": str(store.folder),
            "version": store.manifest.version,
            "manifest_sha256": file_digest(store.folder / MANIFEST_NAME),
            "selected": len(campaign.results),
        },
        "summary": {
            "verdicts": _counts(list(campaign.results)),
            "executed": campaign.executed,
            "exit_code": campaign.exit_code,
            "seconds": round(campaign.seconds, 3),
        },
        "stages": {
            stage: _counts([result for result in campaign.results if result.case.stage == stage])
            for stage in stages
        },
        "distances": _distances(list(campaign.results)),
        "cases": [_case(result, reproduce) for result in campaign.results],
    }


def _is_default_folder(folder: Path) -> bool:
    from dred_conformance.data import DataNotFoundError, data_folder  # noqa: PLC0415 - only needed here

    try:
        return folder.resolve() == data_folder("vectors").resolve()
    except DataNotFoundError:
        return False
