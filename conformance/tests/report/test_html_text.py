"""The HTML page as text: self-contained, safe whatever an adapter says, complete, small enough to mail."""

import base64
import copy
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from dred_conformance.report.case_entry import SHOWN_IN_FULL
from dred_conformance.report.html import html_report

Report = dict[str, Any]
VOID = {"meta", "link", "input", "br", "option"}  # datalist options have no end tag


class Page(HTMLParser):
    """Collects elements, attributes and script texts, and checks that elements are nested."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[str] = []
        self.open: list[str] = []
        self.shown = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            self.scripts[-1] += data
        else:
            self.shown += data

    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]


@pytest.fixture(scope="module")
def pages(wrong: Report, hostile: Report, right: Report) -> dict[str, str]:
    return {"wrong": html_report(wrong), "hostile": html_report(hostile), "right": html_report(right)}


@pytest.mark.parametrize("name", ["wrong", "hostile", "right"])
def test_nothing_runs_but_the_script_of_the_page(name: str, pages: dict[str, str]) -> None:
    page = Page(pages[name])
    kinds = [attributes.get("type") for tag, attributes in page.elements if tag == "script"]
    assert kinds == ["application/json", "application/json", None]
    policy = next(
        a["content"] for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"
    )
    digest = base64.b64encode(hashlib.sha256(page.scripts[2].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    for _, attributes in page.elements:
        assert not [attribute for attribute in attributes if attribute.startswith("on")]
        assert "src" not in attributes
    json.loads(page.scripts[0])
    json.loads(page.scripts[1])


@pytest.mark.parametrize("name", ["wrong", "hostile", "right"])
def test_nothing_is_fetched(name: str, pages: dict[str, str]) -> None:
    for tag, attributes in Page(pages[name]).elements:
        if tag == "link":
            assert attributes["href"] == "data:,"
        elif "href" in attributes:
            assert tag == "a"
            assert attributes["href"].startswith(
                ("#", "https://www.rfc-editor.org/", "https://www.ietf.org/")
            )
    assert "url(" not in pages[name]
    assert "@import" not in pages[name]


def test_hostile_text_is_shown_as_text(hostile: Report, pages: dict[str, str]) -> None:
    assert {"fail", "error"} <= set(hostile["summary"]["verdicts"])
    text = pages["hostile"]
    assert "<b onmouseover" not in text
    assert "<script>alert" not in text
    assert not re.search("[\x00-\x08\x0b-\x1f\uffff]", text)
    shown = Page(text).shown
    assert "</script><script>alert(1)</script><b onmouseover=alert(2)>\\u001b[31m\\u0000" in shown
    text.encode()


def test_hostile_maps_and_halves_of_surrogates_stay_in_their_place(wrong: Report) -> None:
    report = copy.deepcopy(wrong)
    case = next(case for case in report["cases"] if case.get("map", {}).get("under") is not None)
    evil = "</script><!--<script>\ud800\x00"
    case["comment"] = case["reason"] = case["reproduce"] = case["difference"]["path"] = evil
    case["map"]["fields"][case["map"]["under"]] |= {"name": evil, "value": evil, "note": evil, "clause": evil}
    case["clauses"] = [evil]
    text = html_report(report)
    text.encode()
    page = Page(text)
    assert len(page.scripts) == 3
    assert any(evil[:20] in str(entry) for entry in json.loads(page.scripts[0]))


@pytest.mark.parametrize("name", ["wrong", "right"])
def test_every_link_inside_the_page_leads_somewhere(name: str, pages: dict[str, str]) -> None:
    page = Page(pages[name])
    ids = page.ids()
    assert len(ids) == len(set(ids))
    links = {a["href"][1:] for _, a in page.elements if a.get("href", "").startswith("#")}
    assert {link for link in links if "=" not in link} <= set(ids)
    assert any(link.startswith("clause-") for link in links)


def test_every_case_and_every_clause_is_there(wrong: Report, pages: dict[str, str]) -> None:
    page = Page(pages["wrong"])
    ids = set(page.ids())
    assert {f"case-{case['id']}" for case in wrong["cases"]} <= ids
    assert {f"clause-{clause['id']}" for d in wrong["documents"] for clause in d["clauses"]} <= ids
    failed = [case for case in wrong["cases"] if case["verdict"] in SHOWN_IN_FULL]
    details = [a for tag, a in page.elements if tag == "details" and a.get("class") == "case"]
    assert len(details) == len(failed)
    assert wrong["vectors"]["manifest_sha256"] in page.shown
    for document in wrong["documents"]:
        assert document["seen_of_text"] in page.shown
        for clause in document["clauses"]:
            assert clause["summary"] in page.shown


def test_a_failure_tells_all_about_itself(wrong: Report, pages: dict[str, str]) -> None:
    text = pages["wrong"]
    case = next(case for case in wrong["cases"] if case["op"] == "feature" and case.get("map"))
    start = text.index(f'<details class="case" id="case-{case["id"]}"')
    shown = Page(text[start : text.index("</details>", start) + 10]).shown
    assert case["reproduce"] in shown
    assert case["reason"] in shown
    for clause in case["clauses"]:
        assert clause in shown
    for flag in case["flags"]:
        assert wrong["flags"][flag] in shown
    assert case["difference"]["path"] in shown
    assert case["map"]["fields"][case["map"]["under"]]["name"] in shown
    assert "Distances" in shown


def test_distances_stand_beside_their_limits(wrong: Report, pages: dict[str, str]) -> None:
    case = next(case for case in wrong["cases"] if case.get("figures", {}).get("total", 0) > 0.5)
    start = pages["wrong"].index(f'<details class="case" id="case-{case["id"]}"')
    shown = Page(
        pages["wrong"][start : pages["wrong"].index("</table>", start) + 8] + "</div></details>"
    ).shown
    limits = case["expected"]["tolerance"]
    for name, value in case["figures"].items():
        if value is not None:
            assert f"{name}{value:.4g}{limits[name]:g}" in shown.replace("\n", "")


def test_what_was_not_judged_is_said_with_its_reason(wrong: Report, pages: dict[str, str]) -> None:
    reasons = {case["reason"] for case in wrong["cases"] if case["verdict"] == "unsupported"}
    assert reasons
    shown = Page(pages["wrong"]).shown
    assert "Not judged" in shown
    for reason in reasons:
        assert reason in shown


def test_the_page_is_the_same_each_time(wrong: Report) -> None:
    assert html_report(wrong) == html_report(json.loads(json.dumps(wrong)))


def test_a_clean_run_stays_light(right: Report, pages: dict[str, str]) -> None:
    assert len(right["cases"]) > 2500
    assert len(pages["right"].encode()) < 2_000_000


def test_thousands_of_failures_stay_below_ten_megabytes(wrong: Report) -> None:
    report = copy.deepcopy(wrong)
    failed = [case for case in report["cases"] if case["verdict"] in SHOWN_IN_FULL]
    copies = -(-3000 // len(failed))
    report["cases"] = [
        {**case, "id": f"{case['id']}{number:02x}", "answer": "x" * 20_000}
        for number in range(copies)
        for case in failed
    ]
    text = html_report(report)
    assert len(report["cases"]) >= 3000
    assert len(text.encode()) < 10_000_000
    assert "failures are shown in brief" in text
    with_map = set(re.findall(r'data-stage="(\w+)"[^>]*data-map=', text))
    assert with_map == {"packet", "extension", "payload", "latent", "feature"}


def test_a_report_of_an_older_version_still_makes_a_page(wrong: Report) -> None:
    old = copy.deepcopy(wrong)
    for name in ("bugs", "clauses", "resembles", "flags", "rules", "documents"):
        del old[name]
    for case in old["cases"]:
        case.pop("map", None)
    Page(html_report(old))


def test_known_failures_and_last_words_are_shown(wrong: Report) -> None:
    report = copy.deepcopy(wrong)
    case = next(case for case in report["cases"] if case["verdict"] == "fail")
    case |= {"known": True, "stderr": "last words <here>"}
    names = ("failed", "new", "mended", "unknown", "unjudged")
    report["summary"]["baseline"] = {**{name: [case["id"]] for name in names}, "updated": False}
    shown = Page(html_report(report)).shown
    assert "last words <here>" in shown
    assert "1 failed again, 1 new, 1 mended" in shown


def test_the_seeded_bugs_of_a_failure_are_named(wrong: Report) -> None:
    report = copy.deepcopy(wrong)
    for each in report["cases"]:
        each.pop("kills", None)
    case = next(case for case in report["cases"] if case["verdict"] == "fail")
    case["kills"] = [f"bug-{number}" for number in range(20)]
    report["bugs"] = {"bug-19": "Forgot the <last> byte."}
    report["resembles"] = [{"bug": "bug-19", "cases": 7, "failed": 6, "score": 0.857}]
    shown = Page(html_report(report)).shown
    assert shown.count("Forgot the <last> byte.") == 2
    assert "bug-4" in shown, "the most alike comes first, then those of the case in their order"
    assert "bug-5" not in shown
    assert "and 14 more" in shown
    assert "86 %" in shown
