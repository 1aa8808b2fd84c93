"""The report on a terminal: the failures, then a tree of stages, the summary last."""

import json
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.tree import Tree

from dred_conformance.report.case_entry import SHOWN_IN_FULL
from dred_conformance.runner.verdict import Verdict

__all__ = ["print_report"]

_STYLES = {
    Verdict.PASS: "green",
    Verdict.FAIL: "bold red",
    Verdict.NON_STRICT: "yellow",
    Verdict.UNSUPPORTED: "dim",
    Verdict.ERROR: "bold magenta",
    Verdict.TIMEOUT: "bold magenta",
    Verdict.NOT_RUN: "bold magenta",
}
_SHOWN_FAILURES = 20


def _short(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= 160 else f"{text[:120]} ... ({len(text)} characters)"


def _failure(case: dict[str, Any]) -> Tree:
    style = _STYLES[Verdict(case["verdict"])]
    tree = Tree(f"[{style}]{case['verdict']}[/] [bold]{case['id']}[/]  {escape(case['comment'])}")
    tree.add(f"clauses: {', '.join(case['clauses'])}")
    tree.add(escape(case["reason"]))
    if "difference" in case:
        found = case["difference"]
        where = escape(found["path"]) + ("" if found["bit"] is None else f", bit {found['bit']}")
        tree.add(f"first difference at {where}")
        tree.add(f"expected: {escape(_short(found['expected']))}")
        tree.add(f"actual:   {escape(_short(found['actual']))}")
    tree.add(f"reproduce: {escape(case['reproduce'])}")
    return tree


def _stage_table(report: dict[str, Any]) -> Table:
    present = [verdict for verdict in Verdict if verdict.value in report["summary"]["verdicts"]]
    table = Table(title="Verdicts by stage")
    table.add_column("stage")
    for verdict in present:
        table.add_column(verdict.value, justify="right", style=_STYLES[verdict])
    for stage, counts in report["stages"].items():
        table.add_row(stage, *(str(counts.get(verdict.value, 0)) for verdict in present))
    totals = report["summary"]["verdicts"]
    table.add_section()
    table.add_row("all", *(str(totals.get(verdict.value, 0)) for verdict in present))
    return table


def _unsupported_reasons(report: dict[str, Any]) -> dict[str, int]:
    reasons: dict[str, int] = {}
    for case in report["cases"]:
        if case["verdict"] == Verdict.UNSUPPORTED:
            reasons[case["reason"]] = reasons.get(case["reason"], 0) + 1
    return reasons


def print_report(report: dict[str, Any], console: Console) -> None:
    """Print the report document of :func:`dred_conformance.report.document.report_document`."""
    bad = [case for case in report["cases"] if Verdict(case["verdict"]) in SHOWN_IN_FULL]
    for case in bad[:_SHOWN_FAILURES]:
        console.print(_failure(case))
    if len(bad) > _SHOWN_FAILURES:
        console.print(f"... and {len(bad) - _SHOWN_FAILURES} more; --report FILE writes all of them")
    adapter, vectors = report["adapter"], report["vectors"]
    console.print(
        f"adapter: {escape(adapter['name'])} {escape(adapter['version'])}"
        f"   models: {escape(', '.join(adapter['models']) or 'none')}"
    )
    console.print(
        f"vectors: {escape(vectors['version'])}, manifest SHA-256 {vectors['manifest_sha256'][:16]}..."
    )
    console.print(_stage_table(report))
    for name, found in report["distances"].items():
        console.print(
            f"{name}: largest {found['largest']:.4g} in {found['largest_in']}, mean {found['mean']:.4g} "
            f"over {found['cases']} cases",
            highlight=False,
        )
    for reason, count in _unsupported_reasons(report).items():
        console.print(f"unsupported: {count} x {escape(reason)}", style="dim")
    summary = report["summary"]
    total = sum(summary["verdicts"].values())
    known = summary.get("baseline", {}).get("failed", [])
    said = {
        0: f"[bold yellow]NO NEW FAILURE, but {len(known)} known ones[/]"
        if known
        else "[bold green]CONFORMS: every MUST that was judged passed[/]",
        1: "[bold red]DOES NOT CONFORM[/]",
        2: "[bold yellow]NOTHING WAS JUDGED[/]",
    }.get(summary["exit_code"], "[bold red]INTERRUPTED[/]")
    console.print(f"{said}: {summary['executed']} of {total} cases judged in {summary['seconds']:.2f} s")
