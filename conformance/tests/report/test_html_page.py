"""The HTML page in a real browser: filters, failures, keyboard, phone, accessibility, and without scripts."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from dred_conformance.report.case_entry import SHOWN_IN_FULL
from dred_conformance.report.html import html_report

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = os.environ.get("DRED_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium; apt-get install chromium")
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PATIENCE_MS = 300_000  # a busy machine is no fault of the page
DESKTOP, PHONE = (1280, 900), (390, 844)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]

Report = dict[str, Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright_api.sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, wrong: Report, hostile: Report) -> Path:
    """A folder with the pages."""
    found = tmp_path_factory.mktemp("pages")
    for name, report in (("wrong", wrong), ("hostile", hostile), ("short", shortened(wrong))):
        (found / f"{name}.html").write_text(html_report(report), encoding="utf-8")
    return found


def shortened(report: Report) -> Report:
    """Return a report with two cases of each stage and verdict and small maps: axe is slow on long pages."""
    seen: Counter[tuple[str, str]] = Counter()
    cases = []
    for case in report["cases"]:
        if len(case.get("map", {}).get("hex", "")) > 80:
            continue
        seen[case["stage"], case["verdict"]] += 1
        if seen[case["stage"], case["verdict"]] <= 2:
            cases.append(case)
    documents = [{**document, "clauses": document["clauses"][:6]} for document in report["documents"]]
    clauses = dict(list(report["clauses"].items())[::6])
    bug = {"bug": "a-seeded-bug", "cases": 4, "failed": 3, "score": 0.8}
    return {**report, "cases": cases, "documents": documents, "clauses": clauses, "resembles": [bug]}


class Opened:
    """A page that is open, with what its console said."""

    def __init__(self, browser: Any, size: tuple[int, int], **more: Any) -> None:
        self.context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **more)
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.complaints.append("dialog"), dialog.dismiss()))

    def shown(self, selector: str) -> int:
        return int(self.page.locator(selector).locator("visible=true").count())


@pytest.fixture
def opened(browser: Any, folder: Path, request: pytest.FixtureRequest) -> Iterator[Opened]:
    """The page of the wrong decoder on a desktop; its console must stay silent."""
    found = Opened(browser, DESKTOP)
    found.page.goto((folder / "wrong.html").as_uri())
    yield found
    assert found.complaints == []
    found.context.close()


def failed_of(report: Report, **wanted: str) -> list[dict[str, Any]]:
    return [
        case
        for case in report["cases"]
        if case["verdict"] in SHOWN_IN_FULL and all(case[name] == value for name, value in wanted.items())
    ]


def test_the_verdict_is_the_first_thing_seen(opened: Opened, wrong: Report) -> None:
    assert opened.page.title().startswith("Does not conform: wrong-decoder")
    box = opened.page.locator("#verdict .word").bounding_box()
    assert box["y"] < 300
    assert opened.shown("details.case") == len(failed_of(wrong))


def test_filters_narrow_failures_and_other_cases(opened: Opened, wrong: Report) -> None:
    page = opened.page
    page.select_option("select[name=stage]", "latent")
    assert opened.shown("details.case") == len(failed_of(wrong, stage="latent"))
    page.select_option("select[name=verdict]", "pass")
    assert opened.shown("details.case") == 0
    passed = [c for c in wrong["cases"] if (c["stage"], c["verdict"]) == ("latent", "pass")]
    assert page.locator("details.group li:not([hidden])").count() == len(passed)
    assert f"0 failures and {len(passed)} other cases" in page.inner_text("#found")
    page.click("form.filters button[type=reset]")
    page.wait_for_function("document.querySelector('#found').textContent.startsWith('No filter')")
    page.fill("input[name=clause]", "EXT-repeat")
    citing = [case for case in failed_of(wrong) if "EXT-repeat" in case["clauses"]]
    assert opened.shown("details.case") == len(citing) > 0
    page.fill("input[name=clause]", "")
    case = failed_of(wrong, stage="payload")[0]
    page.fill("input[name=text]", f"{case['id'].upper()}")
    assert opened.shown("details.case") == 1


def test_the_filters_live_in_the_address(opened: Opened, wrong: Report, folder: Path) -> None:
    page = opened.page
    page.select_option("select[name=stage]", "payload")
    page.fill("input[name=text]", "no such text & more")
    assert page.evaluate("location.hash") == "#stage=payload&text=no+such+text+%26+more"
    page.goto((folder / "wrong.html").as_uri() + "#stage=packet&verdict=fail")
    page.reload()
    assert page.input_value("select[name=stage]") == "packet"
    assert opened.shown("details.case") == len(failed_of(wrong, stage="packet", verdict="fail"))
    page.locator("#stages a[href='#stage=extension&verdict=fail']").click()
    page.wait_for_function("document.querySelector('select[name=stage]').value === 'extension'")
    assert opened.shown("details.case") == len(failed_of(wrong, stage="extension", verdict="fail"))


def test_a_failure_opens_by_keyboard_and_shows_its_bits(opened: Opened, wrong: Report) -> None:
    case = next(case for case in failed_of(wrong, op="payload") if case.get("map", {}).get("under"))
    details = opened.page.locator(f"#case-{case['id']}")
    details.locator("summary").focus()
    opened.page.keyboard.press("Enter")
    details.locator(".bitmap").wait_for()
    found = case["map"]
    assert details.locator(".byte").count() == len(found["hex"]) // 2
    bits = "".join(details.locator(".bits i").all_inner_texts())
    assert bits == bin(int("1" + found["hex"], 16))[3:]
    field = found["fields"][found["under"]]
    marked = [
        int(bit) for bit in details.locator(".bits i.under").evaluate_all("e => e.map(b => b.dataset.bit)")
    ]
    assert marked == list(range(field["start_bit"], field["start_bit"] + max(1, field["bits"])))
    assert field["name"] in details.locator(".readout").inner_text()
    opened.page.keyboard.press("Tab")  # goes on into the details: to the link of the clause under the bits
    assert opened.page.evaluate("document.activeElement.closest('details').id") == f"case-{case['id']}"
    legend = details.locator(".legend button").first
    legend.focus()
    assert details.locator(".bits i.lit").count() > 0
    assert details.locator(".readout").inner_text().startswith(found["fields"][0]["name"])
    details.locator(".bits i").last.hover()
    assert (
        f"bit {8 * found['first_byte'] + 4 * len(found['hex']) - 1}"
        in details.locator(".readout").inner_text()
    )


def test_every_kind_of_map_can_be_drawn(opened: Opened) -> None:
    count = opened.page.evaluate(
        """() => { const all = [...document.querySelectorAll('details[data-map]')];
        for (const each of all) each.open = true; return all.length; }"""
    )
    opened.page.wait_for_function(f"document.querySelectorAll('.bitmap').length === {count}")
    assert count > 50


def test_links_lead_to_failures_and_clauses(opened: Opened, wrong: Report, folder: Path) -> None:
    case = failed_of(wrong, stage="feature")[0]
    page = opened.page
    page.goto((folder / "wrong.html").as_uri() + f"#case-{case['id']}")
    page.reload()
    assert page.locator(f"#case-{case['id']}").get_attribute("open") is not None
    assert page.locator(f"#case-{case['id']}").bounding_box()["y"] < DESKTOP[1]
    clause = case["clauses"][0]
    page.locator(f"#case-{case['id']} .about a[href='#clause-{clause}']").click()
    assert page.evaluate("location.hash") == f"#clause-{clause}"
    page.wait_for_function(
        "id => { const top = document.getElementById(id).getBoundingClientRect().top;"
        " return top >= 0 && top < innerHeight; }",
        arg=f"clause-{clause}",
    )
    passed = next(case for case in wrong["cases"] if case["verdict"] == "pass")
    page.select_option("select[name=verdict]", "fail")
    page.evaluate("hash => { location.hash = hash; }", f"case-{passed['id']}")
    page.locator(f"#case-{passed['id']}").wait_for(state="visible")


def test_the_command_can_be_copied(browser: Any, folder: Path, wrong: Report) -> None:
    found = Opened(browser, DESKTOP, permissions=["clipboard-read", "clipboard-write"])
    case = failed_of(wrong, stage="packet")[0]
    found.page.goto((folder / "wrong.html").as_uri() + f"#case-{case['id']}")
    found.page.locator(f"#case-{case['id']} button.copy").click()
    found.page.locator(f"#case-{case['id']} button.copy:text('Copied')").wait_for()
    assert found.page.evaluate("navigator.clipboard.readText()") == case["reproduce"]
    assert found.complaints == []
    found.context.close()


@pytest.mark.parametrize("name", ["wrong", "hostile"])
def test_a_phone_never_scrolls_sideways(browser: Any, folder: Path, name: str) -> None:
    found = Opened(browser, PHONE)
    found.page.goto((folder / f"{name}.html").as_uri())
    found.page.evaluate(
        "document.querySelectorAll('details').forEach((each, n) => { if (n % 5 === 0) each.open = true; })"
    )
    found.page.wait_for_timeout(200)
    widths = found.page.evaluate(
        "[document.documentElement.scrollWidth, document.body.scrollWidth, innerWidth]"
    )
    assert widths == [PHONE[0]] * 3
    assert found.complaints == []
    found.context.close()


def test_a_hostile_adapter_runs_nothing(browser: Any, folder: Path) -> None:
    found = Opened(browser, DESKTOP)
    found.page.goto((folder / "hostile.html").as_uri())
    found.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    found.page.wait_for_timeout(200)
    assert found.page.locator("b[onmouseover]").count() == 0
    assert "alert(1)" in found.page.inner_text("h1")
    assert found.complaints == []
    found.context.close()


def test_without_scripts_everything_but_the_pictures_is_there(
    browser: Any, folder: Path, wrong: Report
) -> None:
    found = Opened(browser, DESKTOP, java_script_enabled=False)
    page = found.page
    page.goto((folder / "wrong.html").as_uri())
    assert page.inner_text("#verdict .word") == "Does not conform"
    assert page.locator("form.filters").is_hidden()
    assert page.locator("button.copy").locator("visible=true").count() == 0
    assert "Without JavaScript" in page.inner_text("main")
    case = failed_of(wrong, stage="packet")[0]
    page.locator(f"#case-{case['id']} summary").click()
    assert case["reproduce"] in page.inner_text(f"#case-{case['id']} .again")
    found.context.close()


@pytest.mark.parametrize(
    ("scheme", "size"),
    [("light", DESKTOP), ("dark", DESKTOP), ("dark", PHONE)],
    ids=["light", "dark", "dark-phone"],
)
def test_accessibility(browser: Any, folder: Path, scheme: str, size: tuple[int, int]) -> None:
    """No violation that axe-core knows of, with failures of every stage open."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    # axe is a script that is not the page's own, so it needs a way around the policy of the page.
    found = Opened(browser, size, color_scheme=scheme, bypass_csp=True)
    page = found.page
    page.goto((folder / "short.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    page.wait_for_function("document.querySelectorAll('.bitmap').length > 5")
    response = axe.run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response
    assert [
        (each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in response["violations"]
    ] == []
    assert {"color-contrast", "region", "heading-order", "landmark-one-main"} <= {
        each["id"] for each in response["passes"]
    }
    found.context.close()


def test_landmarks_and_headings(opened: Opened) -> None:
    page = opened.page
    for role in ("banner", "main", "contentinfo", "navigation", "search"):
        assert page.get_by_role(role).count() == 1
    assert page.get_by_role("heading", level=1).count() == 1
    levels = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3')].map((each) => Number(each.tagName[1]))"
    )
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
