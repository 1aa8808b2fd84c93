"""The forms in which a report document can be written, by the suffix of the file."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from dred_conformance.report.html import html_report
from dred_conformance.report.junit import junit_report
from dred_conformance.report.markdown import markdown_report

__all__ = ["FORMS", "form_problem", "report_text"]


def _json_report(report: Mapping[str, Any]) -> str:
    """Return JSON with a case to a line: smaller than with every number on its own, and good to search."""
    members = []
    for name, value in report.items():
        text = json.dumps(value)
        if isinstance(value, list) and value:
            items = ",\n  ".join(json.dumps(item) for item in value)
            text = f"[\n  {items}\n ]"
        members.append(f" {json.dumps(name)}: {text}")
    return "{\n" + ",\n".join(members) + "\n}\n"


FORMS: dict[str, tuple[str, Callable[[Mapping[str, Any]], str]]] = {
    ".json": ("JSON", _json_report),
    ".xml": ("JUnit XML", junit_report),
    ".md": ("Markdown", markdown_report),
    ".html": ("HTML", html_report),
}


def form_problem(path: Path) -> str | None:
    """Return why no report can be written to a file, in words; ``None`` if one can."""
    if path.suffix.lower() not in FORMS:
        known = ", ".join(f"{suffix} ({name})" for suffix, (name, _) in FORMS.items())
        return f"{path}: no form of report has the suffix '{path.suffix}'; there are {known}"
    if path.is_dir():
        return f"{path}: is a folder; name a file"
    if not path.absolute().parent.is_dir():
        return f"{path}: the folder is missing; make it first"
    return None


def report_text(report: Mapping[str, Any], path: Path) -> str:
    """Return a report document in the form that the suffix of ``path`` asks for."""
    return FORMS[path.suffix.lower()][1](report)
