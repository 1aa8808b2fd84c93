"""The page: well-formed, self-contained, escaped, and without complaint of a browser."""

import os
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from .test_simulate_command import LIGHT, simulate

CHROMIUM = os.environ.get("DRED_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
VOID = {"meta", "img", "br", "link", "input"}


@pytest.fixture(scope="module")
def folder(clip_files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with a clip whose name is made to break pages."""
    clips = tmp_path_factory.mktemp("hostile")
    (clips / '<b>&"x" #1?.wav').write_bytes(clip_files[0].read_bytes())
    (clips / "low.wav").write_bytes(clip_files[1].read_bytes())
    found = tmp_path_factory.mktemp("runs") / "page"
    code, said = simulate(clips, "-o", found, *LIGHT, "--gilbert", "40:5")
    assert code == 0, said
    return found


class Outline(HTMLParser):
    """Checks nesting and collects what matters."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, self.getpos()

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture(scope="module")
def outline(folder: Path) -> Outline:
    return Outline((folder / "index.html").read_text(encoding="utf-8"))


def test_tags_are_nested_and_ids_are_unique(outline: Outline) -> None:
    assert outline.open == []
    ids = [attributes["id"] for _, attributes in outline.found if "id" in attributes]
    assert len(set(ids)) == len(ids)
    targets = {str(link["href"]) for link in outline.all("a")}
    assert {target.lstrip("#") for target in targets} <= set(ids)


def test_names_are_text(folder: Path) -> None:
    """The name of the clip is nowhere markup."""
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;&amp;&#34;x&#34; #1?" in page
    assert "<b>&" not in page


def test_nothing_comes_from_elsewhere(outline: Outline) -> None:
    sources = [str(each["src"]) for tag in ("img", "audio") for each in outline.all(tag)]
    assert all(source.startswith(("data:image/png", "data:audio/", "audio/")) for source in sources)
    assert outline.all("script") == outline.all("link") == []


def test_everything_has_its_words(outline: Outline) -> None:
    assert all(image.get("alt") for image in outline.all("img"))
    assert all(player.get("aria-label") for player in outline.all("audio"))
    assert all(cell.get("scope") in {"col", "row"} for cell in outline.all("th"))
    assert outline.all("html")[0]["lang"] == "en"


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium; apt-get install chromium")
def test_a_browser_plays_it_and_has_no_complaint(folder: Path) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(bypass_csp=True).new_page()
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.goto((folder / "index.html").as_uri())
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert page.evaluate("[...document.images].every((each) => each.naturalWidth > 0)")
        playable = page.evaluate(
            """async () => Promise.all([...document.querySelectorAll('audio')].map(
              (each) => new Promise((done) => {
                each.onloadedmetadata = () => done(each.duration > 0.9);
                each.onerror = () => done(false);
                each.preload = 'metadata';
                each.load();
            })))"""
        )
        assert len(playable) > 12
        assert all(playable)
        response = axe.run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response
        assert [(each["id"], each["nodes"][0]["html"][:200]) for each in response["violations"]] == []
        assert told == []
        browser.close()
