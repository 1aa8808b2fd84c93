"""The report on a terminal: the failures, then a tree of stages and clauses, the summary last."""

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.tree import Tree

from dred_conformance.report.case_entry import SHOWN_IN_FULL
from dred_conformance.report.curves import CURVE_HEADER, curve_rows
from dred_conformance.report.values import json_text, printable
from dred_conformance.report.wording import place_word, unjudged_reasons, verdict_of
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
_VERDICT_STYLES = {"good": "bold green", "bad": "bold red", "none": "bold yellow"}
_SHOWN_FAILURES = 20
_SHOWN_CLAUSES = 12
_SHOWN_REASONS = 20
_SHOWN_CURVES = 25


def _safe(text: object) -> str:
    """Return text that neither Rich nor the terminal takes for a command."""
    return escape(printable(str(text)))


def _short(value: object) -> str:
    text = json_text(value)
    return text if len(text) <= 160 else f"{text[:120]} ... ({len(text)} characters)"


def _cut(text: str, length: int = 400) -> str:
    return text if len(text) <= length else f"{text[:length]} ... ({len(text)} characters)"


def _under(case: dict[str, Any]) -> str:
    """Return the field under the first difference, in brackets; empty if it is not known."""
    found = case.get("map")
    if found is None or found["under"] is None:
        return ""
    field = found["fields"][found["under"]]
    return f" ({field['name']}, {field['clause']})"


def _failure(case: dict[str, Any]) -> Tree:
    style = _STYLES[Verdict(case["verdict"])]
    known = " [yellow]known[/]" if case.get("known") else ""
    tree = Tree(
        f"[{style}]{case['verdict']}[/]{known} [bold]{_safe(case['id'])}[/]  {_safe(case['comment'])}"
    )
    tree.add(f"clauses: {_safe(', '.join(case['clauses']))}")
    tree.add(_safe(_cut(case["reason"])))
    if "difference" in case:
        found = case["difference"]
        where = found["path"] + ("" if found["bit"] is None else f", bit {found['bit']}") + _under(case)
        tree.add(f"{place_word(case)} at {_safe(_cut(where))}")
        tree.add(f"expected: {_safe(_short(found['expected']))}")
        tree.add(f"actual:   {_safe(_short(found['actual']))}")
    if case.get("stderr"):
        tree.add(f"stderr: {_safe(_cut(case['stderr']))}")
    if "reproduce" in case:
        tree.add(f"reproduce: {_safe(case['reproduce'])}")
    return tree


def _bad_by_clause(report: dict[str, Any]) -> dict[str, dict[str, int]]:
    """Return by stage how many of its cases that did not pass cite each clause, most first."""
    found: dict[str, dict[str, int]] = {}
    for case in report["cases"]:
        if Verdict(case["verdict"]) in SHOWN_IN_FULL:
            of_stage = found.setdefault(case["stage"], {})
            for clause in dict.fromkeys(case["clauses"]):
                of_stage[clause] = of_stage.get(clause, 0) + 1
    return {
        stage: dict(sorted(clauses.items(), key=lambda entry: (-entry[1], entry[0])))
        for stage, clauses in found.items()
    }


def _tree(report: dict[str, Any]) -> Tree:
    totals: dict[tuple[str, str], int] = {}
    for case in report["cases"]:
        for clause in dict.fromkeys(case["clauses"]):
            totals[case["stage"], clause] = totals.get((case["stage"], clause), 0) + 1
    bad = _bad_by_clause(report)
    tree = Tree("Stages and the clauses that their bad cases cite")
    for stage, counts in report["stages"].items():
        said = ", ".join(
            f"[{_STYLES[Verdict(verdict)]}]{count} {verdict}[/]" for verdict, count in counts.items()
        )
        branch = tree.add(f"[bold]{_safe(stage)}[/]  {said}")
        clauses = bad.get(stage, {})
        for clause, count in list(clauses.items())[:_SHOWN_CLAUSES]:
            branch.add(f"{_safe(clause)}  [red]{count}[/] of {totals[stage, clause]}")
        if len(clauses) > _SHOWN_CLAUSES:
            branch.add(f"[dim]and {len(clauses) - _SHOWN_CLAUSES} more clauses[/]")
    return tree


