"""Lining drafts up with a registry made for the tests, and with their earlier revision."""

import json
import tomllib
from pathlib import Path

import pytest

from dred_conformance.clauses.registry import Registry, load_registry
from dred_conformance.drafts.alignment import Entry, align
from dred_conformance.drafts.check import Check, check
from dred_conformance.drafts.errors import DraftError
from dred_conformance.drafts.json_form import check_document
from dred_conformance.drafts.normal_form import sentence_digest
from dred_conformance.drafts.reading import read_draft
from dred_conformance.drafts.report import check_lines
from dred_conformance.drafts.statements import Statement, statements
from dred_conformance.drafts.stubs import stubs

FILES = Path(__file__).parent / "files"
NAME = "draft-example-opus-lighthouse"

# id: section, requirement word, summary in our words, sentence of revision 00 (empty: not held).
CLAUSES = {
    "EXT-one-byte": (
        "2",
        "MUST",
        "The bearing is written as one byte in steps of 1.5 degrees.",
        "A sender MUST write the bearing as one byte, in steps of 1.5 degrees.",
    ),
    "EXT-below-240": (
        "2",
        "MUST NOT",
        "No bearing is 240 or more.",
        "It MUST NOT write a bearing above 239, i.e. one that is a full turn or more.",
    ),
    "EXT-ignore": (
        "2",
        "MUST",
        "Such a bearing makes a receiver ignore the extension.",
        "A receiver that finds such a bearing MUST ignore the extension, as Section 3 says.",
    ),
    "EXT-gateway": (
        "2",
        "MUST",
        "Gateways choose.",
        "A gateway that mixes talkers MUST do one of these: remove the lighthouse; write the bearing of the "
        "louder talker.",
    ),
    "EXT-coarse": ("2.1", "", "On level coarse, bearings are multiples of 10.", ""),
    "EXT-fast": ("", "SHOULD NOT", "Receivers turn no faster than 30 degrees in 20 ms.", ""),
    "EXT-old": ("A", "MAY", "Old receivers read two bytes.", "An old receiver MAY read two bytes."),
    "EXT-gone": ("7.7", "", "Something that this draft does not speak of at all.", ""),
}


def registry_in(folder: Path, *, without_hashes: bool = False) -> Registry:
    lines = [
        "[document]",
        f'name = "{NAME}"',
        'newest_revision = "00"',
        'url = "none"',
        'seen_of_text = "All of it."',
    ]
    for name, (section, keyword, summary, sentence) in CLAUSES.items():
        fields = {
            "id": name,
            "document": NAME,
            "revision": "00",
            "section": section,
            "keyword": keyword,
            "summary": summary,
            "seen": "text",
            "text_sha256": sentence_digest(sentence) if sentence and not without_hashes else "",
            "stage": "extension",
            "rules": [],
            "notes": "",
        }
        lines += ["", "[[clause]]", *(f"{key} = {json.dumps(value)}" for key, value in fields.items())]
    (folder / "clauses").mkdir()
    (folder / "clauses" / "lighthouse.toml").write_text("\n".join(lines), encoding="utf-8")
    (folder / "rules.toml").write_text("rule = []\n", encoding="utf-8")
    return load_registry(folder)


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return registry_in(tmp_path)


def checked(registry: Registry, revision: str, form: str = "xml", base: str | None = None) -> Check:
    def draft(of: str) -> Path:
        return FILES / f"{NAME}-{of}.{form}"

    return check(
        registry, read_draft(draft(revision)), base=None if base is None else read_draft(draft(base))
    )


def kinds(found: Check) -> dict[str, str]:
    return {pair.entry.id: pair.kind for pair in found.pairs if pair.entry is not None}


def test_the_revision_of_the_hashes_is_unchanged(registry: Registry) -> None:
    found = checked(registry, "00")
    assert set(kinds(found).values()) == {"unchanged"}
    assert found.counts == {"new": 11, "changed": 0, "moved": 0, "missing": 0, "unchanged": 5}


@pytest.mark.parametrize("form", ["xml", "txt"])
def test_new_changed_moved_and_missing_sentences(registry: Registry, form: str) -> None:
    found = checked(registry, "01", form)
    assert kinds(found) == {
        "EXT-one-byte": "changed",
        "EXT-below-240": "unchanged",
        "EXT-ignore": "missing",
        "EXT-gateway": "moved",
        "EXT-old": "missing",
    }
    moved = next(pair for pair in found.pairs if pair.kind == "moved")
    assert moved.statement is not None
    assert moved.statement.section == "4"
    new = [pair.statement.text for pair in found.pairs if pair.kind == "new" and pair.statement]
    assert "The sender SHALL number its lighthouses." in new
    assert len(new) == 12
    assert found.has_differences


