"""The report as Markdown, for a comment on a pull request or the summary of a CI step: the verdict first."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dred_conformance.report.case_entry import SHOWN_IN_FULL
from dred_conformance.report.curves import CURVE_HEADER, curve_rows
from dred_conformance.report.html_clauses import clause_rows, clauses_by_id
from dred_conformance.report.values import json_text, printable
from dred_conformance.report.wording import place_word, unjudged_reasons, verdict_of
from dred_conformance.runner.verdict import Verdict

__all__ = ["markdown_report"]

_SHOWN_FAILURES = 30
_LARGEST_REPORT = 50_000  # characters; a comment of GitHub holds 65536
_SHOWN_CLAUSES = 25
_SHOWN_REASONS = 10
_SHOWN_CURVES = 25
_LONGEST_VALUE = 300
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~&@-])")


def _text(value: object, length: int = _LONGEST_VALUE) -> str:
    """Return text on one line that Markdown takes for nothing but text."""
    shown = " ".join(printable(str(value)).split())
    shown = shown if len(shown) <= length else f"{shown[:length]}... ({len(shown)} characters)"
    return _SPECIAL.sub(r"\\\1", shown)


def _code(value: object, length: int = _LONGEST_VALUE) -> str:
    """Return a code span, fenced by more backticks than it holds."""
    shown = re.sub("[\t\r\n]", " ", printable(str(value)))  # runs of spaces matter in a command
    shown = shown if len(shown) <= length else f"{shown[:length]}... ({len(shown)} characters)"
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    pad = " " if not shown or shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _cell(value: object, length: int = 120) -> str:
    """Return a code span for a table, where a vertical bar must be escaped even in code."""
    return _code(value, length).replace("|", "\\|")


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], numbers_from: int) -> list[str]:
    rule = [":--" if index < numbers_from else "--:" for index in range(len(header))]
    return [f"| {' | '.join(row)} |" for row in (header, rule, *rows)]


def _stage_table(report: Mapping[str, Any]) -> list[str]:
    present = [verdict.value for verdict in Verdict if verdict.value in report["summary"]["verdicts"]]
    rows = [
        [_text(stage), *(f"{counts.get(verdict, 0)}" for verdict in present)]
        for stage, counts in [*report["stages"].items(), ("all", report["summary"]["verdicts"])]
    ]
    return _table(["stage", *present], rows, 1)


def _unjudged(report: Mapping[str, Any]) -> list[str]:
    lines = [
        f"- {count} {verdict}: {_text(reason)}"
        for verdict, reason, count in unjudged_reasons(report)[:_SHOWN_REASONS]
    ]
    return ["", "Not judged:", "", *lines] if lines else []


def _clause_table(report: Mapping[str, Any]) -> list[str]:
    bad = [row for row in clause_rows(report) if row["bad"]]
    if not bad:
        return []
    rows = [
        [
            _cell(row["id"]),
            row["keyword"] or "none",
            _text(row["document"] + (f", section {row['section']}" if row["section"] else "")),
            str(row["bad"]),
            str(sum(row["counts"].values())),
        ]
        for row in bad[:_SHOWN_CLAUSES]
    ]
    more = [f"\nand {len(bad) - _SHOWN_CLAUSES} more clauses"] if len(bad) > _SHOWN_CLAUSES else []
    header = ["clause", "keyword", "where", "bad", "cases"]
    return ["", "### Clauses with failures", "", *_table(header, rows, 3), *more]


def _failure(case: Mapping[str, Any], clauses: Mapping[str, Any]) -> list[str]:
    known = " (known)" if case.get("known") else ""
    lines = [
        f"<details><summary>{case['verdict']}{known} <code>{_html(case['id'])}</code> "
        f"{_html(case['comment'])}</summary>",
        "",
        f"- {_text(case['reason'])}",
    ]
    for clause in case["clauses"]:
        summary = clauses.get(clause, {}).get("summary", "")
        lines.append(f"- {_code(clause)}" + (f": {_text(summary)}" if summary else ""))
    difference = case.get("difference")
    if difference is not None:
        bit = "" if difference["bit"] is None else f", bit {difference['bit']}"
        lines.append(f"- {place_word(case)} at {_code(difference['path'])}{bit}")
        lines += [f"- {name}: {_code(json_text(difference[name]))}" for name in ("expected", "actual")]
    if "reproduce" in case:
        lines.append(f"- reproduce: {_code(case['reproduce'], 4000)}")
    return [*lines, "", "</details>", ""]


def _failures(report: Mapping[str, Any], bad: Sequence[Mapping[str, Any]], spent: int) -> list[str]:
    """Return the failures, new ones first, as many as fit into a comment."""
    known = clauses_by_id(report)
    lines: list[str] = []
    for shown, case in enumerate(sorted(bad, key=lambda each: each.get("known", False))):
        entry = _failure(case, known)
        spent += len("\n".join(entry))
        if shown == _SHOWN_FAILURES or spent > _LARGEST_REPORT:
            return [*lines, f"{len(bad) - shown} more are in the HTML and JSON reports.", ""]
        lines += entry
    return lines


def _html(value: object) -> str:
    """Return text for the HTML that Markdown lets through; what Markdown would act on is a character code."""
    shown = " ".join(printable(str(value)).split())[:_LONGEST_VALUE]
    return re.sub(r"[^\w .,:;/=-]|_", lambda found: f"&#{ord(found[0])};", shown)


def _judged_on(report: Mapping[str, Any]) -> str:
    if "streams" in report:
        packets = sum(stream["packets"] for stream in report["streams"])
        return f"{len(report['streams'])} streams of {packets} packets in all."
    vectors = report["vectors"]
    return f"Vectors {_text(vectors['version'])}, manifest SHA-256 {_code(vectors['manifest_sha256'])}."


def _curves(report: Mapping[str, Any]) -> list[str]:
    """Return the measured curves of an encoder's streams, as many as people read in a comment."""
    rows = list(curve_rows(report))
    if not rows:
        return []
    cells = [[_cell(row.stream, 60), *row.cells] for row in rows[:_SHOWN_CURVES]]
    more = [f"\nand {len(rows) - _SHOWN_CURVES} more rows"] if len(rows) > _SHOWN_CURVES else []
    return ["", "### Measured by age", "", *_table(["stream", *CURVE_HEADER], cells, 2), *more]


def markdown_report(report: Mapping[str, Any]) -> str:
    """Return the Markdown of a report document."""
    words = verdict_of(report)
    adapter = report["adapter"]
    lines = [
        f"## DRED conformance: {words.word}",
        "",
        f"{_text(adapter['name'])} {_text(adapter['version'])}. {words.sentence} {words.advice}".rstrip(),
        "",
        _judged_on(report),
        "",
        *_stage_table(report),
        *_unjudged(report),
        *_curves(report),
        *_clause_table(report),
    ]
    bad = [case for case in report["cases"] if Verdict(case["verdict"]) in SHOWN_IN_FULL]
    if bad:
        lines += ["", f"### Failures ({len(bad)})", "", *_failures(report, bad, len("\n".join(lines)))]
    return "\n".join(lines).rstrip() + "\n"