def _stage_table(report: dict[str, Any]) -> Table:
    present = [verdict for verdict in Verdict if verdict.value in report["summary"]["verdicts"]]
    table = Table(title="Verdicts by stage")
    table.add_column("stage")
    for verdict in present:
        table.add_column(verdict.value, justify="right", style=_STYLES[verdict])
    for stage, counts in report["stages"].items():
        table.add_row(_safe(stage), *(str(counts.get(verdict.value, 0)) for verdict in present))
    totals = report["summary"]["verdicts"]
    table.add_section()
    table.add_row("all", *(str(totals.get(verdict.value, 0)) for verdict in present))
    return table


def _print_streams(report: dict[str, Any], console: Console) -> None:
    rows = list(curve_rows(report))
    if rows:
        table = Table(title="Measured by age, back from the newest coded speech")
        for number, name in enumerate(("stream", *CURVE_HEADER)):
            table.add_column(name, justify="left" if number < 2 else "right", overflow="fold")
        for row in rows[:_SHOWN_CURVES]:
            table.add_row(_safe(_cut(row.stream, 40)), *row.cells)
        console.print(table)
    if len(rows) > _SHOWN_CURVES:
        console.print(f"... and {len(rows) - _SHOWN_CURVES} more rows; --report FILE.html shows all of them")
    packets = sum(stream["packets"] for stream in report["streams"])
    models = _safe(", ".join(report["adapter"]["models"]) or "none")
    console.print(f"{len(report['streams'])} streams, {packets} packets   model: {models}", highlight=False)


def _print_run(report: dict[str, Any], console: Console) -> None:
    if "streams" in report:
        _print_streams(report, console)
        return
    adapter, vectors = report["adapter"], report["vectors"]
    console.print(
        f"adapter: {_safe(_cut(adapter['name']))} {_safe(_cut(adapter['version']))}"
        f"   models: {_safe(_cut(', '.join(adapter['models']) or 'none'))}"
    )
    console.print(
        f"vectors: {_safe(vectors['version'])}, manifest SHA-256 {vectors['manifest_sha256'][:16]}..."
    )


def print_report(report: dict[str, Any], console: Console) -> None:
    """Print the report document of :func:`dred_conformance.report.document.report_document`."""
    bad = [case for case in report["cases"] if Verdict(case["verdict"]) in SHOWN_IN_FULL]
    bad.sort(key=lambda case: case.get("known", False))  # the new ones first
    for case in bad[:_SHOWN_FAILURES]:
        console.print(_failure(case))
    if len(bad) > _SHOWN_FAILURES:
        console.print(f"... and {len(bad) - _SHOWN_FAILURES} more; --report FILE.html shows all of them")
    if bad:
        console.print(_tree(report), highlight=False)
    for bug in report.get("resembles", [])[:3]:
        console.print(
            f"like the seeded bug {_safe(bug['bug'])} ({100 * bug['score']:.0f} %): "
            f"of the {bug['cases']} cases that catch it {bug['failed']} fail here",
            highlight=False,
        )
    _print_run(report, console)
    console.print(_stage_table(report))
    for name, found in report["distances"].items():
        console.print(
            f"{_safe(name)}: largest {found['largest']:.4g} in {_safe(found['largest_in'])}, "
            f"mean {found['mean']:.4g} over {found['cases']} cases",
            highlight=False,
        )
    for verdict, reason, count in unjudged_reasons(report)[:_SHOWN_REASONS]:
        console.print(f"{verdict}: {count} x {_safe(_cut(reason))}", style="dim")
    words = verdict_of(report)
    style = _VERDICT_STYLES[words.kind]
    console.print(f"[{style}]{words.word.upper()}[/]: {words.sentence}", highlight=False, soft_wrap=True)
    if words.advice:
        console.print(words.advice, highlight=False, soft_wrap=True)