def test_an_earlier_revision_lends_its_sentences(registry: Registry) -> None:
    found = checked(registry, "01", base="00")
    changed = next(pair for pair in found.pairs if pair.kind == "changed")
    assert changed.entry is not None
    assert not changed.entry.is_summary
    assert changed.entry.wording.startswith("A sender MUST write")
    # By hand: 15 words and 14 pairs of neighbours; 19 and 18 with the four new words; the same section.
    assert changed.similarity == pytest.approx(2 * 29 / (29 + 37) + 0.1, abs=0.0005)
    by_kind: dict[str, list[str]] = {}
    for pair in found.revision_pairs:
        text = pair.statement or pair.entry
        assert text is not None
        by_kind.setdefault(pair.kind, []).append(text.text if isinstance(text, Statement) else text.wording)
    assert {kind: len(texts) for kind, texts in by_kind.items()} == {
        "unchanged": 12,
        "moved": 1,
        "changed": 1,
        "missing": 2,
        "new": 1,
    }
    assert by_kind["new"] == ["The sender SHALL number its lighthouses."]
    assert by_kind["missing"][1] == "An old receiver MAY read two bytes."


def test_a_draft_against_itself_has_nothing_but_new_statements_to_tell(registry: Registry) -> None:
    found = checked(registry, "00", "txt", base="00")
    assert {pair.kind for pair in found.revision_pairs} == {"unchanged"}


def test_clauses_without_a_hash_get_candidates(registry: Registry) -> None:
    unlinked = {item.clause.id: item for item in checked(registry, "00").unlinked}
    assert sorted(unlinked) == ["EXT-coarse", "EXT-fast", "EXT-gone"]
    assert unlinked["EXT-coarse"].candidates[0].statement.text == "The bearing MUST be a multiple of 10."
    assert "turn faster than 30" in unlinked["EXT-fast"].candidates[0].statement.text
    assert unlinked["EXT-gone"].candidates == ()
    assert [item.section_is_gone for item in unlinked.values()] == [False, False, True]


def test_without_any_hash_nothing_is_called_missing(tmp_path: Path) -> None:
    found = check(registry_in(tmp_path, without_hashes=True), read_draft(FILES / f"{NAME}-01.xml"))
    assert found.counts == {"new": 15, "changed": 0, "moved": 0, "missing": 0, "unchanged": 0}
    assert not found.holds_sentences
    text = "\n".join(check_lines(found))
    assert "no sentence of any text is held here" in text
    assert "seen of the text: All of it." in text


def test_the_report_names_everything(registry: Registry) -> None:
    text = "\n".join(check_lines(checked(registry, "01", base="00")))
    for part in (
        "### new: 12",
        "### changed: 1",
        "### moved: 1 ",
        "### missing: 2",
        "(was in 2)",
        "- 15 statements",
    ):
        assert part in text
    assert "**section 7.7 is not in this draft**" in text
    document = check_document(checked(registry, "01", base="00"))
    assert document["counts"]["missing"] == 2
    assert len(document["pairs"]) == 17
    assert len(document["revisions"]) == 17
    assert json.loads(json.dumps(document)) == document


def test_a_draft_of_another_name_needs_to_be_told(registry: Registry) -> None:
    draft = read_draft(FILES / "old-form.txt")
    with pytest.raises(DraftError, match="--document"):
        check(registry, draft)
    assert check(registry, draft, NAME).counts["missing"] == 5


def statement(section: str, text: str) -> Statement:
    return Statement(section, 1, ("MUST",), text, sentence_digest(text))


def entry(name: str, section: str, text: str, *, is_summary: bool = False) -> Entry:
    return Entry(name, section, "MUST", sentence_digest(text), text, is_summary)


def test_a_sentence_that_stands_twice() -> None:
    twice = [statement("1", "It MUST be so."), statement("2", "It MUST be so.")]
    entries = [entry("one", "2", "It MUST be so."), entry("two", "3", "It MUST be so.")]
    assert [(pair.kind, pair.statement and pair.statement.section) for pair in align(entries, twice)] == [
        ("unchanged", "2"),
        ("moved", "1"),
    ]
    assert [pair.kind for pair in align(entries, twice[:1])] == ["moved", "missing"]
    assert [pair.kind for pair in align(entries[:1], twice)] == ["unchanged", "new"]


def test_two_clauses_may_stand_for_one_sentence() -> None:
    entries = [entry(name, "1", "It MUST be so.", is_summary=True) for name in ("one", "two")]
    assert [pair.kind for pair in align(entries, [statement("1", "It MUST be so.")])] == ["unchanged"] * 2


def test_the_most_alike_sentence_is_the_changed_one() -> None:
    old = entry("one", "1", "A receiver MUST drop the packet at once.")
    near = statement("1", "A receiver MUST drop the packet later.")
    far = statement("1", "A sender MUST paint it green.")
    pairs = align([old], [far, near])
    assert [(pair.kind, pair.statement) for pair in pairs] == [("changed", near), ("new", far)]
    assert [pair.kind for pair in align([old], [far])] == ["missing", "new"]


@pytest.mark.parametrize("form", ["xml", "txt"])
def test_stubs_are_toml_that_must_be_filled_in(tmp_path: Path, form: str) -> None:
    draft = read_draft(FILES / f"{NAME}-00.{form}")
    found = statements(draft)
    tables = tomllib.loads(stubs(draft, found, NAME))["clause"]
    assert [(table["section"], table["keyword"], table["text_sha256"]) for table in tables] == [
        (item.section, item.keywords[0], item.sha256) for item in found
    ]
    assert {(table["id"], table["summary"], table["revision"]) for table in tables} == {("", "", "00")}
    assert tables[4]["notes"] == "Words: SHOULD, MAY."
