"""What the page shows of the clauses: the cited ones with their verdicts, a section per document."""

import re
from collections.abc import Mapping
from typing import Any

from dred_conformance.protocol.operations import STAGES
from dred_conformance.report.case_entry import SHOWN_IN_FULL

__all__ = ["clause_rows", "clauses_by_id", "document_views"]

_SHORT_NAMES = {
    "RFC 6716": "RFC 6716",
    "draft-ietf-mlcodec-opus-extension": "Extension draft",
    "draft-ietf-mlcodec-opus-dred": "DRED draft",
    "opus-dred-reference-fixed-point": "Fixed-point note",
}


def clauses_by_id(report: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return every clause of the registry that the report carries, with the name of its document."""
    return {
        clause["id"]: {**clause, "document": document["name"]}
        for document in report.get("documents", [])
        for clause in document["clauses"]
    }


def _counts(report: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """Return verdicts by clause; counted anew where an older report has none."""
    given: dict[str, dict[str, int]] | None = report.get("clauses")
    if given is not None:
        return given
    counts: dict[str, dict[str, int]] = {}
    for case in report["cases"]:
        for clause in dict.fromkeys(case["clauses"]):
            found = counts.setdefault(clause, {})
            found[case["verdict"]] = found.get(case["verdict"], 0) + 1
    return counts


def clause_rows(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the cited clauses: those with failures first, from the lowest stage up, most failures first."""
    known = clauses_by_id(report)
    order = {clause: number for number, clause in enumerate(known)}
    stages = {stage: number for number, stage in enumerate(STAGES)}
    rows = []
    for clause, counts in _counts(report).items():
        bad = sum(counts.get(verdict.value, 0) for verdict in SHOWN_IN_FULL)
        entry = known.get(clause, {})
        names = ("summary", "keyword", "seen", "section", "document", "stage")
        row = {"id": clause, "counts": counts, "bad": bad, **{name: entry.get(name, "") for name in names}}
        rows.append({**row, "document": _SHORT_NAMES.get(row["document"], row["document"])})

    def rank(row: dict[str, Any]) -> tuple[bool, int, int, int, str]:
        stage = stages.get(row["stage"], len(stages)) if row["bad"] else 0
        return not row["bad"], stage, -row["bad"], order.get(row["id"], len(order)), row["id"]

    return sorted(rows, key=rank)


def document_views(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the documents with an anchor, a short name, and counts beside every clause."""
    counts = _counts(report)
    views = []
    for document in report.get("documents", []):
        clauses = [{**clause, "counts": counts.get(clause["id"], {})} for clause in document["clauses"]]
        views.append(
            {
                **document,
                "clauses": clauses,
                "cited": sum(bool(clause["counts"]) for clause in clauses),
                "short": _SHORT_NAMES.get(document["name"], document["name"]),
                "anchor": "document-" + re.sub("[^a-z0-9]+", "-", document["name"].lower()),
            }
        )
    order = {name: number for number, name in enumerate(_SHORT_NAMES)}
    return sorted(views, key=lambda view: order.get(view["name"], len(order)))
