"""The report as one self-contained HTML page."""

import base64
import hashlib
import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

from dred_conformance.report.curves import CURVE_HEADER, curve_rows, remarks_of
from dred_conformance.report.document import group_of
from dred_conformance.report.html_cases import CaseIndex, compact_map, detail_view, groups_of, in_turns
from dred_conformance.report.html_clauses import clause_rows, clauses_by_id, document_views
from dred_conformance.report.values import json_text, printable
from dred_conformance.report.wording import unjudged_reasons, verdict_of
from dred_conformance.runner.verdict import Verdict

__all__ = ["html_report"]

_PACKAGE = "dred_conformance.report"
_DETAIL_BUDGET = 6_500_000  # characters of details and bit maps; what comes later is shown in brief
_LONGEST_REPEATED_COMMAND = 400
_SHOWN_REASONS = 20
_SHOWN_BUGS = 6  # of a failed case, those most like all failures first


def _cut(text: object, length: int) -> str:
    shown = str(text)
    return shown if len(shown) <= length else f"{shown[:length]}... ({len(shown)} characters)"


def _figure(value: float) -> str:
    return f"{value:.4g}"


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(_PACKAGE, "page"),
        autoescape=True,
        undefined=jinja2.ChainableUndefined,
        trim_blocks=False,
    )
    environment.filters.update(
        bare=lambda text: text.rstrip("."),
        cut=_cut,
        figure=_figure,
        number=lambda count: f"{count:,}",
        as_text=json_text,
    )
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":")}
    return environment


def _resource(name: str) -> str:
    return (resources.files(_PACKAGE) / "page" / name).read_text(encoding="utf-8")


def _clean(value: Any) -> Any:
    """Return the document with every string made printable: no control character reaches the page."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {printable(name): _clean(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return value


def _failures(
    environment: jinja2.Environment, shared: Mapping[str, Any], index: CaseIndex
) -> tuple[list[Markup], list[Any], int]:
    """Return the rendered failures in their order, their compact bit maps, and how many are in brief."""
    template = environment.get_template("failure.html.j2")
    cases = index.failures
    likeness = {found["bug"]: found["score"] for found in shared["report"].get("resembles", ())}
    rendered: dict[int, Markup] = {}
    maps: list[Any] = []
    spent, brief_count = 0, 0
    for number in in_turns(cases):
        case = cases[number]
        view = detail_view(case, shared["clauses"])
        view["bugs"] = sorted(case.get("kills", ()), key=lambda bug: likeness.get(bug, 0), reverse=True)[
            :_SHOWN_BUGS
        ]
        view["map_left_out"] = "map" not in case and group_of(case["id"]) in index.groups_with_maps
        packed = compact_map(case)
        if spent < _DETAIL_BUDGET:
            map_number = None if packed is None else len(maps)
            text = template.render(**shared, **view, case=case, map_number=map_number, brief=False)
            spent += len(text) + (0 if packed is None else len(json.dumps(packed)))
            maps += [] if packed is None else [packed]
        else:
            brief_count += 1
            if len(case.get("reproduce", "")) > _LONGEST_REPEATED_COMMAND:
                case = {**case, "reproduce": f"the same command with --id {case['id']}"}
            text = template.render(**shared, **view, case=case, map_number=None, brief=True)
        rendered[number] = Markup(text)  # noqa: S704 - made by the template above, which escapes
    return [rendered[number] for number in range(len(cases))], maps, brief_count


def html_report(report: Mapping[str, Any]) -> str:
    """Return the page of a report document.

    Parameters
    ----------
    report
        A document of :func:`dred_conformance.report.document.report_document`. It may hold anything that an
        adapter said; every text is escaped, and the page allows no script but its own.
    """
    clean: dict[str, Any] = _clean(report)
    environment = _environment()
    script = _resource("script.js")
    digest = hashlib.sha256(script.encode()).digest()
    index = CaseIndex(clean)
    present = [v.value for v in Verdict if v.value in clean["summary"]["verdicts"]]
    shared = {"report": clean, "clauses": clauses_by_id(clean), "verdicts": present}
    failures, maps, brief_count = _failures(environment, shared, index)
    groups = groups_of(index.others)
    return environment.get_template(
        "page.html.j2"
    ).render(
        **shared,
        style=Markup(_resource("style.css")),  # noqa: S704 - ours
        script=Markup(script),  # noqa: S704 - ours
        script_hash=f"sha256-{base64.b64encode(digest).decode()}",
        verdict=verdict_of(clean),
        curves=list(curve_rows(clean)),
        curve_header=CURVE_HEADER,
        remarks=remarks_of(clean),
        unjudged=unjudged_reasons(clean)[:_SHOWN_REASONS],
        failures=failures,
        brief_count=brief_count,
        groups=groups,
        others_count=len(index.others),
        clause_rows=clause_rows(clean),
        clause_ids=index.clause_ids,
        documents=document_views(clean),
        maps=maps,
    )
